"""Malee's poster and stickers on paper and on screens: a camera reads them at any size, and turned."""

import io
import re

import pypdfium2
import pytest
import resvg_py
import zxingcpp
from PIL import Image

from merchants import charges, drawing, posters, printing
from merchants.models import Branch, Poster
from tests.cast import Stage, Stall, ask
from tests.shopkeepers import keeper
from wallet.ids import uuid7

pytestmark = pytest.mark.django_db

NAME = "ก๋วยเตี๋ยวเรือสูตรป้ามาลี ตลาดน้ำอัมพวา (เจ้าเก่า)"
# A sheet as a thumbnail, on a phone and on a large screen, in pixels of its width.
SHEET_WIDTHS = (500, 800, 1600)
# Pixels to a module, as cheap phones, tills and tablets show a code.
SCALES = (2, 5, 11)
TURNS = (0, 12, 45, 90, 180, 283)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def poster(malee: Stall) -> Poster:
    malee.merchant.name = NAME
    return Poster(id=uuid7(), merchant=malee.merchant, branch=Branch(name="สาขาตลาดน้ำ #2 *ใหม่*"), version=3)


def seen(image: Image.Image, *, width: int, turned: int) -> list[str]:
    """Return what a camera reads that holds a picture at a width, turned by so many degrees."""
    grey = image.convert("L").resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
    held = grey.rotate(turned, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    return [code.text for code in zxingcpp.read_barcodes(held) if code.format == zxingcpp.BarcodeFormat.QRCode]


def on_paper(pdf: bytes) -> Image.Image:
    (page,) = pypdfium2.PdfDocument(pdf)
    assert (round(page.get_width()), round(page.get_height())) == (595, 842), "points: A4"
    image: Image.Image = page.render(scale=3).to_pil()
    return image


def in_a_browser(svg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg.decode(), width=1600, dpi=96))))


def sheet(poster: Poster, which: printing.Sheet, as_: printing.Format) -> Image.Image:
    drawn = printing.draw(poster=poster, payload=posters.payload(poster), sheet=which, as_=as_)
    match as_:
        case "pdf":
            return on_paper(drawn)
        case "svg":
            return in_a_browser(drawn)
        case "png":
            return Image.open(io.BytesIO(drawn))


@pytest.mark.parametrize("as_", ["pdf", "svg", "png"])
def test_a_camera_reads_the_poster_at_three_sizes_and_turned(poster: Poster, as_: printing.Format) -> None:
    image, payload = sheet(poster, "poster", as_), posters.payload(poster)
    read = {(width, turned): seen(image, width=width, turned=turned) for width in SHEET_WIDTHS for turned in TURNS}
    assert {held: found for held, found in read.items() if found != [payload]} == {}


def test_each_of_the_eight_stickers_is_read(poster: Poster) -> None:
    image, payload = sheet(poster, "stickers", "pdf"), posters.payload(poster)
    assert seen(image, width=1600, turned=0) == [payload] * 8
    assert seen(image, width=1600, turned=90) == [payload] * 8


def test_the_code_of_a_charge_is_read_at_three_sizes_and_turned(malee: Stall) -> None:
    payload = charges.payload(ask(malee, 123_45))
    as_svg = in_a_browser(drawing.svg(payload=payload).encode())
    for scale in SCALES:
        as_png = Image.open(io.BytesIO(drawing.png(payload=payload, scale=scale)))
        for image in (as_png, as_svg):
            for turned in TURNS:
                assert seen(image, width=as_png.width, turned=turned) == [payload], (scale, turned)


def test_the_sheet_shows_thai_in_our_own_font_and_nothing_else(poster: Poster) -> None:
    pdf = printing.draw(poster=poster, payload=posters.payload(poster), sheet="poster", as_="pdf")
    fonts = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+([A-Za-z]+)-", pdf))
    assert fonts == {b"Sarabun"}


def test_the_letters_of_a_name_are_never_instructions(poster: Poster) -> None:
    plain = sheet(poster, "poster", "png")
    poster.merchant.name = '#panic("no") $x$ *b* \\ ] ['
    assert sheet(poster, "poster", "png").size == plain.size


def test_a_shop_that_prints_it_later_prints_the_same_code(malee: Stall) -> None:
    made = posters.make(by=keeper(malee).member, branch_id=None, at=malee.merchant.joined_at)
    again = posters.to_print(merchant_id=malee.merchant.id, poster_id=made.id)
    assert posters.payload(again) == posters.payload(made)
