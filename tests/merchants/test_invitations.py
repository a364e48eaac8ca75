"""Malee's phones become tills and her nephew a cashier, by codes that are good once and for minutes."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from merchants import branches, charges, emvco, invitations, qr, sign_in, staff, tills
from merchants.branches import BranchUnknown
from merchants.invitations import (
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    PasswordTooWeak,
    UsernameTaken,
)
from merchants.models import Notice, Role, Till
from merchants.staff import LastOwner, NotAtWork, StaffUnknown
from merchants.tills import TillSecretWrong
from tests.cast import NOON, STAGE_HAND, Stage, Stall, ask
from tests.shopkeepers import keeper
from wallet import tokens
from wallet.ids import uuid7
from wallet.models import RefreshToken
from wallet.people import SignInRefused
from wallet.tokens import TokenRefused

pytestmark = pytest.mark.django_db

PASSWORD = "khao-mok-gai-on-friday"
MINUTE = dt.timedelta(minutes=1)
PLACE = {"province": "เชียงใหม่", "district": "เมืองเชียงใหม่"}


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def till_code(stall: Stall, *, by: Role = Role.OWNER) -> str:
    return invitations.invite_till(by=keeper(stall, by).member, name="phone 2", branch_id=None, at=NOON).payload


def staff_code(stall: Stall, role: Role) -> str:
    return invitations.invite_staff(by=keeper(stall).member, role=role, name="nephew", at=NOON).payload


def test_a_phone_becomes_a_till_and_takes_money_at_once(malee: Stall) -> None:
    till, secret = invitations.enrol_till(payload=till_code(malee, by=Role.MANAGER), at=NOON + 14 * MINUTE)
    assert (till.merchant_id, till.name) == (malee.merchant.id, "phone 2")
    assert tills.by_secret(till_id=till.id, secret=secret) == till
    assert ask(Stall("malee", malee.merchant, till, secret), 50_00).till_id == till.id


def test_any_number_of_phones_become_tills(malee: Stall) -> None:
    for _ in range(5):
        invitations.enrol_till(payload=till_code(malee), at=NOON)
    assert len(tills.of_shop(merchant_id=malee.merchant.id)) == 6


def test_who_cannot_scan_types_twelve_letters_however_they_write_them(malee: Stall) -> None:
    made = [invitations.invite_till(by=keeper(malee).member, name="phone", branch_id=None, at=NOON) for _ in range(3)]
    assert len({one.letters for one in made}) == 3
    one, other, third = (each.letters for each in made)
    for typed in (one, f" {other.lower().replace('-', ' ')} ", third.replace("0", "o").replace("1", "l")):
        invitations.enrol_till(payload=typed, at=NOON)
    with pytest.raises(InvitationUsed):
        invitations.enrol_till(payload=one, at=NOON)
    with pytest.raises(InvitationUsed):
        invitations.enrol_till(payload=made[0].payload, at=NOON)


def test_an_invitation_is_good_once(malee: Stall) -> None:
    code = till_code(malee)
    invitations.enrol_till(payload=code, at=NOON)
    with pytest.raises(InvitationUsed):
        invitations.enrol_till(payload=code, at=NOON)
    assert Till.objects.count() == 2


def test_an_invitation_is_good_for_a_quarter_of_an_hour(malee: Stall) -> None:
    with pytest.raises(InvitationExpired) as refused:
        invitations.enrol_till(payload=till_code(malee), at=NOON + 15 * MINUTE)
    assert refused.value.facts == {"expired_at": "2025-10-31T05:15:00+00:00"}


def test_what_is_no_invitation_or_is_for_something_else_makes_no_till(malee: Stall) -> None:
    good = till_code(malee)
    last = "0" if good[-1] != "0" else "1"
    for code in (
        "https://line.me/R/ti/p/@malee",
        good[:-1],
        good.lower(),
        good[:-1] + last,
        good.replace(good.split(":")[3], uuid7().hex.upper()),
        staff_code(malee, Role.CASHIER),
        charges.payload(ask(malee, 50_00)),
    ):
        with pytest.raises(InvitationUnknown):
            invitations.enrol_till(payload=code, at=NOON)
    with pytest.raises(InvitationUnknown):
        invitations.join(payload=good, username="nephew", password=PASSWORD, at=NOON)


def test_a_wallet_does_not_take_an_invitation_for_something_to_pay(malee: Stall) -> None:
    with pytest.raises(emvco.NotPaymentQR):
        qr.read(payload=till_code(malee), key=b"any")


def test_cashiers_invite_nobody_and_managers_only_tills_and_cashiers(malee: Stall) -> None:
    cashier, manager = (keeper(malee, role).member for role in (Role.CASHIER, Role.MANAGER))
    with pytest.raises(NotAtWork):
        invitations.invite_till(by=cashier, name="mine", branch_id=None, at=NOON)
    for by, role in ((cashier, Role.CASHIER), (manager, Role.MANAGER), (manager, Role.OWNER)):
        with pytest.raises(NotAtWork):
            invitations.invite_staff(by=by, role=role, name="friend", at=NOON)
    invitations.invite_staff(by=manager, role=Role.CASHIER, name="friend", at=NOON)


def test_a_cashier_joins_signs_in_and_the_token_says_what_they_are(malee: Stall) -> None:
    joined = invitations.join(payload=staff_code(malee, Role.CASHIER), username="nephew", password=PASSWORD, at=NOON)
    assert (joined.member.role, joined.totp_url) == ("cashier", None)
    now = dt.datetime.now(dt.UTC)
    come_in = sign_in.staff(username="nephew", password=PASSWORD, totp=None, address="192.0.2.1", at=NOON, now=now)
    caller = tokens.read(come_in.tokens.access)
    assert (caller.staff_role, caller.merchant_id) == ("cashier", malee.merchant.id)
    assert caller.roles == {"staff", "cashier"}
    (notice,) = Notice.objects.filter(merchant_id=malee.merchant.id)
    assert (notice.code, notice.facts) == ("staff_joined", {"role": "cashier"})


def test_an_owner_joins_with_an_authenticator_and_comes_in_by_its_codes_alone(malee: Stall) -> None:
    joined = invitations.join(payload=staff_code(malee, Role.OWNER), username="sister", password=PASSWORD, at=NOON)
    url = urlsplit(joined.totp_url or "")
    assert (url.scheme, url.netloc, parse_qs(url.query)["issuer"]) == ("otpauth", "totp", ["G-Wallet"])
    now = dt.datetime.now(dt.UTC)
    with pytest.raises(SignInRefused):
        sign_in.staff(username="sister", password=PASSWORD, totp=None, address="192.0.2.1", at=NOON, now=now)
    device = TOTPDevice.objects.get(user=joined.member.user)
    code = type(keeper(malee))(joined.member, device).code()
    come_in = sign_in.staff(username="sister", password=PASSWORD, totp=code, address="192.0.2.1", at=NOON, now=now)
    assert come_in.caller.staff_role == "owner"


def test_a_name_is_one_persons_and_a_weak_password_is_nobodys(malee: Stall) -> None:
    code = staff_code(malee, Role.CASHIER)
    for weak in ("short", "q1w2e3r4t5y6", "nephew-nephew"):
        with pytest.raises(PasswordTooWeak):
            invitations.join(payload=code, username="nephew-nephew", password=weak, at=NOON)
    keeper(malee, Role.CASHIER, name="taken")
    with pytest.raises(UsernameTaken):
        invitations.join(payload=code, username="malee taken", password=PASSWORD, at=NOON)
    invitations.join(payload=code, username="nephew", password=PASSWORD, at=NOON)


def test_who_leaves_gets_no_new_token(malee: Stall) -> None:
    owner, cashier = keeper(malee).member, keeper(malee, Role.CASHIER).member
    now = dt.datetime.now(dt.UTC)
    caller = tokens.Caller("staff", cashier.id, merchant_id=malee.merchant.id, staff_role="cashier")
    pair = tokens.issue(caller=caller, at=now)
    staff.leave(staff_id=cashier.id, by=owner, at=NOON)
    with pytest.raises(TokenRefused):
        tokens.rotate(refresh=pair.refresh, at=now)
    assert RefreshToken.objects.filter(subject_id=cashier.id, revoked_at=None).count() == 0
    with pytest.raises(NotAtWork):
        staff.at_work(staff_id=cashier.id)


def test_what_somebody_invited_to_is_void_once_they_could_not_invite_any_more(malee: Stall) -> None:
    owner = keeper(malee).member
    for member in (keeper(malee, Role.MANAGER).member, keeper(malee, name="sister").member):
        code = invitations.invite_till(by=member, name="own phone", branch_id=None, at=NOON).payload
        staff.leave(staff_id=member.id, by=owner, at=NOON)
        with pytest.raises(InvitationUnknown):
            invitations.enrol_till(payload=code, at=NOON + MINUTE)
    demoted = keeper(malee, Role.MANAGER, name="cousin").member
    code = invitations.invite_staff(by=demoted, role=Role.CASHIER, name="friend", at=NOON).payload
    staff.change_role(staff_id=demoted.id, role=Role.CASHIER, by=owner, at=NOON)
    with pytest.raises(InvitationUnknown):
        invitations.join(payload=code, username="friend", password=PASSWORD, at=NOON + MINUTE)
    assert Till.objects.count() == 1


def test_only_an_owner_sends_others_away_and_never_the_last_owner(malee: Stall, stage: Stage) -> None:
    prasert = stage.stall("prasert")
    owner, manager, cashier = (keeper(malee, role).member for role in (Role.OWNER, Role.MANAGER, Role.CASHIER))
    with pytest.raises(NotAtWork):
        staff.leave(staff_id=cashier.id, by=manager, at=NOON)
    with pytest.raises(StaffUnknown):
        staff.leave(staff_id=keeper(prasert).member.id, by=owner, at=NOON)
    with pytest.raises(LastOwner):
        staff.leave(staff_id=owner.id, by=owner, at=NOON)
    with pytest.raises(LastOwner):
        staff.change_role(staff_id=owner.id, role=Role.CASHIER, by=owner, at=NOON)
    staff.leave(staff_id=manager.id, by=manager, at=NOON)
    staff.leave(staff_id=cashier.id, by=owner, at=NOON)
    assert staff.of_shop(merchant_id=malee.merchant.id) == [owner]


def test_another_role_begins_with_another_sign_in(malee: Stall) -> None:
    owner, cashier = keeper(malee).member, keeper(malee, Role.CASHIER).member
    now = dt.datetime.now(dt.UTC)
    pair = tokens.issue(caller=tokens.Caller("staff", cashier.id, staff_role="cashier"), at=now)
    staff.change_role(staff_id=cashier.id, role=Role.MANAGER, by=owner, at=NOON)
    assert staff.at_work(staff_id=cashier.id, roles=(Role.MANAGER,)) == cashier
    with pytest.raises(TokenRefused):
        tokens.rotate(refresh=pair.refresh, at=now)
    with pytest.raises(NotAtWork):
        staff.change_role(staff_id=cashier.id, role=Role.OWNER, by=owner, at=NOON)


def test_a_branch_is_judged_by_its_own_place_and_its_tills_go_with_it(malee: Stall) -> None:
    branch = branches.add(merchant=malee.merchant, name="สาขาเชียงใหม่", facts=PLACE, actor=STAGE_HAND, at=NOON)
    owner = keeper(malee).member
    code = invitations.invite_till(by=owner, name="phone 3", branch_id=branch.id, at=NOON).payload
    till, secret = invitations.enrol_till(payload=code, at=NOON)
    there = Stall("malee", malee.merchant, tills.of(till_id=till.id), secret)
    assert ask(there, 50_00).merchant_facts == {"legal_form": "natural_person", "class": "food", **PLACE}
    assert ask(malee, 50_00).merchant_facts["province"] == "กรุงเทพมหานคร"
    branches.close(branch=branch, actor=STAGE_HAND, at=NOON)
    with pytest.raises(TillSecretWrong):
        tills.by_secret(till_id=till.id, secret=secret)
    with pytest.raises(BranchUnknown):
        branches.close(branch=branch, actor=STAGE_HAND, at=NOON)
    assert branches.of_shop(merchant_id=malee.merchant.id) == []


def test_no_phone_becomes_a_till_of_a_branch_that_has_closed_or_is_anothers(malee: Stall, stage: Stage) -> None:
    branch = branches.add(merchant=malee.merchant, name="สาขา 2", facts=PLACE, actor=STAGE_HAND, at=NOON)
    with pytest.raises(BranchUnknown):
        invitations.invite_till(by=keeper(stage.stall("prasert")).member, name="spy", branch_id=branch.id, at=NOON)
    code = invitations.invite_till(by=keeper(malee).member, name="late", branch_id=branch.id, at=NOON).payload
    branches.close(branch=branch, actor=STAGE_HAND, at=NOON)
    with pytest.raises(BranchUnknown):
        invitations.enrol_till(payload=code, at=NOON)
