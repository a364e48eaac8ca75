"""A photo of a QR, for phones whose browser has no camera for us: the code in it is read here."""

import io
from typing import ClassVar, Final

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from wallet.refusals import Refusal

# A phone's camera gives 12 megapixels in three to eight megabytes.
LARGEST_BYTES: Final = 15_000_000
# Wide enough for a code that fills a tenth of the picture, small enough to be read in a few hundredths of a second.
READ_AT: Final = (1_800, 1_800)
# The most that a phone gives at its finest. A few kilobytes of PNG can unfold to gigabytes.
MOST_PIXELS: Final = 50_000_000
# What cameras and screenshots are; some of the other formats that are known here are programs.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
QR_CODES: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class PhotoUnreadable(Refusal):
    """The file is no picture, or is larger than any phone's."""

    code: ClassVar = "photo_unreadable"
    status: ClassVar = 422


class NoCodeInPhoto(Refusal):
    """No QR code was found in the photo."""

    code: ClassVar = "no_code_in_photo"
    status: ClassVar = 422


def read(photo: bytes) -> str:
    """Return what the QR code in a photo says.

    :raises PhotoUnreadable: it is no picture.
    :raises NoCodeInPhoto: there is none in it, or it is too blurred.
    """
    if len(photo) > LARGEST_BYTES:
        raise PhotoUnreadable
    try:
        with Image.open(io.BytesIO(photo), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PhotoUnreadable
            image.draft("L", READ_AT)  # a JPEG is taken apart at a fraction of its size
            ImageOps.exif_transpose(image, in_place=True)
            image.thumbnail(READ_AT)
            found = zxingcpp.read_barcodes(image.convert("L"), formats=QR_CODES)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError) as error:
        raise PhotoUnreadable from error
    codes = [code.text for code in found if code.valid]
    if not codes:
        raise NoCodeInPhoto
    return codes[0]
