"""Open a picture and make what is shown of it, inside the child process: nothing that a file says is taken over."""

import io
import json
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS = (480, 960, 1600)  # pixels; never wider than the picture itself
MAX_PIXELS = 40_000_000  # of a picture
MAX_SIDE = 16_000  # pixels: WebP knows no longer one
MAX_ANSWER = 120 * 1024 * 1024  # bytes
HEAD = b"\n"  # ends the JSON that comes before the bytes
FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
_WHOLE: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 90, "progressive": True},
    "WEBP": {"quality": 90, "method": 4},
}
_MADE: dict[str, dict[str, Any]] = {"webp": {"quality": 80, "method": 4}, "avif": {"quality": 60, "speed": 8}}


class _Refused(Exception):
    """A picture that is not taken; the argument is the code of `kinds.WrongFile`."""


def answer(suffix: str, data: bytes) -> bytes:
    """JSON on one line (width, height, made, sizes; or refused), then the bytes: the whole, then each width."""
    try:
        picture = _opened(FORMATS[suffix], data)
    except _Refused as refused:
        return json.dumps({"refused": str(refused)}).encode() + HEAD
    blobs = [_saved(picture, FORMATS[suffix], _WHOLE[FORMATS[suffix]])]
    made = []
    for width in _widths(picture.width):
        height = max(round(picture.height * width / picture.width), 1)
        small = picture if width == picture.width else picture.resize((width, height), reducing_gap=3.0)
        for kind in _types():
            blobs.append(_saved(small, kind.upper(), _MADE[kind]))
            made.append([width, height, kind])
    told = {"width": picture.width, "height": picture.height, "made": made, "sizes": [len(blob) for blob in blobs]}
    return json.dumps(told).encode() + HEAD + b"".join(blobs)


def _widths(width: int) -> list[int]:
    smaller = [it for it in WIDTHS if it < width]
    return smaller if len(smaller) == len(WIDTHS) else [*smaller, width]


def _types() -> list[str]:
    from PIL import features

    return ["webp", "avif"] if features.check("avif") else ["webp"]


def _opened(form: str, data: bytes) -> "Image":
    """The first picture of a file, upright, in sRGB; its remarks, places and profiles are gone."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        found = Image.open(io.BytesIO(data), formats=(form,))
        if found.width * found.height > MAX_PIXELS or max(found.size) > MAX_SIDE:
            raise _Refused("picture_too_big")
        if form != "JPEG" and getattr(found, "is_animated", False):
            raise _Refused("picture_animated")
        found.load()
        upright = ImageOps.exif_transpose(found)
        return _plain(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _Refused("picture_too_big") from None
    except (_Refused, MemoryError):
        raise
    except Exception:  # libraries fail on bad files in every possible way
        raise _Refused("picture_broken") from None


def _plain(picture: "Image") -> "Image":
    """Eight bits a channel, RGB or RGBA, in sRGB, and nothing beside the pixels."""
    mode = "RGBA" if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info else "RGB"
    if picture.mode.startswith(("I", "F")):  # sixteen bits of grey, which `convert` would cut off
        low, high = picture.getextrema()
        scale = 256 if picture.mode.startswith("I") and float(high) > 255 else 1
        picture = picture.point(lambda value: value / scale).convert("L") if scale > 1 else picture.convert("L")
    plain = _in_srgb(picture, mode)
    plain.info = {}
    return plain


def _in_srgb(picture: "Image", mode: str) -> "Image":
    """Follow the colour profile of a picture, if it has one that can be followed."""
    profile = picture.info.get("icc_profile")
    if profile and mode == "RGB" and picture.mode in ("RGB", "CMYK", "L"):
        from PIL import ImageCms

        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            turned = None
        if turned is not None:
            return turned
    return picture.convert(mode) if picture.mode != mode else picture.copy()


def _saved(picture: "Image", form: str, options: dict[str, Any]) -> bytes:
    held = io.BytesIO()
    picture.save(held, form, **options)
    return held.getvalue()
