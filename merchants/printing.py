"""Posters and stickers as paper: drawn by typst from the sheets beside this file, with a Thai font of ours."""

from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import fontpkg_sarabun
import typst

from merchants import drawing, qr
from merchants.models import Poster

Sheet: TypeAlias = Literal["poster", "stickers"]
Format: TypeAlias = Literal["pdf", "svg", "png"]

MEDIA_TYPES: Final[dict[Format, str]] = {"pdf": "application/pdf", "svg": "image/svg+xml", "png": "image/png"}

SHEETS: Final = Path(__file__).parent / "sheets"
# A page of A4 becomes 1,240 by 1,754 pixels: sharp on a screen, and good enough for an office's printer.
PIXELS_PER_INCH: Final = 150.0


def draw(*, poster: Poster, payload: str, sheet: Sheet, as_: Format) -> bytes:
    """Return a page of A4 with a poster's code, or with many of it, as PDF, SVG or PNG. It takes some 20 ms."""
    drawn: bytes = typst.compile(  # type: ignore[call-overload]  # its stubs do not know that files may be given by name
        {"main.typ": (SHEETS / f"{sheet}.typ").read_bytes(), "code.svg": drawing.svg(payload=payload).encode()},
        format=as_,
        ppi=PIXELS_PER_INCH,
        font_paths=_fonts(),
        sys_inputs={
            "shop": poster.merchant.name,
            "branch": poster.branch.name if poster.branch else "",
            "wallet": _grouped(qr.wallet_id_for(poster.merchant.wallet_number)),
            "version": str(poster.version),
        },
    )
    return drawn


def _grouped(wallet_id: str) -> str:
    """Return a wallet's id as people write it: 006-99000000-0042."""
    return f"{wallet_id[:3]}-{wallet_id[3:11]}-{wallet_id[11:]}"


@cache
def _fonts() -> typst.Fonts:
    # Ours alone, so that a poster looks the same whatever fonts a machine has.
    files = str(fontpkg_sarabun.ROOT / "files")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[files])
