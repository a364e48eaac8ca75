"""Every check of the three lower floors fires when the books are broken beneath it."""

from collections.abc import Callable

import pytest

import merchants.faults
import subsidies.faults
import wallet.faults
from merchants import audits
from subsidies import drafts, funding, handing_back, stops
from subsidies.models import Scheme
from subsidies.publishing import digest_of
from tests.cast import NOON, PLUS, Stage, buy
from tests.merchants.test_faults import BREAKS as OF_HOLDS_AND_REFUNDS
from tests.merchants.test_shop_faults import BREAKS as OF_SHOPS
from tests.merchants.test_webhooks import BREAKS as OF_WEBHOOKS
from tests.settlement.office import Office
from tests.subsidies.small_half import ALL_SAINTS, CODE, next_version
from tests.subsidies.test_faults import BREAKS as OF_DUES
from wallet.ids import uuid7

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_the_books]

NOBODY = "00000000-0000-7000-8000-000000000000"

# A right that was taken back although it was used, and of which nothing went back to the fund.
FORFEITED = """
    INSERT INTO subsidies_forfeit (enrolment_id, citizen_id, scheme_id, deadline_at, amount, place, at)
    SELECT id, citizen_id, scheme_id, '2025-11-11T23:00:00+07:00', 1, {place}, {at} FROM subsidies_enrolment
"""

# What is done to the books, and the check that must say so. Each is one statement of a superuser with triggers off.
BREAKS = [
    ("stored_balance_is_the_sum", "UPDATE wallet_balance SET balance = balance + 1 WHERE kind = 1"),
    ("stored_balance_is_the_sum", "DELETE FROM wallet_balance WHERE kind = 2"),
    (
        "guarded_account_never_below_zero",
        f"UPDATE wallet_transfer SET amount = {500_01} WHERE kind = 'payment' AND part = 1",
    ),
    ("guarded_account_is_its_owners", f"UPDATE wallet_transfer SET owner_id = '{NOBODY}' WHERE kind = 'top_up'"),
    ("transfer_is_on_a_known_day", "UPDATE wallet_transfer SET business_date = '2031-01-01' WHERE kind = 'top_up'"),
    ("one_day_is_open", "UPDATE wallet_businessday SET closed_at = now()"),
    ("top_up_is_its_transfer", "UPDATE wallet_topup SET amount = amount + 1"),
    ("top_up_is_its_transfer", "UPDATE wallet_topup SET confirmed_at = NULL"),
    ("cash_is_a_citizens", f"UPDATE wallet_balance SET account_id = '{NOBODY}' WHERE kind = 1"),
    ("transfer_kind_fits_its_accounts", "UPDATE wallet_transfer SET to_kind = 10 WHERE kind = 'top_up'"),
    (
        "sealed_day_is_unchanged",
        "INSERT INTO wallet_dayseal (business_date, transfers, hash, sealed_at) VALUES ('2025-10-31', 1, '', now())",
    ),
    ("purse_has_an_enrolment", "DELETE FROM subsidies_enrolment"),
    ("enrolment_has_a_ticket", "DELETE FROM subsidies_ticket"),
    ("enrolment_is_within_the_quota", f"UPDATE subsidies_enrolment SET place = {20_000_001}"),
    ("enrolment_is_within_the_quota", "UPDATE subsidies_enrolment SET pool = 'seniors'"),
    ("enrolment_is_within_the_quota", f"UPDATE subsidies_enrolment SET version_id = '{NOBODY}'"),
    ("enrolment_has_a_place", "UPDATE subsidies_enrolment SET place = NULL"),
    (
        "enrolment_has_a_place",
        """INSERT INTO subsidies_promise (enrolment_id, citizen_id, amount)
           SELECT id, citizen_id, 1 FROM subsidies_enrolment""",
    ),
    ("enrolment_has_a_place", FORFEITED.format(place="place", at="now()")),
    (
        "free_place_is_nobodys",
        """INSERT INTO subsidies_freeplace (scheme_id, pool, place)
           SELECT scheme_id, pool, place FROM subsidies_enrolment""",
    ),
    ("ticket_waits_or_was_served", "UPDATE subsidies_ticket SET waits = true"),
    ("ticket_waits_or_was_served", "DELETE FROM subsidies_enrolment"),
    ("forfeit_is_its_transfer", FORFEITED.format(place="NULL", at="now()")),
    ("forfeit_is_its_transfer", "UPDATE wallet_transfer SET kind = 'forfeit' WHERE kind = 'grant'"),
    ("forfeited_right_was_never_used", FORFEITED.format(place="NULL", at="now()")),
    (
        "forfeited_right_was_never_used",
        "UPDATE subsidies_enrolment SET first_used_at = NULL;" + FORFEITED.format(place="NULL", at="'2025-11-01'"),
    ),
    ("purse_is_filled_by_its_grant", f"UPDATE wallet_transfer SET amount = {2400_01} WHERE kind = 'grant'"),
    ("purse_is_filled_by_its_grant", "DELETE FROM wallet_transfer WHERE kind = 'grant'"),
    ("purse_is_filled_by_its_grant", f"UPDATE wallet_transfer SET to_id = '{NOBODY}' WHERE kind = 'grant'"),
    ("purse_is_filled_by_its_grant", f"UPDATE wallet_transfer SET from_id = '{NOBODY}' WHERE kind = 'grant'"),
    (
        "purse_is_filled_by_its_grant",
        f"""INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause,
                                         business_date, occurred_at)
            SELECT '{NOBODY}', owner_id, from_kind, from_id, to_kind, to_id, 1, kind, cause, business_date, occurred_at
              FROM wallet_transfer WHERE kind = 'grant'""",
    ),
    ("places_are_funded", f"UPDATE wallet_transfer SET amount = {20_000_000 * 2_400_00 - 1} WHERE kind = 'funding'"),
    ("cap_use_is_within_its_limit", f"UPDATE subsidies_capuse SET used = {200_01}"),
    ("fund_never_below_zero", "DELETE FROM wallet_transfer WHERE kind = 'funding'"),
    ("fund_never_below_zero", "DELETE FROM wallet_transfer WHERE kind = 'remittance'"),
    ("fund_has_a_scheme", "DELETE FROM subsidies_scheme"),
    (
        "list_is_what_was_approved",
        f"""WITH list AS (
                INSERT INTO subsidies_peoplelist (id, code, as_of, source, made_by_id, begun_at, size, bytes_read,
                                                  digest, lines, people, rejected, ended_at, stopped_why)
                VALUES ('{NOBODY}', 'filers', '2025-06-30', '', '{NOBODY}', now(), 0, 0, '', 1, 1, 0, now(), ''))
            INSERT INTO subsidies_listapproval (list_id, officer_id, made_by, seen, people, at)
            VALUES ('{NOBODY}', gen_random_uuid(), '{NOBODY}', '', 1, now())""",
    ),
    (
        "coming_over_is_its_transfer",
        """INSERT INTO subsidies_comingover (from_enrolment_id, to_enrolment_id, citizen_id, code, amount, at)
           SELECT id, gen_random_uuid(), citizen_id, 'over', 1, '2025-11-01' FROM subsidies_enrolment""",
    ),
    (
        "coming_over_is_from_an_unused_right",
        f"""INSERT INTO subsidies_comingover (from_enrolment_id, to_enrolment_id, citizen_id, code, amount, at)
            SELECT id, '{NOBODY}', citizen_id, 'over', 0, '2025-11-01' FROM subsidies_enrolment""",
    ),
    (
        "fact_is_as_it_was_changed",
        """INSERT INTO subsidies_factchange (id, citizen_id, enrolment_id, code, number, fact, was, value, at)
           SELECT gen_random_uuid(), citizen_id, id, 'moved', 1, 'province', NULL, '"น่าน"', '2025-11-01'
             FROM subsidies_enrolment""",
    ),
    (
        "list_tells_each_rejected_line",
        f"INSERT INTO subsidies_listrejection (list_id, line, why, masked) VALUES ('{NOBODY}', 7, 'empty', '')",
    ),
    ("payment_is_its_transfers", "UPDATE merchants_payment SET citizen_share = citizen_share - 1, price = price - 1"),
    ("payment_is_its_transfers", "UPDATE wallet_transfer SET channel = 2 WHERE kind = 'payment'"),
    ("payment_is_its_transfers", "DELETE FROM wallet_transfer WHERE kind = 'payment' AND part = 2"),
    ("payment_ends_its_charge", "UPDATE merchants_charge SET amount = amount + 1"),
    ("payment_ends_its_charge", "DELETE FROM merchants_chargeend"),
    ("paid_charge_has_a_payment", "DELETE FROM merchants_payment"),
    ("charge_has_a_merchant", "DELETE FROM merchants_till"),
    ("key_has_its_payment", "DELETE FROM wallet_requestkey"),
    ("cap_use_is_what_payments_used", "UPDATE subsidies_capuse SET used = used + 1"),
    ("cap_use_is_what_payments_used", "DELETE FROM subsidies_capuse"),
    ("payment_has_its_parties", f"UPDATE merchants_payment SET till_id = '{NOBODY}'"),
    ("payment_has_its_parties", "DELETE FROM wallet_citizen"),
    (
        "share_comes_from_its_purse",
        f"""UPDATE merchants_payment SET shares = jsonb_set(shares, '{{0,version}}', '"{NOBODY}"')""",
    ),
    ("share_comes_from_its_purse", f"UPDATE wallet_transfer SET from_id = '{NOBODY}' WHERE part = 2"),
    ("share_comes_from_its_purse", "UPDATE merchants_payment SET shares = '[]'"),
    (
        "payment_shares_are_its_schemes",
        "UPDATE merchants_payment SET state_share = state_share - 1, citizen_share = citizen_share + 1",
    ),
    ("version_is_what_was_approved", "UPDATE subsidies_schemeversion SET document = document || ' '"),
    (
        "version_is_what_was_approved",
        "UPDATE subsidies_submission SET drafted_by = (SELECT officer_id FROM subsidies_verdict)",
    ),
    ("version_is_what_was_approved", "UPDATE subsidies_verdict SET seen = sha256('another text')"),
    ("version_is_what_was_approved", "DELETE FROM subsidies_submission"),
    ("standstill_is_in_the_audit", "DELETE FROM wallet_auditentry WHERE act = 'scheme.suspend'"),
    ("standstill_is_in_the_audit", f"UPDATE subsidies_suspension SET lifted_by_id = '{NOBODY}'"),
    ("standstill_is_in_the_audit", "DELETE FROM wallet_auditentry WHERE act = 'scheme.stop'"),
    ("hand_back_is_in_the_audit", "DELETE FROM wallet_auditentry WHERE act = 'scheme.ask_to_hand_back'"),
    ("hand_back_is_in_the_audit", f"UPDATE subsidies_handback SET decided_by_id = '{NOBODY}'"),
    ("money_is_handed_back_by_two_officers", "DELETE FROM subsidies_handback"),
    ("money_is_handed_back_by_two_officers", "UPDATE subsidies_handback SET amount = amount + 1"),
    ("money_is_handed_back_by_two_officers", "DELETE FROM wallet_transfer WHERE kind = 'handed_back'"),
    (audits.NAME, """UPDATE merchants_charge SET merchant_facts = '{"class": "franchise_convenience_store"}'"""),
    (audits.NAME, "UPDATE merchants_payment SET paid_at = '2025-10-31T23:30:00+07:00'"),
]

# Found only where everything is asked for: seals are not read by default, and nobody's payments are decided again.
WHERE_ALL_IS_ASKED_FOR = {"sealed_day_is_unchanged", audits.NAME}

FLOORS = (wallet.faults, subsidies.faults, merchants.faults)


@pytest.fixture
def a_sale(stage: Stage) -> None:
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee"), 100_00)
    the_officers_publish_suspend_restore_stop_and_hand_back()
    assert found(everything=True) == set()


def the_officers_publish_suspend_restore_stop_and_hand_back() -> None:
    office, document = Office(), next_version(from_=ALL_SAINTS, number=1)
    ploy, anan, seen = office.ploy.actor, office.anan.actor, digest_of(document)
    draft = drafts.begin(document=document, actor=ploy, at=NOON)
    drafts.submit(draft_id=draft.id, actor=ploy, seen=seen, at=NOON)
    drafts.approve(draft_id=draft.id, actor=anan, second_factor=office.anan.code(), seen=seen, at=NOON)
    stops.suspend(code=CODE, reason="a complaint", actor=ploy, at=NOON)
    stops.restore(code=CODE, reason="unfounded", second_factor=office.anan.code(), actor=anan, at=NOON)
    stops.ask_to_stop(code=CODE, reason="the money is gone", actor=ploy, at=NOON)
    funding.remit(amount=1_000_00, cause=uuid7(), actor=ploy, at=NOON)
    funding.allot(scheme=Scheme.objects.get(code=CODE), amount=1_000_00, cause=uuid7(), actor=ploy, at=NOON)
    stops.stop(code=CODE, second_factor=office.anan.code(), actor=anan, at=NOON)
    handing_back.ask(code=CODE, reason="it is over", actor=ploy, key="ask", at=NOON)
    handing_back.agree(code=CODE, second_factor=office.anan.code(), actor=anan, key="agree", at=NOON)


@pytest.mark.usefixtures("a_sale")
@pytest.mark.parametrize(("check", "statement"), BREAKS)
def test_a_broken_book_is_found(check: str, statement: str, break_books: Callable[..., None]) -> None:
    break_books(statement)
    assert check in found(everything=True)
    # Nothing is sealed yet, so that by default all of it is looked at too.
    assert (check in found(everything=False)) is (check not in WHERE_ALL_IS_ASKED_FOR)


def test_no_check_is_left_unproven() -> None:
    names = {check.name for floor in FLOORS for check in floor.CHECKS} | {audits.NAME}
    assert names == {check for check, _ in (*BREAKS, *OF_SHOPS, *OF_WEBHOOKS, *OF_DUES, *OF_HOLDS_AND_REFUNDS)}


def found(*, everything: bool) -> set[str]:
    return {fault.check for floor in FLOORS for fault in floor.faults(everything=everything)}
