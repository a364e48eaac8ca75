"""A citizen comes over from another scheme whose right they never used: one goes as the other comes, or neither."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from subsidies import entitlements, freezing, funding, people_facts, places, schemes, stops, tickets
from subsidies.changes import held
from subsidies.enrolment import AlreadyEnrolled
from subsidies.models import OPEN_TO_ALL, ComingOver, Enrolment, FirstUseDeadline, FreePlace, Promise, SchemeVersion
from subsidies.places import Newcomer
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.changes import ChangeUnknown
from wallet import keys, ledger, people
from wallet.accounts import AccountKind, fund, purse
from wallet.ids import uuid7
from wallet.models import Transfer, TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal


class NoPlaceFree(Refusal):
    """The other scheme has no place left. The citizen keeps the right that they have."""

    code: ClassVar = "no_place_free"


def come_over(
    *, citizen_id: UUID, device_id: UUID, enrolment_id: UUID, code: str, scheme: str, key: str, at: dt.datetime
) -> ComingOver:
    """Give up an unused right and its place, and take a place in another scheme that lets people come over.

    Its money goes back to its scheme's fund, its place to whoever waits, and the purse of the other is filled: all of
    it or nothing, under the citizen's lock, so that of two at once one comes over. Registration need not be open, for a
    change has its own end; requirements, places and money are judged as at an enrolment.

    :param enrolment_id: the right that they hold.
    :param code: of the row in the other scheme's `[[changes]]` that names the scheme they hold.
    :param scheme: the code of the other scheme.
    :raises DeviceRevoked: the phone that asks was signed out.
    :raises EnrolmentUnknown | RightGivenUp | RightForfeited | AlreadyEnrolled | KeyReused:
    :raises SchemeUnknown | SchemeStopped | SchemeSuspended: the other scheme cannot take them.
    :raises SchemeNotFunded | NoPlaceFree: not now.
    :raises ChangeUnknown | ChangeOver | RightAlreadyUsed: it does not let them come over.
    :raises RightFrozen: their rights are being looked at.
    :raises Refusal: the other scheme's own no (NotEligible, NoTier, NothingToGrant).
    """
    version = schemes.in_force(code=scheme, at=at)
    stops.must_go_on(scheme_id=version.scheme_id, at=at)
    funding.must_be_funded(version)
    rules = schemes.compiled(version.id)
    content = {"come_over": code, "enrolment": enrolment_id, "scheme": scheme}
    with ledger.posting(citizens=[citizen_id]) as business_date:
        people.must_be_signed_in(citizen_id=citizen_id, device_id=device_id)
        new_id = uuid7()
        if was := keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=new_id, at=at):
            return ComingOver.objects.get(to_enrolment_id=was)
        old = held(citizen_id=citizen_id, enrolment_id=enrolment_id)
        freezing.must_not_be(citizen_id=citizen_id)
        leaving = schemes.compiled(old.version_id).code
        # Whoever has come over has nothing left to come from: so this is always the first time.
        entitlements.change(scheme=rules, code=code, times_before=0, was_used=_was_used(old), at=at)
        if rules.changes[code].scheme != leaving:
            raise ChangeUnknown(change=code)
        newcomer = _newcomer(new_id, citizen_id, version, at, leaving=leaving)
        came = _give_up(old, new_id, code, business_date, at)
        places.let_in(newcomers=[newcomer], version=version, business_date=business_date, at=at)
        return came


def _was_used(old: Enrolment) -> bool:
    """Return whether money of the right has ever gone to a shop or to the citizen, or came from the citizen."""
    moved = Transfer.objects.filter(owner_id=old.citizen_id)
    went = moved.filter(from_kind=AccountKind.PURSE, from_id=old.id).exclude(to_kind=AccountKind.FUND)
    came = moved.filter(to_kind=AccountKind.PURSE, to_id=old.id).exclude(from_kind=AccountKind.FUND)
    return old.first_used_at is not None or went.exists() or came.exists()


def _newcomer(new_id: UUID, citizen_id: UUID, version: SchemeVersion, at: dt.datetime, *, leaving: str) -> Newcomer:
    rules = schemes.compiled(version.id)
    person = people_facts.facts_of(citizen_id=citizen_id, at=at)
    # They are about to leave it; that they were in it stays true.
    person["enrolled_in"] = [code for code in person["enrolled_in"] if code != leaving]
    grant = entitlements.grant_by_list(scheme=rules, person=person, at=at)
    if Enrolment.objects.filter(citizen_id=citizen_id, scheme_id=version.scheme_id).exists():
        raise AlreadyEnrolled(scheme=rules.code)
    pool = grant.pool or OPEN_TO_ALL
    place = None if rules.counted_at_payment else _place(new_id, citizen_id, version, pool, at)
    return Newcomer(id=new_id, citizen_id=citizen_id, pool=pool, place=place, grant=grant, person=person)


def _place(new_id: UUID, citizen_id: UUID, version: SchemeVersion, pool: str, at: dt.datetime) -> int:
    rules = schemes.compiled(version.id)
    ticket = tickets.draw(
        ticket_id=new_id,
        scheme_id=version.scheme_id,
        pool=pool,
        places=rules.places_in(pool),
        citizen_id=citizen_id,
        at=at,
    )
    if ticket is None:
        raise AlreadyEnrolled(scheme=rules.code)
    if ticket.waits:
        # The number goes with this transaction; whoever waits is not passed by.
        raise NoPlaceFree(scheme=rules.code)
    return ticket.number


def _give_up(old: Enrolment, new_id: UUID, code: str, business_date: dt.date, at: dt.datetime) -> ComingOver:
    """Send what is in the purse back to the fund, and the place to whoever waits for one."""
    left = ledger.balance(purse(old.id), owner_id=old.citizen_id)
    came = ComingOver.objects.create(
        citizen_id=old.citizen_id,
        from_enrolment_id=old.id,
        to_enrolment_id=new_id,
        code=code,
        amount=left,
        place=old.place,
        at=at,
    )
    ledger.post(moves=[_back(old, left)] if left else [], business_date=business_date, at=at)
    if old.place is not None:
        FreePlace.objects.create(scheme_id=old.scheme_id, pool=old.pool, place=old.place)
    Promise.objects.filter(enrolment_id=old.id).delete()
    FirstUseDeadline.objects.filter(enrolment_id=old.id).delete()
    # Nothing falls due on it any more.
    Enrolment.objects.filter(id=old.id).update(place=None, next_due_at=LIFETIME)
    return came


def _back(old: Enrolment, left: Satang) -> ledger.Move:
    return ledger.Move(
        source=purse(old.id),
        target=fund(old.scheme_id),
        amount=left,
        kind=TransferKind.GIVEN_UP,
        cause=old.id,
        owner_id=old.citizen_id,
        scheme_id=old.scheme_id,
    )
