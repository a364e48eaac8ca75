"""A scheme document is read, and its author told every mistake at once."""

import json
from dataclasses import asdict
from typing import get_args

import pytest

from subsidies.documents import DocumentInvalid, Mistake, example_lines_of, read, schema
from subsidies.documents.conditions import Test
from subsidies.documents.document import Document
from subsidies.documents.examples import Example
from tests.subsidies.test_library import LIBRARY, PLUS

TEXT = PLUS.read_text(encoding="utf-8")
SPAN = "starts_at = 2025-11-11T23:00:00+07:00\nends_at = 2025-11-12T23:00:00+07:00"


def mistakes(*changes: tuple[str, str]) -> list[Mistake]:
    text = TEXT
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong, 1)
    with pytest.raises(DocumentInvalid) as refused:
        read(text)
    told = list(refused.value.mistakes)
    assert refused.value.facts["mistakes"] == [asdict(mistake) for mistake in told]
    return told


def line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    found = mistakes(
        ("rate_bp = 5_000", "rate_bp = 50_000"),
        ("resets = 06:00:00", "reset = 06:00:00"),
        ("places = 20_000_000\n", ""),
        ("unit_satang = 1\n", "unit_satang = 1.5\n"),
        ('code = "khon-la-khrueng-plus"', "code = 7"),
    )

    assert [(mistake.field, mistake.found) for mistake in found] == [
        ("scheme.code", "7"),
        ("quota.places", "nothing"),
        ("funding.rates.0.rate_bp", "50000"),
        ("caps.0.reset", "an unknown field"),
        ("rounding.unit_satang", "1.5"),
    ]
    assert [mistake.line for mistake in found] == sorted(mistake.line for mistake in found)


@pytest.mark.parametrize(
    ("right", "wrong", "field", "allowed"),
    [
        ("rate_bp = 5_000", "rate_bp = 50_000", "funding.rates.0.rate_bp", "less than or equal to 10000"),
        ("resets = 06:00:00", "reset = 06:00:00", "caps.0.reset", "did you mean resets? one of code, counts, per"),
        ('per = "day"', 'per = "fortnight"', "caps.0.per", "'sale', 'day', 'week', 'month'"),
        (
            'fact = "person.age"',
            'fact = "person.aeg"',
            "eligibility.1.fact",
            "did you mean person.age? one of the facts: tier, at.weekday",
        ),
        ("at_least = 16", 'at_least = "16"', "eligibility.1.at_least", "a whole number, or a date such as 2025-10-29"),
        ('zone = "Asia/Bangkok"', 'zone = "Asia/Bankok"', "scheme.zone", "a time zone of the IANA list"),
        (
            "2025-12-31T23:00:00+07:00\n",
            "2025-12-31T23:00:00\n",
            "spend.ends_at",
            "an instant with its offset, such as",
        ),
        ("resets = 06:00:00", 'resets = "06:00"', "caps.0.resets", "a time such as 06:00:00, without quotes"),
        ('fact = "person.age"', 'fact = "age"', "eligibility.1.fact", "did you mean person.age?"),
        ("limit_satang = 200_00", "limits = 200", "caps.0.limits", "did you mean limit? one of code, counts, per"),
        ("amount_satang = 2_400_00", "amount = 2_400", "grants.0.amount", "did you mean amount_satang?"),
        ("price_satang = 500_00", "price_satang = -1", "examples.1.payments.0.price_satang", "greater than 0"),
    ],
)
def test_a_mistake_names_its_line_its_field_and_what_is_allowed(right, wrong, field, allowed):
    (mistake,) = mistakes((right, wrong))

    assert mistake.line == line_of(right)
    assert mistake.field == field
    assert allowed in mistake.allowed


@pytest.mark.parametrize(
    ("right", "wrong", "allowed"),
    [
        ('fact = "tier", is = "tax_filer"', 'fact = "tier", is = "taxfiler"', "one that the document names: general"),
        ('"person.nationality"\nis = "TH"', '"person.nationality"\nat_least = 3', "is, is_not, one_of, none_of"),
        ('"person.nationality"\nis = "TH"', '"person.nationality"\nis = 66', "a text to test person.nationality with"),
        ("limit_satang = 200_00", "limit = 200", "`limit_satang` where money counts"),
        ('is = "TH"', 'is = "TH"\non = 2025-06-30', "`on` only beside the facts person.age and person.lists"),
        ('is = "TH"', 'is = "TH"\nappeal_until = 2025-11-11T23:00:00+07:00', "`appeal` beside `appeal_until`"),
        ("[first_use]\n", "[first_use]\nwithin_days = 14\n", "exactly one of `within_days` and `by`"),
        ("rates = [{ rate_bp = 5_000 }]", "", "exactly one of `rates`, `bands` and `steps`"),
        ("starts_at = 2025-10-29T06:00:00+07:00", "starts_at = 2026-10-29T06:00:00+07:00", "after `starts_at`"),
        ('code = "general"\namount', 'code = "tax_filer"\namount', "repeated: tax_filer"),
        ('part = "state"\nchannels = ["delivery"]', 'part = "state"\nchannels = ["shop"]', "state on delivery"),
        ('channels = ["delivery"]\nallow', 'channels = ["delivery"]\ndeny = ["x"]\nallow', "one of `allow` and `deny`"),
        ("kinds_say", "# kinds_say", "`kinds_say` beside `kinds`"),
        ("state_satang = 200_00, citizen", 'state_satang = 200_00, refused = "x", citizen', "`state_satang` and"),
    ],
)
def test_what_makes_no_sense_together_is_a_mistake_with_a_reason(right, wrong, allowed):
    assert any(allowed in mistake.allowed for mistake in mistakes((right, wrong)))


def test_a_text_that_is_not_toml_is_told_where_it_breaks():
    with pytest.raises(DocumentInvalid) as refused:
        read("format = 1\n[scheme\n")

    assert [mistake.line for mistake in refused.value.mistakes] == [2]


def test_a_document_is_written_by_hand_and_so_never_a_megabyte():
    with pytest.raises(DocumentInvalid, match="at most 1000000 bytes"):
        read("#" * 1_000_001)


def test_the_examples_begin_on_their_lines():
    lines = example_lines_of(TEXT)

    assert len(lines) == TEXT.count("[[examples]]")
    assert lines[0] == line_of("[[examples]]")


def test_the_json_schema_names_every_section_and_holds_no_python():
    told = schema()

    assert json.loads(json.dumps(told)) == told
    assert {"scheme", "tiers", "grants", "spend", "funding", "caps", "settlement", "examples"} <= set(
        told["properties"]
    )
    assert told["additionalProperties"] is False
    assert "is" in told["$defs"]["Condition"]["properties"]


def test_the_guide_names_every_section_and_every_kind_of_example():
    guide = (LIBRARY.parents[1] / "docs" / "writing-a-scheme.md").read_text(encoding="utf-8")
    kinds = [kind.model_fields["asks"].annotation for kind in get_args(get_args(Example)[0])]

    for name in Document.model_fields:
        assert f"[{name}]" in guide or f"`{name} =" in guide, name
    for kind in kinds:
        assert f"`{get_args(kind)[0]}`" in guide
    for test in get_args(Test):
        assert f"`{test}`" in guide
    assert [path.stem for path in LIBRARY.glob("*.toml") if "_" in path.stem] == []


@pytest.mark.parametrize(
    ("sections", "allowed"),
    [
        (
            f"[earning]\n{SPAN}\nwait_days = 1\nat_most_satang = 1\nbands = [{{ rate_bp = 1 }}, {{ rate_bp = 2 }}]\n",
            "only the last may have none",
        ),
        ("[buy_in]\npays_satang = 2\ngets_satang = 1\nuntil = 2025-11-11T23:00:00+07:00\n", "at least `pays_satang`"),
        ("[[quota.pools]]\ncode = 'a'\nplaces = 20_000_001\n", "those of the pools among them: at least 20000001"),
        ("[[quota.pools]]\ncode = 'a'\nplaces = 1\n" * 2, "a code of its own for each pool"),
        ('[[changes]]\ncode = "a"\nuntil = 2025-11-11T23:00:00+07:00\n', "exactly one of `fact` and `scheme`"),
    ],
)
def test_a_section_that_makes_no_sense_is_told_so(sections, allowed):
    assert any(allowed in mistake.allowed for mistake in mistakes(("[first_use]\n", f"{sections}[first_use]\n")))


@pytest.mark.parametrize(
    ("right", "wrong", "allowed"),
    [
        ('code = "general"\namount_satang = 2_000_00', 'code = "general"', "exactly one of `amount_satang`"),
        (
            "amount_satang = 2_400_00\n",
            'amount_satang = 2_400_00\ntimes = "person.children"\n',
            "`at_most_satang` beside",
        ),
        ("amount_satang = 2_400_00\n", "amount_satang = 2_400_00\nback_pay = {}\n", "only beside `repeats`"),
        (
            "amount_satang = 2_400_00\n",
            "amount_satang = 2_400_00\nif_spent_satang = 1\n",
            "nothing is spent at enrolment",
        ),
        ('code = "day"\nper', 'code = "earned"\nper', "a code of its own for each cap and note, and never earned"),
        ("limit_satang = 200_00", 'limit_satang = 200_00\nunused = "lost"\ntimes = "sale.covers"', "without `times`"),
        ("rates = [{ rate_bp = 5_000 }]", "rates = [{ rate_bp = 5_000 }]\nnotes_per_sale = 1", "only beside `notes`"),
    ],
)
def test_rows_that_make_no_sense_are_told_so(right, wrong, allowed):
    assert any(allowed in mistake.allowed for mistake in mistakes((right, wrong)))
