"""A programme whose right is used in one province, which each person chooses when asking for a place."""

from typing import Final

import pytest

from subsidies import enrolment
from subsidies.enrolment import Joined, MustChoose, NothingToChoose
from subsidies.models import Enrolment, Scheme
from subsidies.rules.eligibility import NotEligible
from tests.cast import PLUS, Citizen, Stage
from tests.subsidies.places import give, lose_a_number
from tests.subsidies.programmes import LIBRARY, PLENTY, thai

pytestmark = pytest.mark.django_db

CODE: Final = "chim-shop-chai"
REGISTRATION: Final = thai(2019, 9, 28)


def choose(someone: Citizen, province: str | None, *, code: str = CODE, key: str = "enrol") -> Joined:
    chosen = {"chosen_province": province} if province else {}
    return enrolment.enrol(citizen_id=someone.id, code=code, key=key, at=REGISTRATION, chosen=chosen)


@pytest.fixture
def one_place(stage: Stage) -> Scheme:
    document = (LIBRARY / f"{CODE}.toml").read_text(encoding="utf-8")
    return stage.scheme(document=document.replace("places = 10_000_000", "places = 1"), funded=PLENTY)


@pytest.mark.usefixtures("one_place")
def test_the_choice_is_kept_with_the_place(stage: Stage) -> None:
    joined = choose(stage.citizen("somchai"), "น่าน")
    assert joined.enrolment is not None
    assert joined.enrolment.person["chosen_province"] == "น่าน"


@pytest.mark.usefixtures("one_place")
def test_who_has_not_chosen_is_asked_to(stage: Stage) -> None:
    with pytest.raises(MustChoose) as refused:
        choose(stage.citizen("somchai"), None)
    assert refused.value.facts == {"scheme": CODE, "facts": ["chosen_province"]}
    assert not Enrolment.objects.exists()


@pytest.mark.usefixtures("one_place")
def test_the_province_where_one_is_registered_cannot_be_chosen(stage: Stage) -> None:
    somchai = stage.citizen("somchai")
    with pytest.raises(NotEligible) as refused:
        choose(somchai, "กรุงเทพมหานคร", key="home")
    assert refused.value.facts["rules"] == ["not_at_home"]
    assert choose(somchai, "น่าน", key="away").granted == 1_000_00


def test_a_programme_that_asks_for_no_province_takes_none(stage: Stage) -> None:
    with pytest.raises(NothingToChoose):
        enrolment.enrol(
            citizen_id=stage.citizen("somchai").id,
            code=PLUS,
            key="enrol",
            at=thai(2025, 10, 21),
            chosen={"chosen_province": "น่าน"},
        )


def test_the_choice_waits_with_the_number(stage: Stage, one_place: Scheme) -> None:
    somchai, nok = stage.citizen("somchai"), stage.citizen("nok")
    lose_a_number(somchai, one_place)
    assert choose(nok, "แพร่").enrolment is None
    assert give(at=REGISTRATION) == 1
    assert Enrolment.objects.get(citizen_id=nok.id).person["chosen_province"] == "แพร่"
