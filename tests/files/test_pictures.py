"""Pictures are opened, never trusted by their name; nothing but pixels comes out."""

import io
import sys

import pytest
from PIL import Image

from academy.files import words
from academy.files.kinds import KINDS, WrongFile, check, picture_suffix
from academy.files.pictures import WIDTHS, Picture, picture_of
from tests.files import made


def opened(data: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(data))
    found.load()
    return found


def picture(suffix: str, data: bytes) -> Picture:
    found = picture_of(KINDS[suffix], data)
    assert found is not None
    return found


def code_of(suffix: str, data: bytes) -> str:
    with pytest.raises(WrongFile) as error:
        picture_of(KINDS[suffix], data)
    return error.value.code


def test_a_photo_of_twelve_megapixels_is_made_in_three_widths():
    found = picture("jpg", made.photo(4000, 3000))
    assert (found.width, found.height) == (4000, 3000)
    sizes = [(it.width, it.height, it.type) for it in found.made]
    assert sizes == [(width, width * 3 // 4, kind) for width in WIDTHS for kind in ("webp", "avif")]
    for it in found.made:
        seen = opened(it.data)
        assert (seen.size, seen.format) == ((it.width, it.height), it.type.upper())


@pytest.mark.parametrize(
    ("width", "widths"), [(1, {1}), (300, {300}), (480, {480}), (700, {480, 700}), (1600, {*WIDTHS})]
)
def test_no_picture_is_made_wider_than_it_is(width: int, widths: set[int]):
    assert {it.width for it in picture("png", made.photo(width, 40, form="PNG")).made} == widths


def test_what_a_camera_says_is_gone():
    given = made.tagged_photo()
    assert opened(given).getexif().get_ifd(0x8825)
    found = picture("jpg", given)
    for data in (found.clean, *(it.data for it in found.made)):
        assert not dict(opened(data).getexif())
        assert b"CANARI" not in data
        assert b"Exif" not in data


def test_a_picture_held_upright_is_upright():
    """Orientation 6: the camera was turned; the left half of what it wrote is the top of what is seen."""
    found = picture("jpg", made.tagged_photo(orientation=6, width=640, height=400))
    assert (found.width, found.height) == (400, 640)
    for data in (found.clean, found.made[0].data):
        seen = opened(data).convert("L")
        top, bottom = seen.getpixel((seen.width // 2, 10)), seen.getpixel((seen.width // 2, seen.height - 10))
        assert top < 30 < 220 < bottom


@pytest.mark.parametrize(
    ("suffix", "form", "mode"),
    [
        ("jpg", "JPEG", "CMYK"),
        ("jpg", "JPEG", "L"),
        ("png", "PNG", "1"),
        ("png", "PNG", "P"),
        ("png", "PNG", "LA"),
        ("png", "PNG", "RGBA"),
        ("webp", "WEBP", "RGB"),
        ("webp", "WEBP", "RGBA"),
    ],
)
def test_every_mode_can_be_shown(suffix: str, form: str, mode: str):
    blank = Image.new(mode, (500, 300))
    held = io.BytesIO()
    blank.save(held, form)
    found = picture(suffix, held.getvalue())
    assert opened(found.clean).format == form
    assert opened(found.made[0].data).mode in ("RGB", "RGBA")


def test_what_is_transparent_stays_so():
    held = io.BytesIO()
    Image.new("RGBA", (500, 300), (0, 0, 0, 0)).save(held, "PNG")
    assert all(opened(it.data).convert("RGBA").getpixel((5, 5))[3] == 0 for it in picture("png", held.getvalue()).made)


def test_sixteen_bits_of_grey_are_not_cut_off():
    held = io.BytesIO()
    Image.new("I;16", (500, 300), 32768).save(held, "PNG")
    grey = opened(picture("png", held.getvalue()).made[0].data).convert("L").getpixel((9, 9))
    assert 120 < grey < 136


def test_what_follows_the_picture_is_gone():
    polyglot = made.photo() + b"<script>alert(1)</script>PK\x03\x04"
    found = picture("jpg", polyglot)
    assert b"script" not in found.clean
    assert not any(b"script" in it.data for it in found.made)


@pytest.mark.parametrize(
    ("suffix", "data", "code"),
    [
        ("png", made.picture_bomb(), "picture_too_big"),
        ("png", made.photo(16_001, 1, form="PNG"), "picture_too_big"),
        ("jpg", made.photo(1200, 900)[:2000], "picture_broken"),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(200), "picture_broken"),
        ("webp", b"RIFF\0\0\0\0WEBPVP8 " + bytes(200), "picture_broken"),
        ("jpg", b"\xff\xd8\xff\xe0<html><script>", "picture_broken"),
        ("png", made.animation(), "picture_animated"),
        ("webp", made.animation("WEBP"), "picture_animated"),
    ],
)
def test_what_is_refused(suffix: str, data: bytes, code: str):
    assert code_of(suffix, data) == code


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.png", b"<html><script>alert(1)</script>", "file_content"),
        ("a.png", b"GIF89a/*" + bytes(90) + b"*/=1;alert(1)", "file_content"),
        ("a.gif", b"GIF89a/*" + bytes(90) + b"*/=1;alert(1)", "file_kind"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "file_svg"),
        ("a.html", b"<p>", "file_kind"),
        ("a.png", made.photo(), "file_content"),  # a JPEG: the studio renames it, a folder is told
    ],
)
def test_what_is_no_picture_at_all(name: str, data: bytes, code: str):
    with pytest.raises(WrongFile) as error:
        check(name, data)
    assert error.value.code == code


def test_a_picture_is_known_by_what_it_is():
    assert picture_suffix(made.photo(form="PNG")) == "png"
    assert picture_suffix(made.photo()) == "jpg"
    assert picture_suffix(made.photo(form="WEBP")) == "webp"
    assert picture_suffix(b"<svg/>") == ""


def test_other_files_have_no_picture():
    assert picture_of(KINDS["pdf"], b"%PDF-1.7") is None


def test_a_picture_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text("while True: pass")
    monkeypatch.setattr(words, "WALL_SECONDS", 0.2)
    monkeypatch.setattr(words, "COMMAND", [sys.executable, str(script)])
    assert code_of("jpg", made.photo()) == "picture_too_slow"
