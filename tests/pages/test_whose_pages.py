"""Every page of the finance office is for officers: strangers are asked to sign in, citizens and stalls are told no."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from config import visits
from config.web import OFFICE
from tests.cast import PLUS, Stage
from wallet import tokens
from wallet.ids import uuid7
from wallet.tokens import Caller

pytestmark = pytest.mark.django_db

WORDS: Final[dict[str, Any]] = {"UUIDConverter": uuid7(), "SlugConverter": PLUS, "IntConverter": 1}
PAGES = [each for each in OFFICE if each.name != "office-sign-in"]


@pytest.mark.parametrize("page", PAGES, ids=[str(each.name) for each in PAGES])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_officers_enter(stage: Stage, page: URLPattern, method: str) -> None:
    address = reverse(
        page.name, kwargs={name: WORDS[type(word).__name__] for name, word in page.pattern.converters.items()}
    )
    stranger = getattr(Client(), method)(address)
    assert (stranger.status_code, stranger["Location"].partition("?")[0]) == (302, "/office/sign-in/")
    somchai, malee = stage.citizen("somchai"), stage.stall("malee")
    for caller in (
        Caller("citizen", somchai.id, device_id=somchai.device.id),
        Caller("till", malee.till.id, merchant_id=malee.merchant.id),
    ):
        client = Client()
        client.cookies[visits.COOKIE] = tokens.issue(caller=caller, at=timezone.now()).refresh
        answer = getattr(client, method)(address)
        assert answer.status_code == 403
        assert 'data-code="not_your_role"' in answer.content.decode()
