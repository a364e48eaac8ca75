"""What Malee's stall is judged by changes, and every payment stays what it was by the facts of its time."""

import datetime as dt

import pytest

from merchants import audits, onboarding, particulars, suspensions, tills
from merchants.models import Notice, Particulars, Suspension
from merchants.particulars import AlreadyAccepted, Described, TermsChanged
from subsidies.rules.merchants import MerchantNotEligible
from subsidies.schemes import SchemeUnknown
from tests.cast import NOON, PLUS, PLUS_FILE, STAGE_HAND, Stage, Stall, ask, buy, confirm, terms_for
from wallet.clock import BANGKOK

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)

# The programme, for shops that accepted its terms in time.
IN_TIME = """
[[merchants.requires]]
code = "accepted_in_time"
fact = "merchant.accepted_on"
at_most = 2025-10-31
says = { th = "ร้านยอมรับเงื่อนไขไม่ทัน", en = "The shop did not accept the terms in time." }
"""


def described(stall: Stall, **facts: object) -> Described:
    shop = onboarding.merchant(merchant_id=stall.merchant.id)
    return Described(name=shop.name, name_en=shop.name_en, city=shop.city, facts={**stall.merchant.facts, **facts})


def change(stall: Stall, *, at: dt.datetime, **facts: object) -> Particulars:
    return particulars.change(
        merchant=stall.merchant, described=described(stall, **facts), reason="a visit", actor=STAGE_HAND, at=at
    )


def fresh(stall: Stall) -> Stall:
    till = tills.of(till_id=stall.till.id)
    return Stall(stall.name, till.merchant, till, stall.secret)


def test_each_change_is_a_row_with_who_when_and_why(stage: Stage) -> None:
    malee = stage.stall("malee")
    change(malee, at=NOON, district="พระนคร")
    assert [
        (row.facts.get("district"), row.by, row.reason)
        for row in Particulars.objects.filter(merchant=malee.merchant).order_by("from_at")
    ] == [(None, "timetable:tests", ""), ("พระนคร", "timetable:tests", "a visit")]
    assert fresh(malee).merchant.facts["district"] == "พระนคร"


def test_a_payment_is_judged_by_what_was_true_when_the_till_asked(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    before = terms_for(somchai, ask(malee, 100_00))
    change(malee, at=NOON + MINUTE, legal_form="juristic_person")
    with pytest.raises(MerchantNotEligible):
        terms_for(somchai, ask(fresh(malee), 100_00))
    assert confirm(somchai, before, at=NOON + 2 * MINUTE).state_share == 50_00


def test_payments_are_decided_again_by_the_facts_of_their_time(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    buy(somchai, malee, 60_00)
    change(malee, at=NOON + MINUTE, legal_form="juristic_person")
    with pytest.raises(MerchantNotEligible):
        buy(somchai, fresh(malee), 60_00, at=NOON + 2 * MINUTE)
    change(malee, at=NOON + 3 * MINUTE, legal_form="natural_person")
    buy(somchai, fresh(malee), 60_00, at=NOON + 4 * MINUTE)
    assert list(audits.of_people([somchai.id])) == []


def test_a_scheme_lets_in_the_shops_that_accepted_its_terms_in_time(stage: Stage) -> None:
    document = PLUS_FILE.read_text(encoding="utf-8").replace(PLUS, "in-time")
    assumed = document.replace("merchant = {", 'merchant = { accepted_on = "2025-10-20", ', 1)
    scheme = stage.scheme(document=assumed + IN_TIME, funded=100_000_000_000_00)
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled="in-time")
    malee, prasert = stage.stall("malee"), stage.stall("prasert")
    for stall, day in ((malee, 31), (prasert, 32)):
        at = dt.datetime(2025, 10, 1, 23, 59, tzinfo=BANGKOK) + dt.timedelta(days=day - 1)
        particulars.accept_terms(merchant=stall.merchant, scheme=scheme.code, version=1, actor=STAGE_HAND, at=at)
    assert fresh(malee).merchant.facts["accepted_schemes"] == ["in-time"]
    assert fresh(prasert).merchant.facts["accepted_on"] == {"in-time": "2025-11-01"}
    assert buy(somchai, fresh(malee), 100_00).state_share == 50_00
    with pytest.raises(MerchantNotEligible) as refused:
        buy(somchai, fresh(prasert), 100_00)
    assert refused.value.facts["rule"] == "accepted_in_time"


def test_what_was_accepted_stays_when_other_facts_change(stage: Stage) -> None:
    malee = stage.stall("malee")
    particulars.accept_terms(merchant=malee.merchant, scheme=PLUS, version=1, actor=STAGE_HAND, at=NOON)
    change(malee, at=NOON + MINUTE, is_franchise=False)
    facts = fresh(malee).merchant.facts
    assert (facts["accepted_schemes"], facts["is_franchise"]) == ([PLUS], False)


def test_terms_are_accepted_once_as_they_are_now(stage: Stage) -> None:
    malee = stage.stall("malee")
    with pytest.raises(SchemeUnknown):
        particulars.accept_terms(merchant=malee.merchant, scheme="no-such", version=1, actor=STAGE_HAND, at=NOON)
    with pytest.raises(TermsChanged) as refused:
        particulars.accept_terms(merchant=malee.merchant, scheme=PLUS, version=2, actor=STAGE_HAND, at=NOON)
    assert refused.value.facts == {"scheme": PLUS, "version": 1}
    particulars.accept_terms(merchant=malee.merchant, scheme=PLUS, version=1, actor=STAGE_HAND, at=NOON)
    with pytest.raises(AlreadyAccepted):
        particulars.accept_terms(merchant=malee.merchant, scheme=PLUS, version=1, actor=STAGE_HAND, at=NOON)


def test_a_shop_sees_the_newest_terms_and_which_it_has_accepted(stage: Stage) -> None:
    malee = stage.stall("malee").merchant
    seen = particulars.terms(merchant_id=malee.id)
    assert [(each.scheme, each.version, each.accepted) for each in seen] == [(PLUS, 1, None)]
    particulars.accept_terms(merchant=malee, scheme=PLUS, version=1, actor=STAGE_HAND, at=NOON)
    assert particulars.terms(merchant_id=malee.id)[0].accepted == 1
    assert particulars.terms(merchant_id=stage.stall("prasert").merchant.id)[0].accepted is None


def test_a_suspension_says_who_when_and_why_and_so_does_its_end(stage: Stage) -> None:
    malee = stage.stall("malee")
    suspensions.suspend(merchant=malee.merchant, reason="cash for rights", actor=STAGE_HAND, at=NOON)
    suspensions.restore(merchant=malee.merchant, reason="it was another stall", actor=STAGE_HAND, at=NOON + MINUTE)
    (row,) = Suspension.objects.all()
    assert (row.by, row.reason, row.at) == ("timetable:tests", "cash for rights", NOON)
    assert (row.lifted_by, row.lifted_reason, row.lifted_at) == (
        "timetable:tests", "it was another stall", NOON + MINUTE,
    )  # fmt: skip
    assert list(Notice.objects.order_by("id").values_list("code", "facts")) == [
        ("shop_suspended", {"reason": "cash for rights"}),
        ("shop_restored", {"reason": "it was another stall"}),
    ]
