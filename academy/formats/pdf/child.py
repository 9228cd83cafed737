"""Set one text in a process of its own: the other end of `pdf.write`, run as a script that imports nothing of the academy."""

import base64
import io
import json
import os
import resource
import sys
import tempfile
import warnings
from contextlib import suppress
from types import ModuleType
from typing import Any

MAX_PIXELS = 40_000_000  # of a picture
CPU_SECONDS = 20  # for one text, of all threads; a usual one takes a tenth of a second
MEMORY_BYTES = 2 * 1024 * 1024 * 1024  # of address space, most of which is never touched


def main() -> None:
    """Read what to set from the standard input, write the PDF to the standard output."""
    os.environ["RAYON_NUM_THREADS"] = "1"
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.load(sys.stdin.buffer)
    import typst  # only now: its own start counts too

    with tempfile.TemporaryDirectory(prefix="academy-") as folder:
        shown = [name for name, data in asked["pictures"].items() if _lay(folder, name, base64.b64decode(data))]
        try:
            pdf = _set(typst, asked, folder, shown, standards=["ua-1"])
        except typst.TypstError:  # a sign that no font of ours has: the PDF is tagged all the same
            pdf = _set(typst, asked, folder, shown, standards=[])
    sys.stdout.buffer.write(pdf)


def _lay(folder: str, name: str, data: bytes) -> bool:
    """Put a picture where the template finds it, as JPEG, or PNG when one sees through it; whether it could be opened."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    kept = io.BytesIO()
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        if is_clear:
            picture.convert("RGBA").save(kept, "PNG")
        else:
            picture.convert("RGB").save(kept, "JPEG", quality=85)
    except Exception:  # libraries fail on bad files in every possible way
        return False
    with open(os.path.join(folder, name), "wb") as file:
        file.write(kept.getvalue())
    return True


def _set(typst: ModuleType, asked: dict[str, Any], folder: str, shown: list[str], *, standards: list[str]) -> bytes:
    return typst.compile(
        asked["template"].encode(),
        root=folder,
        font_paths=asked["fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": asked["data"], "pictures": json.dumps(shown)},
        timestamp=asked["timestamp"],
        pdf_standards=standards,
    )


if __name__ == "__main__":
    main()
