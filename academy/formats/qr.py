"""QR codes (ISO/IEC 18004) as drawings inside a page or on paper."""

import io


def svg(text: str) -> str:
    """Dark on white in every theme, with its quiet zone; level M survives a screen's reflections."""
    import segno  # 5 MB of tables: only for the pages that show one

    return segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )


def file(text: str) -> str:
    """The same as a whole SVG document, for paper."""
    import segno

    written = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        written, kind="svg", border=0, dark="#10213f", xmldecl=False, svgclass=None, lineclass=None, nl=False
    )
    return written.getvalue().decode()
