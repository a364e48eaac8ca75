"""A shop's posters: made, printed, revoked."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import MANAGERS
from config.doors import Door
from config.shapes import Instant, Shape
from merchants import posters, printing, staff
from merchants.models import Poster
from merchants.printing import Sheet
from wallet import clock


class PosterMaking(Shape):
    """The branch where it will hang; none for the shop at large."""

    branch_id: UUID | None = None


class PosterShown(Shape):
    """A poster. `version` is printed on it."""

    id: UUID
    version: int
    branch_id: UUID | None
    made_at: Instant
    revoked_at: Instant | None


class PostersShown(Shape):
    """A shop's posters, newest first."""

    results: list[PosterShown]


class PostersDoor(Door):
    """A shop's posters."""

    open_to: ClassVar = {"GET": MANAGERS, "POST": MANAGERS}

    @extend_schema(responses={200: PostersShown})
    def get(self, request: Request) -> Response:
        """List the posters, revoked ones too."""
        found = posters.of_shop(merchant_id=self.shop_id)
        return Response(PostersShown(results=[_shown(each) for each in found]))

    @extend_schema(request=PosterMaking, responses={201: PosterShown})
    def post(self, request: Request) -> Response:
        """Make a poster. Print it with the addresses below it."""
        poster = posters.make(
            by=staff.at_work(staff_id=self.caller.id, roles=staff.MANAGERS),
            branch_id=self.body(PosterMaking).branch_id,
            at=clock.now(),
        )
        return Response(_shown(poster), status=201)


class PosterDoor(Door):
    """One poster."""

    open_to: ClassVar = {"DELETE": MANAGERS}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, poster_id: UUID) -> Response:
        """Revoke a poster: who scans it is told that it is old."""
        manager = staff.at_work(staff_id=self.caller.id, roles=staff.MANAGERS)
        posters.revoke(by=manager, poster_id=poster_id, at=clock.now())
        return Response(status=204)


class PosterPDFDoor(Door):
    """A poster to print."""

    open_to: ClassVar = {"GET": MANAGERS}

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, poster_id: UUID) -> HttpResponse:
        """Draw it as a page of A4."""
        return _drawn(posters.to_print(merchant_id=self.shop_id, poster_id=poster_id), "poster", "pdf")


class PosterSVGDoor(Door):
    """A poster as a drawing."""

    open_to: ClassVar = {"GET": MANAGERS}

    @extend_schema(responses={(200, "image/svg+xml"): OpenApiTypes.STR})
    def get(self, request: Request, poster_id: UUID) -> HttpResponse:
        """Draw it as SVG."""
        return _drawn(posters.to_print(merchant_id=self.shop_id, poster_id=poster_id), "poster", "svg")


class PosterPNGDoor(Door):
    """A poster as a picture."""

    open_to: ClassVar = {"GET": MANAGERS}

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, poster_id: UUID) -> HttpResponse:
        """Draw it as PNG."""
        return _drawn(posters.to_print(merchant_id=self.shop_id, poster_id=poster_id), "poster", "png")


class StickersPDFDoor(Door):
    """Stickers to print."""

    open_to: ClassVar = {"GET": MANAGERS}

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, poster_id: UUID) -> HttpResponse:
        """Draw a page of A4 with stickers to cut apart."""
        return _drawn(posters.to_print(merchant_id=self.shop_id, poster_id=poster_id), "stickers", "pdf")


def _drawn(poster: Poster, sheet: Sheet, as_: printing.Format) -> HttpResponse:
    drawn = printing.draw(poster=poster, payload=posters.payload(poster), sheet=sheet, as_=as_)
    return HttpResponse(drawn, content_type=printing.MEDIA_TYPES[as_])


def _shown(poster: Poster) -> PosterShown:
    return PosterShown(
        id=poster.id,
        version=poster.version,
        branch_id=poster.branch_id,
        made_at=poster.made_at,
        revoked_at=poster.revoked_at,
    )
