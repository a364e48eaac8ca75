"""A rule refuses Nok; she asks for another look in her own words, reads the answer, and may join."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from subsidies import appeals
from subsidies.models import Appeal
from tests.cast import OPENING, PLUS, Stage, thai_id
from tests.pages.conftest import at_home
from tests.pages.eyes import look
from tests.settlement.office import Office
from tests.subsidies.test_appeals import BY_LISTS, CARD
from tests.subsidies.test_lists import in_force
from wallet import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]

HER_WORDS = "My card was cancelled\nlast year."


@pytest.fixture
def stage() -> Stage:
    """A market whose scheme refuses whom a list names, and takes appeals."""
    stage = Stage()
    stage.open_books()
    stage.scheme(document=BY_LISTS, funded=100_000_000_000_00)
    return stage


@pytest.mark.parametrize("answer", ["granted", "refused"])
def test_nok_asks_for_another_look_and_reads_the_answer(
    open_browser: Callable[..., Page], stage: Stage, language: str, say: Callable[..., str], answer: str
) -> None:
    clock.stand_at(OPENING)
    office = Office()
    in_force(office, thai_id(stage.people).encode(), code=CARD)
    phone = open_browser(language=language)
    at_home(phone, stage.citizen("nok"))
    phone.goto(f"/schemes/{PLUS}/")
    look(phone, "scheme-refused")
    phone.get_by_role("link", name=say("Ask for another look")).click()
    phone.get_by_label(say("What is wrong?")).fill(HER_WORDS)
    look(phone, "appeal")
    phone.get_by_role("button", name=say("Send it to an officer")).click()
    phone.wait_for_url(f"**/schemes/{PLUS}/")
    expect(phone.get_by_role("link", name=say("Ask for another look"))).to_have_count(0)
    look(phone, "appeal-waits")
    told = appeals.of(appeal_id=Appeal.objects.get().id)
    assert told.statement.splitlines() == HER_WORDS.splitlines()

    granted = answer == "granted"
    appeals.decide(
        appeal_id=told.appeal.id, granted=granted, reason="as the registry says", actor=office.ploy.actor, at=OPENING
    )
    phone.reload()
    expect(phone.get_by_text("as the registry says")).to_be_visible()
    expect(phone.get_by_role("button", name=say("Join"))).to_have_count(int(granted))
    look(phone, f"appeal-{answer}")
