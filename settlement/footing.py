"""Whether the parts of a report add up to its total, in every column."""

from collections.abc import Iterable, Mapping

from wallet.money import Satang


def differences(*, parts: Iterable[Mapping[str, Satang]], total: Mapping[str, Satang]) -> dict[str, Satang]:
    """Return by how much the parts miss the total, in satang, by column; nothing where all of it foots.

    A column that the parts do not name counts as nothing there: a total that hides money does not foot.
    """
    rows = list(parts)
    missed = {column: sum(row.get(column, 0) for row in rows) - amount for column, amount in total.items()}
    return {column: amount for column, amount in missed.items() if amount}
