"""Offline packs: the same entries give the same bytes, and the HTML inside leads somewhere without a network."""

import hashlib
import io
import zipfile
from datetime import date

import pytest

from academy.formats import pack
from academy.formats.pack import Entry, UnmadeError
from academy.formats.pack.html import packed
from academy.rendering.markdown import render

DAY = date(2026, 11, 16)
INSIDE = {"/d/autre": "module-autre.html", "fichiers/quai.png": "fichiers/quai.png"}


def place(address: str) -> str:
    path, mark, fragment = address.partition("#")
    if not path:
        return address
    return f"{INSIDE[path]}{mark}{fragment}" if path in INSIDE else f"https://site.example/{path.lstrip('/')}"


def entry(name: str, *parts: bytes) -> Entry:
    return Entry(name=name, digest=hashlib.sha256(b"".join(parts)).hexdigest(), parts=lambda: parts)


def zipped(*entries: Entry) -> bytes:
    target = io.BytesIO()
    pack.write(target, entries, folder="port.fr", day=DAY)
    return target.getvalue()


def test_the_same_entries_give_the_same_bytes_in_any_order():
    one, other = entry("b.html", b"Deux ", b"parts"), entry("a.pdf", b"%PDF-")
    made = zipped(one, other)
    assert made == zipped(other, one)
    with zipfile.ZipFile(io.BytesIO(made)) as read:
        assert read.testzip() is None
        assert [(it.filename, it.date_time) for it in read.infolist()] == [
            ("port.fr/a.pdf", (2026, 11, 16, 0, 0, 0)),
            ("port.fr/b.html", (2026, 11, 16, 0, 0, 0)),
        ]
        assert read.read("port.fr/b.html") == b"Deux parts"


def test_a_store_that_is_too_slow_gives_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pack, "MOST_SECONDS", -1.0)
    with pytest.raises(UnmadeError):
        zipped(entry("a.html", b"a"))


def test_each_paragraph_has_an_anchor_below_its_heading():
    html = render(
        "Avant.\n\n## Le quai\n\nUn bollard[^1].\n\n- a\n- b\n\n[^1]: La source.\n\n| x | y |\n|---|---|\n| 1 | 2 |\n"
    ).html
    written, sections = packed(html, place=place, picture="Image :")
    assert [(section.heading, [words for _, words in section.paragraphs]) for section in sections] == [
        ("", ["Avant."]),
        ("Le quai", ["Un bollard.", "a", "b", "x y", "1 2", "La source."]),
    ]
    anchors = [anchor for section in sections for anchor, _ in section.paragraphs]
    assert len(set(anchors)) == len(anchors)
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in written] == []


def test_links_and_pictures_lead_into_the_pack_or_to_the_site():
    html = (
        '<p><a href="/d/autre#s-a">un</a> <a href="#s-b">deux</a> <a href="/ailleurs">trois</a></p>'
        '<p><img src="fichiers/quai.png" alt="Le quai"></p><p><img src="/loin.png" alt="Un &lt;môle&gt;"></p>'
        '<p><a href="/ailleurs"><img src="/loin.png" alt="Loin"></a></p>'
    )
    written, sections = packed(html, place=place, picture="Image :")
    assert 'href="module-autre.html#s-a"' in written
    assert 'href="#s-b"' in written
    assert 'href="https://site.example/ailleurs"' in written
    assert '<img src="fichiers/quai.png" alt="Le quai">' in written
    assert '<a href="https://site.example/loin.png">Image : Un &lt;môle&gt;</a>' in written
    assert '<a href="https://site.example/ailleurs">Image : Loin</a>' in written
    assert sections[0].paragraphs[-1][1] == "Image : Loin"


@pytest.mark.parametrize(
    "html",
    [
        '<p>&lt;script&gt;alert("x")&lt;/script&gt; &amp; &#60;b&#62;</p>',
        '<p title="&quot;&gt;&lt;script&gt;">a</p>',
        '<pre tabindex="0"><code>if a &lt; b &amp;&amp; c:\n    d</code></pre>',
        '<ol start="3"><li>a<br>b</li></ol><hr><ul class="task-list"><li class="task-list-item"><input type="checkbox" disabled="" checked=""> x</li></ul>',
    ],
)
def test_what_is_no_link_is_written_as_it_was(html: str):
    written, _ = packed(html, place=place, picture="Image :")
    assert "<script" not in written
    bare = written
    for number in range(1, 9):
        bare = bare.replace(f' id="p-{number}"', "")
    assert bare.replace("&quot;", '"').replace("&gt;", ">") == html.replace("&quot;", '"').replace("&gt;", ">")


def test_an_address_that_is_none_leads_nowhere():
    written, _ = packed(
        '<p><a href="https://[">a</a> <img src="https://[" alt="b"></p>', place=lambda _: "", picture="Image :"
    )
    assert written == '<p id="p-1"><a>a</a> Image : b</p>'
