"""A shop joins: it gets a number, its first particulars, and a place for its money."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.db import connection, transaction

from merchants import particulars
from merchants.models import Merchant
from merchants.particulars import Described
from wallet import audit, privacy
from wallet.ids import uuid7
from wallet.refusals import Refusal


class MerchantUnknown(Refusal):
    """There is no such shop."""

    code: ClassVar = "merchant_unknown"
    status: ClassVar = 404


def open_shop(
    *,
    name: str,
    name_en: str,
    city: str,
    facts: particulars.Facts,
    bank_code: str,
    bank_account: str,
    actor: audit.Actor,
    at: dt.datetime,
) -> Merchant:
    """Take a shop in without an application. `facts` are what schemes judge by (legal_form, class, province …)."""
    merchant_id = uuid7()
    with transaction.atomic(durable=True):
        return begin(
            merchant_id=merchant_id,
            described=Described(name=name, name_en=name_en, city=city, facts=facts),
            bank_code=bank_code,
            bank_account_sealed=privacy.seal({"account": bank_account}, subject_id=merchant_id),
            actor=actor,
            at=at,
        )


def begin(
    *,
    merchant_id: UUID,
    described: Described,
    bank_code: str,
    bank_account_sealed: bytes,
    actor: audit.Actor,
    at: dt.datetime,
) -> Merchant:
    """Write a shop that was let in, with its first particulars. Needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('merchants_wallet_number')")
        (number,) = cursor.fetchone()
    merchant = Merchant.objects.create(
        id=merchant_id,
        wallet_number=number,
        name=described.name,
        name_en=described.name_en,
        city=described.city,
        facts=dict(described.facts),
        bank_code=bank_code,
        bank_account_sealed=bank_account_sealed,
        joined_at=at,
    )
    particulars.add(merchant_id=merchant_id, described=described, reason="", actor=actor, at=at)
    audit.record(actor=actor, act="merchant.open", subject_id=merchant_id, at=at)
    return merchant


def merchant(*, merchant_id: UUID) -> Merchant:
    """Return a shop.

    :raises MerchantUnknown: there is none of this id.
    """
    found = Merchant.objects.filter(id=merchant_id).first()
    if found is None:
        raise MerchantUnknown
    return found
