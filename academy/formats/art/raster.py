"""Turn a drawing into a PNG, with a font of ours: the same picture on every machine."""

import struct
import threading

import font_manrope
import resvg_py

FAMILY = "Manrope"  # SIL Open Font License 1.1
_FONTS = [font_manrope.font_files[name] for name in ("ManropeExtraBold", "ManropeSemiBold")]
_ONE_AT_A_TIME = threading.Lock()  # a burst of requests never takes more than one core
_ICO_SIDES = (16, 32, 48)


def png(svg: str, *, width: int) -> bytes:
    """Render a drawing *width* pixels wide; its height follows."""
    with _ONE_AT_A_TIME:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg, width=width, skip_system_fonts=True, font_files=_FONTS, font_family=FAMILY
            )
        )


def ico(svg: str) -> bytes:
    """Put a square drawing at the usual sizes in one icon file, for browsers that ask for /favicon.ico."""
    pictures = [png(svg, width=side) for side in _ICO_SIDES]
    head, at = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for side, picture in zip(_ICO_SIDES, pictures, strict=True):
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(pictures)
