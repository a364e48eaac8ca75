"""Tokens: short ones checked without a query, long ones that rotate and betray a copy."""

import base64
import datetime as dt
import json

import pytest
from django.conf import settings as live
from django.core import signing
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from wallet import tokens
from wallet.ids import uuid7
from wallet.models import RefreshToken
from wallet.tokens import Caller, TokenRefused

CALLER = Caller("citizen", uuid7(), device_id=uuid7())


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.mark.django_db
def test_an_access_token_is_read_without_a_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    access = tokens.access_for(CALLER, at=now())
    with django_assert_num_queries(0):
        assert tokens.read(access) == CALLER


def test_after_a_quarter_of_an_hour_it_is_refused() -> None:
    with pytest.raises(TokenRefused):
        tokens.read(tokens.access_for(CALLER, at=now() - dt.timedelta(minutes=15, seconds=1)))


def test_a_token_signed_by_another_key_or_for_another_purpose_is_refused() -> None:
    claims = {"sub": str(uuid7()), "role": "officer", "exp": now().timestamp() + 300}
    key = live.TOKEN_KEYS[max(live.TOKEN_KEYS)]
    for forged in (
        signing.Signer(key=b"a" * 32, salt="g-wallet access token", sep=".").sign_object(claims),
        signing.Signer(key=key, salt="something else", sep=".").sign_object(claims),
        signing.Signer(key=live.SECRET_KEY, salt="g-wallet access token", sep=".").sign_object(claims),
        "not.a.token",
        "not:a:token",
        ".",
        "",
        "ก",
    ):
        with pytest.raises(TokenRefused):
            tokens.read(forged)


def test_a_changed_role_breaks_the_signature() -> None:
    body, signature = tokens.access_for(CALLER, at=now()).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["role"] = "officer"
    changed = base64.urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode().rstrip("=")
    with pytest.raises(TokenRefused):
        tokens.read(f"{changed}.{signature}")


def test_a_retired_key_is_refused_and_an_older_one_still_read(settings: Settings) -> None:
    settings.TOKEN_KEYS = {1: b"1" * 32}
    old = tokens.access_for(CALLER, at=now())
    settings.TOKEN_KEYS = {1: b"1" * 32, 2: b"2" * 32}
    assert tokens.read(old) == CALLER
    new = tokens.access_for(CALLER, at=now())
    settings.TOKEN_KEYS = {2: b"2" * 32}
    assert tokens.read(new) == CALLER
    with pytest.raises(TokenRefused):
        tokens.read(old)


@pytest.mark.django_db
def test_each_refresh_token_is_used_once_and_a_copy_ends_the_family() -> None:
    first = tokens.issue(caller=CALLER, at=now())
    second = tokens.rotate(refresh=first.refresh, at=now())
    assert tokens.read(second.access) == CALLER
    with pytest.raises(TokenRefused):
        tokens.rotate(refresh=first.refresh, at=now())
    with pytest.raises(TokenRefused):
        tokens.rotate(refresh=second.refresh, at=now())


@pytest.mark.django_db
def test_refresh_tokens_run_out_after_thirty_days_and_are_kept_only_as_digests() -> None:
    pair = tokens.issue(caller=CALLER, at=now())
    assert pair.refresh.encode() not in bytes(RefreshToken.objects.get().digest)
    with pytest.raises(TokenRefused):
        tokens.rotate(refresh=pair.refresh, at=now() + dt.timedelta(days=30))


@pytest.mark.django_db
def test_signing_a_phone_out_ends_its_refresh_tokens_alone() -> None:
    other = Caller("citizen", CALLER.id, device_id=uuid7())
    mine, others = tokens.issue(caller=CALLER, at=now()), tokens.issue(caller=other, at=now())
    tokens.revoke(subject_id=CALLER.id, device_id=CALLER.device_id, at=now())
    with pytest.raises(TokenRefused):
        tokens.rotate(refresh=mine.refresh, at=now())
    assert tokens.read(tokens.rotate(refresh=others.refresh, at=now()).access) == other
