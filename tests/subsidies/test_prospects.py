"""A scheme as each citizen sees it before asking: in, able to join, or why not."""

import pytest

from subsidies import prospects
from subsidies.schemes import SchemeUnknown
from tests.cast import NOON, OPENING, PLUS, Stage

pytestmark = pytest.mark.django_db


def test_somchai_is_in_and_nok_may_join_while_registration_is_open(stage: Stage) -> None:
    somchai, nok = stage.citizen("somchai", enrolled=PLUS), stage.citizen("nok")
    his, hers = (prospects.of(citizen_id=who.id, code=PLUS, at=OPENING) for who in (somchai, nok))
    assert his.place is not None
    assert not his.may_join
    assert (hers.place, hers.ahead, hers.no, hers.may_join) == (None, None, None, True)


def test_after_registration_nok_is_told_why_not(stage: Stage) -> None:
    nok = stage.citizen("nok")
    (only,) = prospects.all_of(citizen_id=nok.id, at=NOON)
    assert only.no is not None
    assert only.no.code == "registration_closed"
    assert not only.may_join


def test_there_is_no_prospect_of_a_scheme_that_nobody_published(stage: Stage) -> None:
    with pytest.raises(SchemeUnknown):
        prospects.of(citizen_id=stage.citizen("nok").id, code="eternal-noodles", at=NOON)
