"""The third floor's doors of the API, all for officers: days, batches, the bank, discrepancies, the whole picture."""
