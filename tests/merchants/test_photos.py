"""A photo of a QR is read as the camera would have read it."""

import io

import pytest
from PIL import Image, ImageFilter

from merchants import drawing, photos
from merchants.photos import NoCodeInPhoto, PhotoUnreadable

PAYLOAD = "00020101021229370016A000000677010111031500699123456789053037645406100.005802TH6304ABCD"


def photo(*, rotated: int = 0, blurred: float = 0, size: tuple[int, int] = (3000, 4000), kind: str = "JPEG") -> bytes:
    """Return a photo of the code, lying somewhere on a table."""
    table = Image.new("RGB", size, "#b89f7a")
    code = Image.open(io.BytesIO(drawing.png(payload=PAYLOAD, scale=14))).convert("RGB")
    table.paste(code, (size[0] // 4, size[1] // 4))
    taken = table.rotate(rotated, fillcolor="#b89f7a").filter(ImageFilter.GaussianBlur(blurred))
    file = io.BytesIO()
    taken.save(file, kind, quality=70)
    return file.getvalue()


@pytest.mark.parametrize("rotated", [0, 17, 90, 180])
def test_a_photo_of_twelve_megapixels_is_read_at_any_angle(rotated: int) -> None:
    assert photos.read(photo(rotated=rotated)) == PAYLOAD


def test_a_screenshot_is_read_too() -> None:
    assert photos.read(photo(size=(1080, 2340), kind="PNG")) == PAYLOAD


def test_a_photo_that_is_too_blurred_is_told_so() -> None:
    with pytest.raises(NoCodeInPhoto):
        photos.read(photo(blurred=40, size=(1200, 1600)))


@pytest.mark.parametrize("file", [b"", b"not a picture", photo(size=(1080, 1080))[:2_000], b"\xff" * 15_000_001])
def test_what_is_no_picture_is_told_so(file: bytes) -> None:
    with pytest.raises((PhotoUnreadable, NoCodeInPhoto)):
        photos.read(file)


def test_a_picture_that_unfolds_to_far_more_than_it_weighs_is_not_unfolded() -> None:
    file = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(file, "PNG")
    assert len(file.getvalue()) < 20_000
    with pytest.raises(PhotoUnreadable):
        photos.read(file.getvalue())
