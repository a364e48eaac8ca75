"""Third floor: day close, slices, batches, payouts, bank files, reconciliation."""
