"""Who works at a shop and which phones are its tills: invited, and sent away."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from config.authentication import MANAGERS, STAFF
from config.shapes import Name, Shape
from merchants import branches, drawing, invitations, staff, tills
from merchants.invitations import Invited
from merchants.models import Role
from merchants.web.shops import OfShop


class TillInviting(Shape):
    """What the till is to be called, and of which branch it is."""

    name: Name
    branch_id: UUID | Literal[""] = ""


class StaffInviting(Shape):
    """Whom for what."""

    name: Name
    role: Literal["owner", "manager", "cashier"]


class TillMeant(Shape):
    """Which till."""

    till_id: UUID


class MemberMeant(Shape):
    """Which of the staff."""

    staff_id: UUID


class StaffScreen(OfShop):
    """The people and the tills of a shop."""

    open_to: ClassVar = STAFF
    template = "merchants/shop/staff.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them; cashiers see the tills, and of the people themselves."""
        people = staff.of_shop(merchant_id=self.shop_id)
        manages = self.caller.staff_role in MANAGERS
        return {
            "people": [member for member in people if manages or member.id == self.caller.id],
            "branches": branches.of_shop(merchant_id=self.shop_id),
            "tills": tills.of_shop(merchant_id=self.shop_id),
            "manages": manages,
            "owns": self.caller.staff_role == "owner",
            "me": self.caller.id,
        }


class ActOfStaff(StaffScreen):
    """An act on that page; whoever reloads comes back to it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go back."""
        return self.to("shop-staff")


class TillInvitationScreen(ActOfStaff):
    """Where a phone is invited to become a till."""

    open_to: ClassVar = MANAGERS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show the code, this once."""
        typed, by = self.form(TillInviting), staff.at_work(staff_id=self.caller.id)
        made = invitations.invite_till(by=by, name=typed.name, branch_id=typed.branch_id or None, at=self.at)
        return self.show(invited=made, code=drawn(made), now=self.at)


class StaffInvitationScreen(ActOfStaff):
    """Where a person is invited to work here."""

    open_to: ClassVar = MANAGERS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show the code, this once."""
        typed, by = self.form(StaffInviting), staff.at_work(staff_id=self.caller.id)
        made = invitations.invite_staff(by=by, role=Role(typed.role), name=typed.name, at=self.at)
        return self.show(invited=made, code=drawn(made), now=self.at)


class TillOutScreen(ActOfStaff):
    """Where a till is signed out."""

    open_to: ClassVar = MANAGERS

    def post(self, request: HttpRequest) -> HttpResponse:
        """What it asks for cannot be paid from now on."""
        manager = staff.at_work(staff_id=self.caller.id, roles=staff.MANAGERS)
        till = tills.one_of_shop(merchant_id=manager.merchant_id, till_id=self.form(TillMeant).till_id)
        tills.revoke(till=till, actor=staff.actor(manager), at=self.at)
        return self.to("shop-staff")


class LeaveScreen(ActOfStaff):
    """Where somebody leaves the shop, or is sent away by an owner."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let them leave."""
        by = staff.at_work(staff_id=self.caller.id)
        staff.leave(staff_id=self.form(MemberMeant).staff_id, by=by, at=self.at)
        return self.to("shop-staff")


def drawn(made: Invited) -> SafeString:
    """Return the QR of an invitation as an SVG element of the page."""
    title = gettext("QR of the invitation")
    return mark_safe(drawing.svg(payload=made.payload, title=title))  # noqa: S308  drawn by us
