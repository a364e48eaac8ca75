"""Who stands at a shop's counter and acts for it: one of its tills, one of its staff, or one of its systems."""

from dataclasses import dataclass
from uuid import UUID

from merchants import staff, tills
from merchants.models import Role
from wallet.audit import Actor
from wallet.tokens import Caller, TokenRefused


@dataclass(frozen=True, slots=True)
class Attendant:
    """Who acts, for which shop, and what they may: a till may what a cashier may.

    :ivar till_id: the till, if it is one.
    """

    actor: Actor
    merchant_id: UUID
    role: Role
    till_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """Whose idempotency keys are asked."""
        return UUID(self.actor.id)


def attendant(*, caller: Caller) -> Attendant:
    """Return who calls for a shop, with what they are there now, whatever their token says.

    A system may what its key was issued for: the owner who named that use stands behind it.

    :raises TillSecretWrong: the till was signed out since.
    :raises NotAtWork: the member of staff has left.
    """
    if caller.role == "till":
        shop_id = tills.shop_of(till_id=caller.id)
        return Attendant(Actor("cashier", str(caller.id)), shop_id, Role.CASHIER, till_id=caller.id)
    if caller.role == "integrator" and caller.merchant_id is not None:
        return Attendant(Actor("integrator", str(caller.id)), caller.merchant_id, Role.MANAGER)
    if caller.role != "staff":
        raise TokenRefused
    member = staff.at_work(staff_id=caller.id)
    return Attendant(staff.actor(member), member.merchant_id, Role(member.role))


def manager(*, caller: Caller) -> Attendant:
    """Return who manages a shop's systems and calls: its owner, a manager, or a system that may.

    What they leave behind, a key or an address that is told of every payment, outlives their token by far: so whether
    they work there, and as what, is asked of the row.

    :raises NotAtWork: the member of staff has left, or is a cashier by now.
    """
    by = attendant(caller=caller)
    if by.role not in staff.MANAGERS:
        raise staff.NotAtWork
    return by
