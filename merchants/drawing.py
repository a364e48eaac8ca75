"""QR codes as pictures: whatever they say, black on white, with the quiet zone that scanners need."""

import io
from collections.abc import Iterator
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

import qrcode
from qrcode.image.pil import PilImage

# ISO/IEC 18004 §5.3.8: scanners need four empty modules around the code.
QUIET_ZONE: Final = 4
SVG_TITLE: Final = "คิวอาร์โค้ดสำหรับจ่ายเงิน (payment QR code)"


def png(*, payload: str, scale: int) -> bytes:
    """Return the payload as a black and white PNG, `scale` pixels to a module, with its quiet zone."""
    image = _code(payload, scale=scale).make_image()
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def svg(*, payload: str, title: str = SVG_TITLE) -> str:
    """Return the payload as an SVG element to put into a page; a screen reader says `title`.

    It has no size of its own: one module is one unit of the view box, and the page decides.
    """
    matrix = _code(payload, scale=1).get_matrix()
    size = len(matrix)
    path = "".join(_bars(matrix))
    # The white ground is part of the code: on a dark page the modules alone could not be scanned.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f"<title>{escape(title)}</title>"
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{path}"/></svg>'
    )


def _bars(matrix: list[list[bool]]) -> Iterator[str]:
    # One bar for each row of dark neighbours: far shorter than one square for each module.
    for y, row in enumerate(matrix):
        x = 0
        for dark, neighbours in groupby(row):
            width = len(list(neighbours))
            if dark:
                yield f"M{x} {y}h{width}v1h-{width}z"
            x += width


def _code(payload: str, *, scale: int) -> qrcode.QRCode[PilImage]:
    # M mends 15 % of the code: a scratched screen, a fold in the paper, without making the modules much smaller.
    code = qrcode.QRCode(
        error_correction=qrcode.ERROR_CORRECT_M, box_size=scale, border=QUIET_ZONE, image_factory=PilImage
    )
    code.add_data(payload)
    return code
