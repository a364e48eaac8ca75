"""A citizen keys an amount at a poster, a till of the shop says yes or no; only a yes is something to pay."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from merchants import charges, posters
from merchants.charges import LARGEST_CHARGE, Bill, ChargeTooLarge
from merchants.models import Charge, Merchant, Proposal, Till
from wallet import keys, refused
from wallet.ids import uuid7
from wallet.models import Citizen
from wallet.money import Satang
from wallet.refusals import Refusal

# The cashier is asked while the citizen stands there.
LIFE: Final = dt.timedelta(minutes=5)
# So that nobody fills a till's screen from afar with a photo of its poster.
MOST_OPEN: Final = 3
MOST_SHOWN: Final = 50

State = Literal["open", "expired", "accepted", "declined"]


class ProposalUnknown(Refusal):
    """There is no such proposal, or it is somebody else's, or for another till's shop."""

    code: ClassVar = "proposal_unknown"
    status: ClassVar = 404


class ProposalExpired(Refusal):
    """Nobody at the shop said yes in time."""

    code: ClassVar = "proposal_expired"


class ProposalEnded(Refusal):
    """A till has said yes or no to it already."""

    code: ClassVar = "proposal_ended"


class TooManyProposals(Refusal):
    """The citizen has so many open ones already."""

    code: ClassVar = "too_many_proposals"


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal, the shop's name, and how it stands."""

    proposal: Proposal
    merchant_name: str
    state: State

    @property
    def number(self) -> int:
        """Two digits that both screens show, so that the cashier says yes to the person before them: 0 to 99."""
        return self.proposal.id.int % 100


def propose(*, citizen_id: UUID, payload: str, amount: Satang, key: str, at: dt.datetime) -> Standing:
    """Tell a shop, whose poster a citizen has scanned, what they are about to pay.

    :raises ChargeTooLarge: more than a till may ask for.
    :raises NotAPoster | PosterUnknown | PosterRevoked | MerchantSuspended | ForeignQR …: as `posters.scanned` says.
    :raises TooManyProposals: three wait already.
    :raises KeyReused: the key stands for another proposal.
    """
    try:
        return _propose(citizen_id, payload, amount, key, at)
    except Refusal as refusal:
        refused.keep(citizen_id=citizen_id, charge_id=None, refusal=refusal, at=at)
        raise


def accept(*, till: Till, proposal_id: UUID, key: str, at: dt.datetime, hold_seconds: int | None = None) -> Charge:
    """Say yes, as the cashier who saw the citizen: the proposal becomes a charge that this citizen alone may pay.

    :param hold_seconds: for a pre-order: what is confirmed is held for so long, to be captured.
    :raises ProposalUnknown | ProposalExpired | ProposalEnded | MerchantSuspended | KeyReused:
    """
    with transaction.atomic(durable=True):
        proposal = _locked(proposal_id, till)
        bill, content = Bill(amount=proposal.amount, hold_seconds=hold_seconds), {"proposal": str(proposal.id)}
        if earlier := charges.earlier(till=till, bill=bill, key=key, content=content):
            return earlier
        _must_be_open(proposal, at=at)
        charge = charges.make(till=till, bill=bill, key=key, content=content, for_citizen_id=proposal.citizen_id, at=at)
        Proposal.objects.filter(id=proposal.id).update(charge_id=charge.id, till_id=till.id)
    return charge


def decline(*, till: Till, proposal_id: UUID, at: dt.datetime) -> None:
    """Say no: nobody here is buying that.

    :raises ProposalUnknown | ProposalExpired | ProposalEnded:
    """
    with transaction.atomic(durable=True):
        proposal = _locked(proposal_id, till)
        _must_be_open(proposal, at=at)
        Proposal.objects.filter(id=proposal.id).update(declined_at=at, till_id=till.id)


def waiting(*, till: Till, at: dt.datetime) -> list[Standing]:
    """Return what a till is asked to say yes or no to, oldest first: of its branch, and of posters of no branch."""
    rows = Proposal.objects.filter(
        merchant_id=till.merchant_id, charge_id=None, declined_at=None, expires_at__gt=at
    ).filter(_of_place(till))
    return [Standing(row, till.merchant.name, "open") for row in rows.order_by("id")[:MOST_SHOWN]]


def of(*, citizen_id: UUID, proposal_id: UUID, at: dt.datetime) -> Standing:
    """Return one of a citizen's own proposals, and how it stands.

    :raises ProposalUnknown: it is somebody else's.
    """
    proposal = Proposal.objects.filter(id=proposal_id, citizen_id=citizen_id).first()
    if proposal is None:
        raise ProposalUnknown
    return _standing(proposal, at=at)


def _propose(citizen_id: UUID, payload: str, amount: Satang, key: str, at: dt.datetime) -> Standing:
    if amount > LARGEST_CHARGE:
        raise ChargeTooLarge(amount_satang=amount, largest_satang=LARGEST_CHARGE)
    proposal_id = uuid7()
    content = {"propose": amount, "payload": payload}
    with transaction.atomic(durable=True):
        Citizen.objects.select_for_update(no_key=True).get(id=citizen_id)  # many at once are counted one by one
        if was := keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=proposal_id, at=at):
            return _standing(Proposal.objects.get(id=was), at=at)
        poster = posters.scanned(payload=payload)
        mine = Proposal.objects.filter(citizen_id=citizen_id, charge_id=None, declined_at=None, expires_at__gt=at)
        if mine.count() >= MOST_OPEN:
            raise TooManyProposals(most=MOST_OPEN)
        proposal = Proposal.objects.create(
            id=proposal_id,
            poster=poster,
            merchant_id=poster.merchant_id,
            citizen_id=citizen_id,
            amount=amount,
            asked_at=at,
            expires_at=at + LIFE,
        )
    return Standing(proposal, poster.merchant.name, "open")


def _locked(proposal_id: UUID, till: Till) -> Proposal:
    # Two tills at once: the second waits here, and then sees what the first has said.
    rows = Proposal.objects.select_for_update(of=("self",)).filter(_of_place(till), id=proposal_id)
    proposal = rows.filter(merchant_id=till.merchant_id).first()
    if proposal is None:
        raise ProposalUnknown
    return proposal


def _of_place(till: Till) -> Q:
    return Q(poster__branch=None) | Q(poster__branch_id=till.branch_id) if till.branch_id else Q()


def _must_be_open(proposal: Proposal, *, at: dt.datetime) -> None:
    if proposal.charge_id is not None or proposal.declined_at is not None:
        raise ProposalEnded
    if at >= proposal.expires_at:
        raise ProposalExpired(expired_at=proposal.expires_at.isoformat())


def _standing(proposal: Proposal, *, at: dt.datetime) -> Standing:
    name = Merchant.objects.values_list("name", flat=True).get(id=proposal.merchant_id)
    if proposal.charge_id is not None:
        return Standing(proposal, name, "accepted")
    if proposal.declined_at is not None:
        return Standing(proposal, name, "declined")
    return Standing(proposal, name, "expired" if at >= proposal.expires_at else "open")
