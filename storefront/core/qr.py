"""QR codes for posters and price tags. The only file that knows segno."""

from io import BytesIO

import segno

INK = "#201a14"
QUIET = 4
"""The white frame that a reader needs, in modules (ISO/IEC 18004)."""


def svg(text: str, *, title: str = "") -> bytes:
    """Draw a QR code that scales to any poster: dark ink on a white ground, without inline styles.

    Error correction M survives a crease or a smudge. `title` is read aloud by screen readers.
    """
    out = BytesIO()
    _code(text).save(
        out,
        kind="svg",
        border=QUIET,
        scale=10,
        dark=INK,
        light="#ffffff",
        xmldecl=False,
        omitsize=True,
        title=title or None,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()


def png(text: str, *, scale: int = 24) -> bytes:
    """The same as a black-and-white picture, `scale` pixels a module: sharp on an A4 page."""
    out = BytesIO()
    _code(text).save(out, kind="png", border=QUIET, scale=scale)
    return out.getvalue()


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
