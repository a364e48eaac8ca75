"""Reads Stripe's form encoding (such as `metadata[top_up]=…`), and checks what it says."""

import re
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from config.loopback.stripe.problems import Problem, missing

Parameters: TypeAlias = dict[str, Any]

# Far more than any request that the real client makes; it keeps a wrong one from eating memory.
MOST_FIELDS = 500
DEEPEST = 8

# The parameters that have parts; every other is one text.
_WITH_PARTS = frozenset(
    {
        *("allowed_payment_method_types", "created", "expand", "line_items", "metadata"),
        *("payment_intent_data", "payment_method_data", "types"),
    }
)


def decode(encoded: str) -> Parameters:
    """Return a query string or form body as nested dicts and lists; every leaf is text, as it is on the wire.

    :raises Problem: 400 when it has more than `MOST_FIELDS` fields, or a name that cannot be read or is too deep.
    """
    decoded: Parameters = {}
    try:
        fields = parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Problem(400, "Too many parameters.") from None
    for name, value in fields:
        head, *rest = re.findall(r"[^\[\]]+|\[\]", name) or [""]
        if len(rest) >= DEEPEST:
            raise Problem(400, "Invalid parameter: it has too many parts.", param=head)
        place: Any = decoded
        for step, following in zip([head, *rest], [*rest, None], strict=True):
            key = str(len(place)) if step == "[]" else step
            if following is None:
                place[key] = value
            else:
                place = place.setdefault(key, {})
                if not isinstance(place, dict):
                    raise Problem(400, f"Invalid parameter: {name}.", param=head)
    return {key: _with_lists(value) for key, value in decoded.items()}


def accept(parameters: Parameters, *names: str) -> None:
    """Refuse any parameter that the endpoint does not have, so that a misspelt one is not silently ignored.

    `expand` is accepted everywhere.

    :raises Problem: 400 `parameter_unknown`, or when one has parts and should not.
    """
    for name, value in parameters.items():
        if name not in names and name != "expand":
            raise Problem(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
        if name not in _WITH_PARTS and not isinstance(value, str):
            raise _not_a_text(name)
    expand = parameters.get("expand", [])
    if not isinstance(expand, list) or not all(isinstance(path, str) for path in expand):
        raise Problem(400, "Invalid array", param="expand")


def text(parameters: Parameters, name: str) -> str | None:
    """Return a parameter as text, or None when it is not there.

    :raises Problem: 400 when it is a list or has parts.
    """
    value = parameters.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _not_a_text(name)


def named(parameters: Parameters, name: str) -> Parameters:
    """Return the parts of a parameter such as `metadata[top_up]`, none when it is not there.

    :raises Problem: 400 when it has no named parts.
    """
    value = parameters.get(name) or {}
    if isinstance(value, dict):
        return value
    raise Problem(400, f"Invalid object: {name}", code="parameter_invalid_object", param=name)


def integer(parameters: Parameters, name: str, default: int | None = None) -> int:
    """Return a parameter as an integer.

    :raises Problem: 400 when it is neither there nor defaulted, or is not an integer.
    """
    value = parameters.get(name, default)
    if value is None:
        raise missing(name)
    if not re.fullmatch(r"-?\d{1,18}", str(value), re.ASCII):
        raise Problem(400, f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
    return int(value)


def true(parameters: Parameters, name: str) -> bool:
    """Return whether a parameter says `true`; one that is not there says `false`."""
    return str(parameters.get(name, "false")).lower() == "true"


def _not_a_text(name: str) -> Problem:
    return Problem(400, f"Invalid string: {name}", code="parameter_invalid_string", param=name)


def _with_lists(value: Any) -> Any:
    """Return a decoded value with every dict whose keys are 0, 1, 2, … made a list."""
    if not isinstance(value, dict):
        return value
    if all(key.isdecimal() for key in value):
        return [_with_lists(each) for each in value.values()]
    return {key: _with_lists(each) for key, each in value.items()}
