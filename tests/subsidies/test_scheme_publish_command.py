"""`manage.py scheme publish` and `report`, as an operator runs them with two officers beside them."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from subsidies import schemes
from subsidies.models import SchemeVersion
from tests.cast import NOON, PLUS, Stage, buy
from tests.properties.stalls import SMALL_HALF
from tests.settlement.office import Office
from tests.subsidies.small_half import ALL_SAINTS, CODE, MORE_GENEROUS, next_version
from wallet import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(stage: Stage, settings: Any) -> Office:
    settings.DEMO_CLOCK = True
    clock.stand_at(NOON)
    stage.scheme(document=SMALL_HALF)
    return Office()


@pytest.fixture
def second(tmp_path: Path) -> Path:
    file = tmp_path / "second.toml"
    file.write_text(next_version(from_=ALL_SAINTS, saying=MORE_GENEROUS), encoding="utf-8")
    return file


def told(*words: str) -> str:
    out = StringIO()
    call_command("scheme", *words, stdout=out)
    return out.getvalue()


def publish(file: Path, office: Office, *, approver: str = "anan", **codes: str) -> str:
    asked = {"--code": office.ploy.code(), "--approval-code": office.anan.code(), **codes}
    words = [word for option in asked.items() for word in option]
    return told("publish", str(file), "--as", "ploy", "--approved-by", approver, *words)


def test_two_officers_publish_at_a_shell(office: Office, second: Path) -> None:
    assert publish(second, office) == f"{CODE} 2 holds from 2025-11-01T00:00:00+07:00\n"
    assert schemes.in_force(code=CODE, at=ALL_SAINTS).published_by == str(office.anan.actor)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"approver": "ploy"}, "cannot approve it"),
        ({"approver": "malee"}, "malee is no officer"),
        ({"--code": "000000"}, "The code is wrong"),
        ({"--approval-code": "000000"}, "The code is wrong"),
    ],
)
def test_one_officer_alone_does_not(office: Office, second: Path, said: dict[str, str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        publish(second, office, **said)
    assert not SchemeVersion.objects.filter(number=2).exists()


def test_a_wrong_document_is_refused_with_the_count_of_its_mistakes(office: Office, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[scheme]\n")
    with pytest.raises(CommandError, match="mistakes"):
        publish(wrong, office)


def test_a_report_is_printed_as_a_table_or_as_a_file(office: Office, stage: Stage) -> None:
    buy(stage.citizen("somchai", cash_satang=100_00, enrolled=PLUS), stage.stall("malee"), 100_00)
    table = told("report", PLUS, "--by", "class", "--from", "2025-10-31", "--until", "2025-10-31")
    assert [line.split()[:4] for line in table.splitlines()[2:4]] == [
        ["food", "1", "100.00", "50.00"],
        ["total", "1", "100.00", "50.00"],
    ]
    assert told("report", PLUS, "--by", "class", "--csv").splitlines()[2].startswith("food,1,10000,5000,5000,")
    with pytest.raises(CommandError, match="no such scheme"):
        told("report", "no-such-scheme")
