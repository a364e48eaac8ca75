"""A shop's branches, tills and staff, as its managers keep them."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import MANAGERS, OWNER, STAFF
from config.doors import Door
from config.shapes import Instant, Name, Shape
from merchants import branches, staff, tills
from merchants.api.describing import Place
from merchants.api.invitations import StaffRoleName
from merchants.models import Branch, Role, Staff
from wallet import clock


class BranchOpening(Shape):
    """What the branch is called, and where it stands."""

    name: Name
    place: Place


class BranchShown(Shape):
    """A branch. Schemes judge a sale there by its place, not by the merchant's."""

    id: UUID
    name: str
    place: dict[str, Any]
    opened_at: Instant


class BranchesShown(Shape):
    """All branches that are open, oldest first."""

    results: list[BranchShown]


class TillShown(Shape):
    """A till that is in use."""

    id: UUID
    name: str
    branch_id: UUID | None
    added_at: Instant


class TillsShown(Shape):
    """All tills in use, oldest first."""

    results: list[TillShown]


class MemberShown(Shape):
    """Somebody who works at the shop."""

    id: UUID
    username: str
    role: StaffRoleName


class StaffShown(Shape):
    """Everybody who works at the shop."""

    results: list[MemberShown]


class RoleChanging(Shape):
    """What the member of the staff will be. Owners are made by invitation."""

    role: StaffRoleName


class BranchesDoor(Door):
    """A shop's branches."""

    open_to: ClassVar = {"GET": STAFF, "POST": OWNER}

    @extend_schema(responses={200: BranchesShown})
    def get(self, request: Request) -> Response:
        """List the branches that are open."""
        found = branches.of_shop(merchant_id=self.shop_id)
        return Response(BranchesShown(results=[_branch(each) for each in found]))

    @extend_schema(request=BranchOpening, responses={201: BranchShown})
    def post(self, request: Request) -> Response:
        """Open a branch."""
        asked, owner = self.body(BranchOpening), staff.at_work(staff_id=self.caller.id, roles=staff.OWNERS)
        branch = branches.add(
            merchant=owner.merchant,
            name=asked.name,
            facts=asked.place.model_dump(exclude_none=True),
            actor=staff.actor(owner),
            at=clock.now(),
        )
        return Response(_branch(branch), status=201)


class BranchDoor(Door):
    """One branch."""

    open_to: ClassVar = {"DELETE": OWNER}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, branch_id: UUID) -> Response:
        """Close a branch: its tills are signed out and its posters revoked."""
        owner = staff.at_work(staff_id=self.caller.id, roles=staff.OWNERS)
        branch = branches.of(merchant_id=owner.merchant_id, branch_id=branch_id)
        branches.close(branch=branch, actor=staff.actor(owner), at=clock.now())
        return Response(status=204)


class ShopTillsDoor(Door):
    """A shop's tills."""

    open_to: ClassVar = {"GET": STAFF}

    @extend_schema(responses={200: TillsShown})
    def get(self, request: Request) -> Response:
        """List the tills in use."""
        shown = [
            TillShown(id=till.id, name=till.name, branch_id=till.branch_id, added_at=till.added_at)
            for till in tills.of_shop(merchant_id=self.shop_id)
        ]
        return Response(TillsShown(results=shown))


class ShopTillDoor(Door):
    """One till."""

    open_to: ClassVar = {"DELETE": MANAGERS}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, till_id: UUID) -> Response:
        """Sign a till out: what it asks for cannot be paid from now on."""
        manager = staff.at_work(staff_id=self.caller.id, roles=staff.MANAGERS)
        till = tills.one_of_shop(merchant_id=manager.merchant_id, till_id=till_id)
        tills.revoke(till=till, actor=staff.actor(manager), at=clock.now())
        return Response(status=204)


class ShopStaffDoor(Door):
    """Who works at a shop."""

    open_to: ClassVar = {"GET": MANAGERS}

    @extend_schema(responses={200: StaffShown})
    def get(self, request: Request) -> Response:
        """List who works here."""
        found = staff.of_shop(merchant_id=self.shop_id)
        return Response(StaffShown(results=[_member(each) for each in found]))


class ShopStaffMemberDoor(Door):
    """One of the staff."""

    open_to: ClassVar = {"DELETE": STAFF}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, staff_id: UUID) -> Response:
        """Leave the shop, or as an owner send somebody away."""
        staff.leave(staff_id=staff_id, by=staff.at_work(staff_id=self.caller.id), at=clock.now())
        return Response(status=204)


class StaffRoleDoor(Door):
    """What one of the staff may do."""

    open_to: ClassVar = {"POST": OWNER}

    @extend_schema(request=RoleChanging, responses={201: MemberShown})
    def post(self, request: Request, staff_id: UUID) -> Response:
        """Give somebody another role; they sign in anew."""
        member = staff.change_role(
            staff_id=staff_id,
            role=Role(self.body(RoleChanging).role),
            by=staff.at_work(staff_id=self.caller.id),
            at=clock.now(),
        )
        return Response(_member(member), status=201)


def _branch(branch: Branch) -> BranchShown:
    return BranchShown(id=branch.id, name=branch.name, place=branch.facts, opened_at=branch.opened_at)


def _member(member: Staff) -> MemberShown:
    return MemberShown(id=member.id, username=member.user.get_username(), role=staff.role_of(member))
