"""The API describes itself, and the description is right."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from config.shapes import Shape
from tests.api.doors import Knock


def described() -> Any:
    return json.loads(Knock().client.get("/api/v1/schema/").content)


def shapes(of: type[Shape]) -> Iterator[type[Shape]]:
    for each in of.__subclasses__():
        yield each
        yield from shapes(each)


def test_it_is_drawn_without_a_warning_and_is_valid_openapi(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "openapi.json"
    call_command("spectacular", file=str(file), format="openapi-json", validate=True, fail_on_warn=True)
    assert capsys.readouterr().err == ""
    assert json.loads(file.read_text())["openapi"].startswith("3.1")


def test_no_two_shapes_have_one_name() -> None:
    # The description would show one of them for both.
    described()
    # What pages read are shapes too, but no page is described.
    of_doors = [shape for shape in shapes(Shape) if not {"tests", "web"} & set(shape.__module__.split("."))]
    names = Counter(shape.__name__ for shape in of_doors)
    assert [name for name, times in names.items() if times > 1] == []


def test_every_act_says_who_may_and_how_a_no_looks() -> None:
    for path, methods in described()["paths"].items():
        for operation in methods.values():
            assert "For " in operation["description"], path
            assert operation["responses"]["default"]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def test_what_moves_money_asks_for_a_key_and_nothing_else_does() -> None:
    keyed = {
        operation["operationId"]
        for methods in described()["paths"].values()
        for operation in methods.values()
        if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", []))
    }
    assert keyed == {
        "post_appeals",
        "post_approval",
        "post_buy_ins",
        "post_cancellation",
        "post_captures",
        "post_changes",
        "post_charges",
        "post_draft_approval",
        "post_draft_rejection",
        "post_draft_submission",
        "post_drafts",
        "post_enrolments",
        "post_lists",
        "post_hand_back",
        "post_hand_back_approval",
        "post_hand_back_rejection",
        "post_payments",
        "post_presented_charges",
        "post_proposal_acceptance",
        "post_proposals",
        "post_refunds",
        "post_rejection",
        "post_release",
        "post_resolution",
        "post_scheme_restoration",
        "post_scheme_suspension",
        "post_statements",
        "post_stop",
        "post_stop_approval",
        "post_stop_rejection",
        "post_submission",
        "post_top_ups",
        "post_withdrawals",
    }


def test_only_what_is_open_to_anyone_needs_no_token() -> None:
    open_to_anyone = {
        operation["operationId"]
        for methods in described()["paths"].values()
        for operation in methods.values()
        if not operation.get("security")
    }
    assert open_to_anyone == {
        "get_receipt",
        "get_receipt_keys",
        "get_scheme",
        "get_schemes",
        "post_citizens",
        "post_refreshed_tokens",
        "post_staff",
        "post_stripe",
        "post_tills",
        "post_tokens",
        "post_verification",
    }
