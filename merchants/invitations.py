"""A phone becomes a till, and a person one of the staff, by a code that is good once and for minutes.

The code is shown on the screen of who invites. It is letters and digits that QR codes hold most densely, and no payment
code, so that no wallet mistakes it for one. Twelve letters beside it are good for the same, for who cannot scan.
"""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from merchants import branches, notices, staff, tills
from merchants.models import Branch, Invitation, Merchant, Role, Staff, Till
from wallet import audit
from wallet.ids import uuid7
from wallet.refusals import Refusal

# Long enough to find the phone and to choose a password, short enough that a photo of the screen is worth little.
LIFE: Final = dt.timedelta(minutes=15)

_PAYLOAD: Final = re.compile(r"GWALLET:JOIN:1:([0-9A-F]{32}):([0-9A-F]{32})")
_SECRET_BYTES: Final = 16
LONGEST_NAME: Final = 60

# Crockford's base 32: no two of its signs look alike, and twelve are 60 bits, which nobody guesses within minutes.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED: Final = 12
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

# Who may invite whom: owners everybody, managers tills and cashiers.
MAY_INVITE: Final = {
    Role.OWNER: frozenset({"", Role.OWNER, Role.MANAGER, Role.CASHIER}),
    Role.MANAGER: frozenset({"", Role.CASHIER}),
}


class InvitationUnknown(Refusal):
    """What was scanned is no invitation of ours, or is for something else: a till, a member of the staff."""

    code: ClassVar = "invitation_unknown"
    status: ClassVar = 404


class InvitationExpired(Refusal):
    """The invitation's minutes are over."""

    code: ClassVar = "invitation_expired"


class InvitationUsed(Refusal):
    """The invitation was used before; it is good once."""

    code: ClassVar = "invitation_used"


class UsernameTaken(Refusal):
    """Somebody has this name already."""

    code: ClassVar = "username_taken"


class PasswordTooWeak(Refusal):
    """The password is too short, too common, or too much like the name."""

    code: ClassVar = "password_too_weak"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, the text of its code and the letters that stand for it, which are shown this once."""

    invitation: Invitation
    payload: str
    letters: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A new member of the staff. `totp_url` is what an owner's authenticator app scans, shown this once."""

    member: Staff
    totp_url: str | None


def invite_till(*, by: Staff, name: str, branch_id: UUID | None, at: dt.datetime) -> Invited:
    """Invite a phone to become a till, of a branch or of the shop at large.

    :raises NotAtWork: cashiers do not invite.
    :raises BranchUnknown:
    """
    _must_be_able(by, "")
    branch = branches.of(merchant_id=by.merchant_id, branch_id=branch_id) if branch_id else None
    with transaction.atomic(durable=True):
        return make(merchant=by.merchant, role="", name=name, branch=branch, actor=staff.actor(by), at=at)


def invite_staff(*, by: Staff, role: Role, name: str, at: dt.datetime) -> Invited:
    """Invite a person to work for the shop.

    :raises NotAtWork: owners invite anybody, managers cashiers, cashiers nobody.
    """
    _must_be_able(by, role)
    with transaction.atomic(durable=True):
        return make(merchant=by.merchant, role=role, name=name, branch=None, actor=staff.actor(by), at=at)


def make(
    *, merchant: Merchant, role: str, name: str, branch: Branch | None, actor: audit.Actor, at: dt.datetime
) -> Invited:
    """Write an invitation; an empty role is for a till. Needs a transaction."""
    secret = secrets.token_bytes(_SECRET_BYTES)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_TYPED))
    invitation = Invitation.objects.create(
        id=uuid7(),
        merchant=merchant,
        branch=branch,
        role=role,
        name=name,
        secret_digest=hashlib.sha256(secret).digest(),
        typed_digest=hashlib.sha256(letters.encode()).digest(),
        by=str(actor),
        made_at=at,
        expires_at=at + LIFE,
    )
    audit.record(actor=actor, act="invitation.make", subject_id=invitation.id, at=at, role=role or "till")
    payload = f"GWALLET:JOIN:1:{invitation.id.hex.upper()}:{secret.hex().upper()}"
    return Invited(invitation, payload, f"{letters[:4]}-{letters[4:8]}-{letters[8:]}")


def enrol_till(*, payload: str, at: dt.datetime) -> tuple[Till, str]:
    """Make the phone that scanned an invitation a till, and return the till with its secret, shown this once.

    :raises InvitationUnknown | InvitationExpired | InvitationUsed | BranchUnknown:
    """
    with transaction.atomic(durable=True):
        invitation = _use(payload, for_till=True, at=at)
        if invitation.branch_id is not None:
            branches.of(merchant_id=invitation.merchant_id, branch_id=invitation.branch_id)
        # Who has invited it is in the audit; the phone itself is nobody yet.
        actor = audit.Actor("staff", invitation.by.partition(":")[2])
        return tills.begin(
            merchant=invitation.merchant, name=invitation.name, branch=invitation.branch, actor=actor, at=at
        )


def join(*, payload: str, username: str, password: str, at: dt.datetime) -> Joined:
    """Let a person who scanned an invitation join the staff, under a name and a password of their own.

    An owner gets an authenticator's seed as well, without which they cannot sign in.

    :raises InvitationUnknown | InvitationExpired | InvitationUsed | UsernameTaken | PasswordTooWeak:
    """
    users = get_user_model()
    try:
        validate_password(password, users(username=username))
    except ValidationError as error:
        raise PasswordTooWeak from error
    try:
        with transaction.atomic(durable=True):
            invitation = _use(payload, for_till=False, at=at)
            user = users.objects.create_user(username, password=password)
            member = Staff.objects.create(
                id=uuid7(), user=user, merchant_id=invitation.merchant_id, role=invitation.role
            )
            url: str | None = None
            if member.role == Role.OWNER:
                url = TOTPDevice.objects.create(user=user, name="authenticator app", confirmed=True).config_url
            audit.record(actor=staff.actor(member), act="staff.join", subject_id=member.id, at=at, role=member.role)
            notices.tell_shop(merchant_id=member.merchant_id, code="staff_joined", at=at, role=member.role)
    except IntegrityError as error:
        if "auth_user_username" not in str(error):
            raise
        raise UsernameTaken from error
    return Joined(member, url)


def _must_be_able(by: Staff, role: str) -> None:
    if role not in MAY_INVITE.get(Role(by.role), frozenset()):
        raise staff.NotAtWork


def _use(payload: str, *, for_till: bool, at: dt.datetime) -> Invitation:
    found = _scanned(payload) or _typed(payload)
    if found is None or (not found.role) is not for_till or not _still_stands(found):
        raise InvitationUnknown
    if at >= found.expires_at:
        raise InvitationExpired(expired_at=found.expires_at.isoformat())
    # Two phones at once: the second waits for the first's transaction here, and then finds it used.
    if not Invitation.objects.filter(id=found.id, used_at=None).update(used_at=at):
        raise InvitationUsed
    return found


def _still_stands(invitation: Invitation) -> bool:
    """Say whether who has invited still could: a manager who is sent away leaves no till behind in their pocket."""
    who, _, inviter_id = invitation.by.partition(":")
    if who != "staff":
        return True
    inviter = Staff.objects.filter(id=inviter_id, left_at=None).first()
    return inviter is not None and invitation.role in MAY_INVITE.get(Role(inviter.role), frozenset())


def _scanned(payload: str) -> Invitation | None:
    read = _PAYLOAD.fullmatch(payload)
    found = _invitations().filter(id=UUID(read[1])).first() if read else None
    if read is None or found is None:
        return None
    proven = hmac.compare_digest(bytes(found.secret_digest), hashlib.sha256(bytes.fromhex(read[2])).digest())
    return found if proven else None


def _typed(letters: str) -> Invitation | None:
    digest = hashlib.sha256(letters.upper().translate(_MISREAD).encode()).digest()
    return _invitations().filter(typed_digest=digest).first()


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("merchant", "branch")
