"""Who hears what within one process, and that nothing grows without bound."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from merchants import hints, listening
from merchants.listening import KEPT_SECONDS, MOST_UNHEARD, Hub, Listener, Told, TooManyListeners
from merchants.models import Proposal
from tests.cast import NOON
from tests.merchants.test_hints import a_hint

MALEE, PRASERT, TILL = uuid4(), uuid4(), uuid4()


def told(number: int, *, shop: UUID = MALEE, till: UUID = TILL, came: float = 0.0) -> Told:
    return Told(replace(a_hint(number), merchant_id=shop, till_id=till), came=came, event=b"")


def unheard(listener: Listener) -> list[str | None]:
    """Take what a listener has not heard yet: ids of hints, or None for the end."""
    found = []
    while not listener.news.empty():
        news = listener.news.get_nowait()
        found.append(news.hint.id if isinstance(news, Told) else None)
    return found


def test_what_is_told_to_a_shop_is_heard_there_and_nowhere_else() -> None:
    hub = Hub()
    till = hub.join(merchant_id=MALEE, till_id=TILL)
    other_till = hub.join(merchant_id=MALEE, till_id=uuid4())
    owner = hub.join(merchant_id=MALEE, till_id=None)
    prasert = hub.join(merchant_id=PRASERT, till_id=None)
    hub.hand_on(told(1))
    assert [unheard(each) for each in (till, other_till, owner, prasert)] == [["paid:1"], [], ["paid:1"], []]


def test_a_proposal_at_a_poster_is_heard_at_every_till_of_the_shop_and_nowhere_else() -> None:
    hub = Hub()
    tills = [hub.join(merchant_id=MALEE, till_id=till_id) for till_id in (TILL, uuid4(), None)]
    prasert = hub.join(merchant_id=PRASERT, till_id=uuid4())
    proposal = Proposal(id=uuid4(), merchant_id=MALEE, amount=60_00, asked_at=NOON)
    hint = hints.read(hints.proposed(proposal).written())
    hub.hand_on(Told(hint, came=0.0, event=b""))
    assert [unheard(each) for each in tills] == [[f"proposed:{proposal.id}"]] * 3
    assert (unheard(prasert), hint.charge_id, hint.amount) == ([], None, 60_00)


def test_the_last_ten_of_five_minutes_are_told_again() -> None:
    hub = Hub()
    for number in range(12):
        hub.hand_on(told(number, came=float(number)))
    hub.hand_on(told(99, till=uuid4(), came=12.0))
    till = hub.join(merchant_id=MALEE, till_id=TILL)
    assert [each.hint.id for each in hub.lately(till, now=12.0)] == [f"paid:{number}" for number in range(2, 12)]
    assert [each.hint.id for each in hub.lately(till, now=KEPT_SECONDS + 9.5)] == ["paid:10", "paid:11"]
    assert hub.lately(hub.join(merchant_id=PRASERT, till_id=None), now=12.0) == []


def test_what_is_too_old_is_forgotten_when_something_new_is_told() -> None:
    hub = Hub()
    for number in range(100):
        hub.hand_on(told(number, shop=uuid4()))
    hub.hand_on(told(100, came=KEPT_SECONDS))
    assert (len(hub._kept), len(hub._in_order)) == (1, 1)


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_KEPT", 3)
    hub = Hub()
    for number in range(10):
        hub.hand_on(told(number, shop=MALEE if number % 2 else PRASERT))
    kept = [each.hint.id for shop in (MALEE, PRASERT) for each in hub._kept[shop]]
    assert sorted(kept) == ["paid:7", "paid:8", "paid:9"]


def test_a_listener_who_does_not_take_what_it_is_told_is_cut_off() -> None:
    hub = Hub()
    till = hub.join(merchant_id=MALEE, till_id=TILL)
    for number in range(MOST_UNHEARD + 1):
        hub.hand_on(told(number))
    assert unheard(till) == [None]


def test_who_leaves_is_forgotten_however_often_they_leave() -> None:
    hub = Hub()
    listeners = [hub.join(merchant_id=MALEE, till_id=TILL) for _ in range(2)]
    assert hub.listeners == 2
    for listener in (*listeners, *listeners):
        hub.leave(listener)
    assert (hub.listeners, hub._shops) == (0, {})


def test_one_shop_cannot_take_the_room_of_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_OF_ONE_SHOP", 2)
    monkeypatch.setattr(listening, "MOST_LISTENERS", 3)
    hub = Hub()
    for shop in (MALEE, MALEE, PRASERT):
        hub.join(merchant_id=shop, till_id=None)
    for shop in (MALEE, uuid4()):
        with pytest.raises(TooManyListeners):
            hub.join(merchant_id=shop, till_id=None)
    assert (hub.listeners, set(hub._shops)) == (3, {MALEE, PRASERT})
