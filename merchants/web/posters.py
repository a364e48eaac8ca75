"""A shop's code on the wall: made, printed, taken down."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from config.authentication import MANAGERS
from config.shapes import Shape
from merchants import posters, printing, staff
from merchants.printing import Format, Sheet
from merchants.web.shops import OfShop

SHEETS: Final = frozenset({("poster", "pdf"), ("poster", "png"), ("poster", "svg"), ("stickers", "pdf")})


class PosterAct(Shape):
    """Make a new one, or take one down."""

    act: Literal["make", "revoke"]
    poster_id: UUID | None = None


class PostersScreen(OfShop):
    """The posters that hang, and those that hung."""

    open_to: ClassVar = MANAGERS
    template = "merchants/shop/posters.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them, newest first."""
        return {"posters": posters.of_shop(merchant_id=self.shop_id)}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make one for the shop at large, or take one down."""
        typed, by = self.form(PosterAct), staff.at_work(staff_id=self.caller.id, roles=staff.MANAGERS)
        if typed.act == "revoke" and typed.poster_id is not None:
            posters.revoke(by=by, poster_id=typed.poster_id, at=self.at)
        else:
            posters.make(by=by, branch_id=None, at=self.at)
        return self.to("shop-posters")


class SheetScreen(OfShop):
    """A page of A4 to print: a poster, or stickers to cut apart."""

    open_to: ClassVar = MANAGERS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Draw it."""
        if (kwargs["sheet"], kwargs["kind"]) not in SHEETS:
            raise Http404
        sheet, kind = cast(Sheet, kwargs["sheet"]), cast(Format, kwargs["kind"])
        poster = posters.to_print(merchant_id=self.shop_id, poster_id=kwargs["poster_id"])
        drawn = printing.draw(poster=poster, payload=posters.payload(poster), sheet=sheet, as_=kind)
        return HttpResponse(drawn, content_type=printing.MEDIA_TYPES[kind])
