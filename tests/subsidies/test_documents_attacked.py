"""Whatever is brought as a scheme document is answered with lines and fields, and never breaks what reads it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from subsidies import examples
from subsidies.documents import DocumentInvalid, Mistake, decoded, example_lines_of, read
from tests.subsidies.test_library import LIBRARY, PLUS

HALF_EACH = (LIBRARY.parents[1] / "tests" / "subsidies" / "half-each.toml").read_text(encoding="utf-8")
TEXT = HALF_EACH.replace("[spend]\n", '[[grants]]\ncode = "all"\namount_satang = 2_000_00\n\n[spend]\n', 1)
RATE = "rates = [{ rate_bp = 5_000 }]"
NAME = 'en = "Half each"'
VERSION = "version = 1"
SAYS = 'says = { th = "ก", en = "a" }\n'


def mistakes(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(DocumentInvalid) as refused:
        read(text)
    return refused.value.mistakes


def wrong(right: str, written: str) -> Mistake:
    assert right in TEXT
    (mistake,) = mistakes(TEXT.replace(right, written, 1))
    return mistake


def line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("right", "written", "found", "allowed"),
    [
        (VERSION, "version = 1\nversion = 2", "Cannot overwrite a value", "each field once in its section"),
        ("opens = 06:00:00", "opens = 24:00:00", "Expected newline", "midnight is 00:00:00"),
        ("places = 1_000", "places = 1,000", "Expected newline", "200_00, not 200,00"),
        (VERSION, "version = " + "9" * 5_000, "a number of thousands of digits", "a whole number"),
        (VERSION, "version = " + "[" * 5_000 + "]" * 5_000, "brackets within brackets", "a few"),
        (NAME, 'en = "Half \u202ehcae"', "U+202E", "letters that can be seen"),
        (VERSION, "version = 1 # half \u2066each", "U+2066", "letters that can be seen"),
        (NAME, 'en = "Half \ud800each"', "U+D800", "letters that can be seen"),
    ],
)
def test_what_is_no_text_of_a_document_is_told_with_its_line(right, written, found, allowed):
    mistake = wrong(right, written)

    assert mistake.line in (line_of(right), line_of(right) + written.count("\n"))
    assert mistake.field == "document"
    assert found in mistake.found
    assert allowed in mistake.allowed


@pytest.mark.parametrize(
    ("right", "written", "field", "found", "allowed"),
    [
        (NAME, 'en = "Half \\u202eeach"', "scheme.name.en", "U+202E", "letters that can be seen"),
        (NAME, 'en = "Half \\u0000each"', "scheme.name.en", "U+0000", "letters that can be seen"),
        (VERSION, "version = 0x" + "f" * 5_000, "scheme.version", "more than thirty digits", "1000000"),
        (VERSION, "version = nan", "scheme.version", "nan", "a whole number"),
        (VERSION, "version = true", "scheme.version", "true", "a whole number"),
        ("rate_bp = 5_000", "rate_bp = -inf", "funding.rates.0.rate_bp", "-inf", "a whole number"),
        ("2025-11-01T00:00:00+07:00", "0001-01-01T00:00:00+14:00", "spend.starts_at", "0001-01-01", "1990 to 2150"),
        ("2025-11-01T00:00:00+07:00", "2025-11-01", "spend.starts_at", "2025-11-01", "an instant such as"),
        ('code = "half-each"', 'code = "Half Each"', "scheme.code", "'Half Each'", "small letters from a to z"),
        ("[funding]", "[[funding]]", "funding", "[{ rates = ", "one table, under [funding] or in braces"),
        ("[[tiers]]", "[tiers]", "tiers", "{ code = 'general'", "rows, each under [[tiers]]"),
        ("days = 1\nat = 02:00:00", "days = -1\nat = 02:00:00", "settlement.0.days", "-1", "equal to 0"),
        ('asks = "due"', 'asks = "dues"', "examples.0.asks", "'dues'", "'payments', 'days'"),
        ('asks = "due"\n', "", "examples.0.asks", "nothing", "'payments', 'days'"),
        ('channel = "shop"', 'channel = "web"', "examples.0.channel", "'web'", "names: shop"),
    ],
)
def test_a_value_that_no_scheme_has_is_told_as_it_was_written(right, written, field, found, allowed):
    mistake = wrong(right, written)

    assert mistake.field == field
    assert found in mistake.found
    assert allowed in mistake.allowed
    assert len(mistake.found) <= 81


@pytest.mark.parametrize(
    ("example", "field", "allowed"),
    [
        ("used = { dya = 1 }", "used.dya", "the document names: it names none"),
        ('tier = "generals"', "tier", "the document names: general"),
        ("person = { aeg = 20 }", "person", "did you mean person.age?"),
        ("person = { age = 20 }", "person", "`born_on`, from which it follows"),
        ('person = { born_on = "soon" }', "person", "a date such as 1990-05-17"),
        ("person = { income_satang = 1.5 }", "person", "a whole number, not below 0"),
        ("person = { lists_as_of = { filers = true } }", "person", "{ list = { 2025-06-30 = true } }"),
        ("person = { children = -1 }", "person", "a whole number, not below 0"),
        ("enrolled_at = 9999-12-31T23:59:59+00:00", "enrolled_at", "1990 to 2150"),
    ],
)
def test_an_example_names_only_what_is_there(example, field, allowed):
    paid = "payments = [{ at = 2025-11-02T12:00:00+07:00, price_satang = 1_00, state_satang = 50 }]"
    text = f'{TEXT}\n[[examples]]\nasks = "payments"\nname = "A coffee"\n{example}\n{paid}\n'

    (mistake,) = mistakes(text)

    assert mistake.field == f"examples.1.{field}"
    assert mistake.line == text.count("\n", 0, text.index(example)) + 1
    assert allowed in mistake.allowed


@pytest.mark.parametrize(
    ("payment", "field", "allowed"),
    [
        ('lines = [{ category = "food", amount_satang = 99 }]', "", "lines that add up to `price_satang`; they are 99"),
        (
            'lines = [{ category = "food", amount_satang = 1_00, quantity = 0 }]',
            ".lines.0.quantity",
            "greater than or equal to 1",
        ),
        ("facts = { starts_on = 9999-12-31 }", ".facts", "for sale.starts_on, a date"),
        ("facts = { lead_days = 3 }", ".facts", "`starts_on`, from which it follows"),
        ("notes = { five = 1 }", ".notes.five", "it names none"),
    ],
)
def test_a_payment_of_an_example_is_one_that_a_till_could_ask_for(payment, field, allowed):
    paid = f"payments = [\n{{ at = 2025-11-02T12:00:00+07:00, price_satang = 1_00, state_satang = 50, {payment} }}]"
    text = f'{TEXT}\n[[examples]]\nasks = "payments"\nname = "A coffee"\n{paid}\n\n[[examples]]\nasks = "left"\n'

    first, *others = mistakes(text)

    assert first.field == f"examples.1.payments.0{field}"
    assert first.line == text.count("\n", 0, text.index("{ at =")) + 1
    assert allowed in first.allowed
    assert {mistake.line for mistake in others} == {text.count("\n") - 1}


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        (
            '[[tiers]]\ncode = "a"\nname = { th = "a", en = "a" }\nwhen = [{ fact = "tier", is = "a" }]\n',
            "tiers.1.when.0",
        ),
        (
            '[[eligibility]]\ncode = "near"\nsays = { th = "a", en = "a" }\nfact = "person.age"\nis = 3\n'.replace(
                "person.age", "sale.covers"
            ),
            "eligibility.0",
        ),
        ('[[grants]]\ncode = "a"\namount_satang = 1\nwhen = [{ fact = "sale.covers", is = 1 }]\n', "grants.1.when.0"),
    ],
)
def test_nobody_is_asked_about_a_shop_or_a_tier_before_there_is_one(rows, field):
    told = mistakes(TEXT + rows)

    assert [mistake.field for mistake in told if "known by then" in mistake.allowed] == [field]


def test_a_fact_is_not_compared_with_one_of_another_kind():
    told = mistakes(TEXT + '[[spend.requires]]\ncode = "a"\nfact = "merchant.class"\nsame_as = "person.age"\n' + SAYS)

    assert any("another fact that is a text" in mistake.allowed for mistake in told)


def test_channels_that_are_no_list_are_one_mistake_and_not_a_fall():
    assert [mistake.field for mistake in mistakes(TEXT.replace('channels = ["shop"]', "channels = 5"))] == [
        "spend.hours.0.channels",
        "settlement.0.channels",
        "settlement.1.channels",
        "examples.0.channel",
    ]


def test_dates_of_facts_may_be_written_as_dates():
    text = f"{TEXT}\n[examples_assume]\nperson = {{ born_on = 1990-05-17 }}\n"

    assert read(text).examples_assume.person == {"born_on": "1990-05-17"}


def test_a_file_that_an_editor_began_with_its_mark_is_read():
    assert read(f"\ufeff{TEXT}").scheme.code == "half-each"


def test_a_file_of_another_alphabet_is_told_where_it_is_not_utf_8():
    with pytest.raises(DocumentInvalid) as refused:
        decoded(b"format = 1\n# caf\xe9\n")

    assert refused.value.mistakes == (Mistake(2, "document", "the byte 0xE9", "a text saved as UTF-8"),)


def test_two_thousand_wrong_rules_are_told_together():
    rows = "".join(f'[[caps]]\ncode = "cap-{number}"\nper = "fortnight"\nlimit = 1\n' for number in range(2_000))

    with pytest.raises(DocumentInvalid) as refused:
        read(TEXT + rows)

    assert refused.value.facts["count"] >= 2_000
    assert len(refused.value.mistakes) == 1_000
    first = TEXT.count("\n") + 3
    assert [mistake.line for mistake in refused.value.mistakes[:3]] == [first, first + 4, first + 8]


def test_lines_are_found_however_the_author_breaks_them():
    text = TEXT.replace(RATE, "rates = [ # half\n  { rate_bp = 1 },\n\n  { rate_bp = 0 }]\norder = 5_000").replace(
        "# half", "# half ] }"
    )

    zero, order = mistakes(text)

    assert (zero.field, zero.line) == ("funding.rates.1.rate_bp", line_of(RATE) + 3)
    assert (order.field, order.line) == ("funding.order", line_of(RATE) + 4)


def test_examples_on_one_line_have_that_line():
    begins = TEXT.index("[[examples]]")
    due = (
        'asks = "due", part = "citizen", channel = "shop", '
        "business_date = 2025-11-01, due_at = 2025-11-02T02:00:00+07:00"
    )
    rows = f'examples = [{{ name = "one", {due} }}, {{ name = "two", {due} }}]'

    assert example_lines_of(f"{rows}\n{TEXT[:begins]}") == [1, 1]
    assert all(answer.is_right for answer in examples.run(read(f"{rows}\n{TEXT[:begins]}")))


def test_an_example_of_somebody_who_gets_nothing_is_a_wrong_answer_and_not_a_fall():
    look = 'asks = "left"\nname = "x"\nat = 2025-11-02T12:00:00+07:00\ntoday_satang = 0\nin_all_satang = 0\n'
    for_children = 'amount_satang = 2_000_00\nwhen = [{ fact = "person.children", at_least = 1 }]\n'
    text = TEXT.replace("amount_satang = 2_000_00\n", for_children)
    text += f"\n[[examples]]\n{look}left_satang = 0\n\n[[examples]]\nasks = 'calendar'\nname = 'y'\n"
    text += "enrolled_at = 2025-11-02T12:00:00+07:00\nmoments = [{ at = 2025-11-03T12:00:00+07:00, left_satang = 1 }]\n"

    answers = [answer for answer in examples.run(read(text)) if not answer.is_right]

    assert [(answer.example, answer.found) for answer in answers] == [("y", "refused nothing_to_grant")]


def test_a_file_that_is_not_there_is_told_by_name(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere.toml: No such file"):
        call_command("scheme", "check", str(PLUS), str(tmp_path / "nowhere.toml"), stdout=StringIO())
