"""What the citizen confirms. Device, key and payment all stand for these same few facts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from wallet.money import Satang


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One charge at one price, the citizen's own part, the schemes that they chose, and a nonce of the phone's.

    :ivar pays_all: "I pay all of it myself": to be said where no scheme is chosen, so that nobody does by accident.
        What is signed says it by naming no scheme.
    :ivar notes: of rights that come in notes, scheme -> note -> how many are handed over; without a choice, the best.
    """

    charge_id: UUID
    price: Satang
    own_part: Satang
    schemes: tuple[str, ...]
    nonce: str
    pays_all: bool = False
    notes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def canonical(self) -> bytes:
        """Return the bytes that a device signs: one line each, in this order; notes have a line if they are chosen."""
        lines = [
            "g-wallet terms 1",
            str(self.charge_id),
            str(self.price),
            str(self.own_part),
            ",".join(sorted(self.schemes)),
            self.nonce,
        ]
        if self.notes:
            chosen = [(scheme, note, count) for scheme, notes in self.notes.items() for note, count in notes.items()]
            lines.append(",".join(f"{scheme}:{note}={count}" for scheme, note, count in sorted(chosen)))
        return "\n".join(lines).encode()

    def digest(self) -> bytes:
        """Return the fingerprint that the key and the payment keep: SHA-256 of the canonical bytes."""
        return hashlib.sha256(self.canonical()).digest()
