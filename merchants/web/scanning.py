"""A citizen shows us a shop's QR: by the camera, by a photo, or by typing the digits below it.

All three lead to the same page with what the code says in its address, where nothing has happened yet.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.templatetags.static import static
from django.utils.decorators import method_decorator
from pydantic import BeforeValidator, StringConstraints

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Shape
from merchants import photos, typed_codes


def _digits_of(typed: str) -> str:
    return "".join(sign for sign in typed if sign not in " -")


class TypedCode(Shape):
    """The digits below a QR, as typed."""

    code: Annotated[str, BeforeValidator(_digits_of), StringConstraints(pattern=rf"^[0-9]{{{typed_codes.DIGITS}}}$")]


# A decoder made of WebAssembly is the one thing that this page runs beside our own script.
@method_decorator(csp_update({"script-src": ["'wasm-unsafe-eval'"]}), name="dispatch")
class ScanScreen(Screen):
    """Where a citizen scans."""

    open_to: ClassVar = CITIZEN
    template = "merchants/scan.html"

    def seen(self) -> Mapping[str, Any]:
        """Return where the page finds a decoder for browsers that have none."""
        return {"decoder": decoder()}


class PhotoScreen(ScanScreen):
    """Where a photo is sent."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads back to where photos are taken."""
        return self.to("scan")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the code in it."""
        photo = request.FILES.get("photo")
        if not isinstance(photo, UploadedFile) or (photo.size or 0) > photos.LARGEST_BYTES:
            raise photos.PhotoUnreadable
        return self.to("pay", qr=photos.read(photo.read()))


class CodeScreen(ScanScreen):
    """Where digits are typed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads back to where they are typed."""
        return self.to("scan")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Find the charge that has them."""
        return self.to("pay", qr=typed_codes.payload(code=self.form(TypedCode).code, at=self.at))


@cache
def decoder() -> Mapping[str, str] | None:
    """Return where the decoder's two files are, or None where the set-up could not bring them."""
    names = {"script": "zxing/index.js", "program": "zxing/zxing_reader.wasm"}
    if settings.WHITENOISE_USE_FINDERS and not all(finders.find(name) for name in names.values()):
        return None
    try:
        return {what: static(name) for what, name in names.items()}
    except ValueError:  # they were not collected
        return None
