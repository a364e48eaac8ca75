"""A right in pieces that are handed over whole: vouchers of 2, 5 and 10 without change, or one single-use coupon.

How many of each are used is counted like the use of a cap that never begins anew, under the note's own code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from subsidies.rules.calendar import LIFETIME
from subsidies.rules.caps import CapUse, RightUsedUp, Used
from wallet.money import Satang
from wallet.refusals import Refusal


class NotesNotYours(Refusal):
    """More notes were handed over than the person has, or than one sale takes."""

    code = "notes_not_yours"


class NoteNotNeeded(Refusal):
    """One of the notes would be lost for nothing: the others pay all of it."""

    code = "note_not_needed"


class NotesNeedMore(Refusal):
    """The sale is too small for the smallest note."""

    code = "notes_need_more"


@dataclass(frozen=True, slots=True)
class Note:
    """One kind of piece.

    :ivar value: None is one voucher for all that is in the purse.
    :ivar at_least: one such note for each so much of the covered price.
    """

    code: str
    value: Satang | None
    count: int
    at_least: Satang = 0


class Handed(NamedTuple):
    """What the notes pay, what they are worth above that and is gone, and which were used."""

    amount: Satang
    lost: Satang
    uses: list[CapUse]


@dataclass(frozen=True, slots=True)
class Notes:
    """All kinds of pieces, the largest first.

    :ivar keeps_rest: what a note is worth above its share stays in the purse as loose money, which pays first.
    """

    notes: tuple[Note, ...]
    per_sale: int | None = None
    keeps_rest: bool = False

    def left_of(self, left: Satang, used: Used) -> dict[Note, int]:
        """Return how many of each are still there.

        :param left: what is in the purse, satang.
        """
        return {
            note: min(note.count - used.get((note.code, LIFETIME), 0), 1 if note.value is None else left // note.value)
            for note in self.notes
        }

    def hand_over(
        self, wanted: Satang, *, left: Satang, used: Used, covered: Satang, chosen: Mapping[str, int] | None
    ) -> Handed:
        """Return what is paid of `wanted` with the notes that the citizen chose, or with the best without them.

        The best: loose money, then the largest notes that lose nothing; only if nothing fits at all, the smallest.

        :param left: what is in the purse, satang.
        :param covered: the covered price, by which a threshold is judged.
        :raises RightUsedUp: when there is no note left.
        :raises NotesNeedMore: when no note may be used on so small a sale.
        :raises NotesNotYours, NoteNotNeeded: when the choice cannot stand.
        """
        have = self.left_of(left, used)
        values = {note: left if note.value is None else note.value for note in self.notes}
        if left <= 0 or not (any(have.values()) or self.keeps_rest):
            raise RightUsedUp(left_satang=max(0, left))
        may = {
            note: count if not note.at_least else min(count, covered // note.at_least) for note, count in have.items()
        }
        loose = max(0, left - sum(values[note] * count for note, count in have.items())) if self.keeps_rest else 0
        if chosen is None:
            handed = self._best(min(wanted, left) - min(loose, wanted), may, values)
        else:
            handed, loose = self._chosen(chosen, wanted, left, may, values), 0
        worth = sum(values[note] * count for note, count in handed.items())
        amount = min(wanted, worth + loose)
        if not amount:
            least = min((note.at_least for note in self.notes if have[note]), default=0)
            raise NotesNeedMore(at_least_satang=least)
        uses = [CapUse(note.code, LIFETIME, count) for note, count in handed.items() if count]
        return Handed(amount, 0 if self.keeps_rest else max(0, worth - amount), uses)

    def _best(self, wanted: Satang, may: Mapping[Note, int], values: Mapping[Note, Satang]) -> dict[Note, int]:
        rest, room = wanted, self.per_sale
        handed: dict[Note, int] = {}
        for note in self.notes:
            count = min(may[note], rest // values[note]) if values[note] else 0
            count = count if room is None else min(count, room)
            handed[note] = count
            rest -= count * values[note]
            room = None if room is None else room - count
        smallest = next((note for note in reversed(self.notes) if may[note]), None)
        if smallest is not None and wanted and rest == wanted:
            handed[smallest] = 1
        return handed

    def _chosen(
        self,
        chosen: Mapping[str, int],
        wanted: Satang,
        left: Satang,
        may: Mapping[Note, int],
        values: Mapping[Note, Satang],
    ) -> dict[Note, int]:
        handed = {note: chosen.get(note.code, 0) for note in self.notes}
        too_many = self.per_sale is not None and sum(chosen.values()) > self.per_sale
        if too_many or set(chosen) - {note.code for note in self.notes}:
            raise NotesNotYours(per_sale=self.per_sale)
        if any(count < 0 or count > may[note] for note, count in handed.items()):
            raise NotesNotYours(per_sale=self.per_sale)
        worth = sum(values[note] * count for note, count in handed.items())
        if worth > left:
            raise NotesNotYours(per_sale=self.per_sale)
        used = [values[note] for note, count in handed.items() if count]
        if used and worth - min(used) >= wanted:
            raise NoteNotNeeded(worth_satang=worth, wanted_satang=wanted)
        return handed
