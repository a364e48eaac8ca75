"""A till comes in by the secret that it was given once, a shop's people by password, owners with a second factor."""

import datetime as dt
from uuid import UUID

from django_otp import user_has_device

from merchants import invitations, tills
from merchants.models import Role, Staff
from merchants.staff import role_of
from wallet.people import SignInRefused
from wallet.sign_in import SignedIn, guesses_counted, prove, signed_in
from wallet.tokens import Caller


def till(*, till_id: UUID, secret: str, now: dt.datetime) -> SignedIn:
    """Sign a till in. Its secret is 256 random bits, so wrong ones need not be counted.

    :raises TillSecretWrong: unknown till, wrong secret, or signed out.
    """
    found = tills.by_secret(till_id=till_id, secret=secret)
    return signed_in(Caller("till", found.id, merchant_id=found.merchant_id), now=now)


def new_till(*, payload: str, at: dt.datetime, now: dt.datetime) -> tuple[SignedIn, str]:
    """Make the phone that scanned an invitation a till and sign it in; return its secret as well, shown this once.

    :raises InvitationUnknown | InvitationExpired | InvitationUsed | BranchUnknown:
    """
    made, secret = invitations.enrol_till(payload=payload, at=at)
    return signed_in(Caller("till", made.id, merchant_id=made.merchant_id), now=now), secret


def staff(
    *, username: str, password: str, totp: str | None, address: str, at: dt.datetime, now: dt.datetime
) -> SignedIn:
    """Sign a member of a shop's staff in.

    :raises SignInRefused: something is wrong, they have left, or an owner has no second factor.
    :raises TooManyTries: too many were wrong, for this name or from this address.
    """
    with guesses_counted(username=username, address=address, at=at):
        user = prove(username=username, password=password, totp=totp)
        found = Staff.objects.filter(user_id=user.pk, left_at=None).first()
        if found is None or (found.role == Role.OWNER and not user_has_device(user)):
            raise SignInRefused
    caller = Caller("staff", found.id, merchant_id=found.merchant_id, staff_role=role_of(found))
    return signed_in(caller, now=now)
