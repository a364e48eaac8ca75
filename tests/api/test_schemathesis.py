"""The whole API is knocked at by each role with what its description allows and with what it does not.

No answer is a mistake of ours (5xx), none is other than the description says, and nothing that it forbids is taken.
"""

from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from merchants.integrators import SCOPES
from merchants.models import Role
from tests.api.doors import Knock
from tests.api.test_integrators import issue, system, work_for
from tests.api.test_roles import Market, market

# What takes long is to make things up, and a transaction that idles meanwhile would be ended.
pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["market"]  # the fixture

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]

# The same each time, so that a change is blamed for what it broke; all of it within ninety seconds on one core.
MADE_UP = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ONE = settings(MADE_UP, max_examples=1)
SHUT = {"token_refused", "not_your_role", "scope_missing"}


@pytest.fixture
def described() -> Any:
    """Return the API's description, and the application behind it."""

    def from_somewhere(environ: dict[str, Any], start: Any) -> Any:
        # An address of their own (RFC 5737), so that nobody else's tries are counted with these.
        return application({**environ, "REMOTE_ADDR": "192.0.2.7"}, start)

    return schemathesis.openapi.from_wsgi("/api/v1/schema/", from_somewhere)


def caller(market: Market, role: str) -> Knock:
    """Return somebody of this role who has something here to reach."""
    if role not in {"owner", "system"}:
        return market.callers[role]
    owner = work_for(UUID(market.names["merchant"]), Role.OWNER)
    return owner if role == "owner" else system(issue(owner, *SCOPES))


@pytest.mark.parametrize("role", ["nobody", "nok", "somchai", "malee", "owner", "system", "officer"])
def test_whatever_a_role_sends_is_answered_as_described(role: str, market: Market, described: Any) -> None:
    access = caller(market, role).access
    headers = {"Authorization": f"Bearer {access}"} if access else {}
    there = {f"{name}_id": value for name, value in market.names.items()}
    answers: Counter[int] = Counter()
    for found in described.get_all_operations():
        operation = found.ok()
        # What is there is asked for by its own name; other names are the stranger's to make up.
        named = {each.name: there[each.name] for each in operation.path_parameters if each.name in there}
        make_up = partial(operation.as_strategy, path_parameters=named or None)
        if knock(make_up(), ONE, headers, answers):
            continue  # a door that is shut to this role asks nobody what they bring
        for mode in GenerationMode:
            knock(make_up(generation_mode=mode), MADE_UP, headers, answers)
    assert sum(answers.values()) > 100
    assert answers[200] > 3


def knock(strategy: Any, as_often: settings, headers: dict[str, str], answers: Counter[int]) -> bool:
    """Send what the strategy makes up; say whether the door is shut to whoever sends it."""
    shut = [False]

    @as_often
    @given(strategy)
    def send(case: Any) -> None:
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        answers[answer.status_code] += 1
        shut[0] = answer.status_code in {401, 403} and answer.json()["code"] in SHUT

    with suppress(Unsatisfiable):  # an address without anything to send cannot be sent anything wrong
        send()
    return shut[0]
