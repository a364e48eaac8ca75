"""Ground floor: people, money, the ledger, top-ups, confirmation, audit."""
