"""Pages are guarded as Django guards them, though the API passes by their middleware."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import translation

from config import tags
from tests.cast import PLUS, Stage

pytestmark = pytest.mark.django_db

SIGN_IN = "/admin/login/"


def test_no_page_can_be_put_into_a_frame() -> None:
    assert Client().get(SIGN_IN)["X-Frame-Options"] == "DENY"


def test_a_form_from_another_site_is_refused() -> None:
    get_user_model().objects.create_superuser("ploy", password="mango-sticky-rice")
    asked = {"username": "ploy", "password": "mango-sticky-rice"}
    assert Client(enforce_csrf_checks=True).post(SIGN_IN, asked).status_code == 403


def test_the_api_opens_no_session_and_sets_no_cookie() -> None:
    answer = Client().get("/api/v1/schemes/")
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


def test_a_refusal_calls_a_scheme_by_its_name_and_one_that_nobody_published_by_its_code(stage: Stage) -> None:
    no = {"code": "not_refundable", "facts": {"scheme": PLUS}}
    with translation.override("th"):
        assert tags.sentence(no).startswith("โครงการ คนละครึ่ง พลัส ไม่รับคืน")
    with translation.override("en"):
        assert tags.sentence(no).startswith("Scheme Khon La Khrueng Plus takes no sale back.")
        assert "eternal-noodles" in tags.sentence({**no, "facts": {"scheme": "eternal-noodles"}})
