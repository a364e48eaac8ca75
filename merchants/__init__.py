"""Second floor: merchants, tills, charges, QR, payments and receipts."""
