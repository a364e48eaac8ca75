"""Where a shop sells and what its people may do: branches open and close, roles change."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config.authentication import OWNER, STAFF
from config.shapes import Name, Shape
from merchants import branches, provinces, staff
from merchants.models import Role
from merchants.web.describing import Province
from merchants.web.shops import OfShop
from merchants.web.staff import ActOfStaff


class BranchOpened(Shape):
    """What a branch is called, and where it stands."""

    name: Name
    province: Province
    district: Name


class BranchMeant(Shape):
    """Which branch."""

    branch_id: UUID


class RoleGiven(Shape):
    """Whom, and what they may from now on. Owners are made by invitation."""

    staff_id: UUID
    role: Literal["manager", "cashier"]


class BranchesScreen(OfShop):
    """The branches of a shop."""

    open_to: ClassVar = STAFF
    template = "merchants/shop/branches.html"

    def seen(self) -> Mapping[str, Any]:
        """Return those that are open."""
        return {
            "branches": branches.of_shop(merchant_id=self.shop_id),
            "provinces": provinces.NAMES,
            "owns": self.caller.staff_role == "owner",
        }


class BranchOpeningScreen(BranchesScreen):
    """Where an owner opens one."""

    open_to: ClassVar = OWNER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads to the list."""
        return self.to("shop-branches")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open it."""
        typed, owner = self.form(BranchOpened), staff.at_work(staff_id=self.caller.id, roles=(Role.OWNER,))
        branches.add(
            merchant=owner.merchant,
            name=typed.name,
            facts={"province": typed.province, "district": typed.district},
            actor=staff.actor(owner),
            at=self.at,
        )
        return self.to("shop-branches")


class BranchClosingScreen(BranchOpeningScreen):
    """Where an owner closes one."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Close it: its tills are signed out, and its posters are worth nothing any more."""
        owner = staff.at_work(staff_id=self.caller.id, roles=(Role.OWNER,))
        branch = branches.of(merchant_id=owner.merchant_id, branch_id=self.form(BranchMeant).branch_id)
        branches.close(branch=branch, actor=staff.actor(owner), at=self.at)
        return self.to("shop-branches")


class RoleScreen(ActOfStaff):
    """Where an owner gives somebody another role; they sign in anew."""

    open_to: ClassVar = OWNER

    def post(self, request: HttpRequest) -> HttpResponse:
        """Give it."""
        typed, owner = self.form(RoleGiven), staff.at_work(staff_id=self.caller.id)
        staff.change_role(staff_id=typed.staff_id, role=Role(typed.role), by=owner, at=self.at)
        return self.to("shop-staff")
