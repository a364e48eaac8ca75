"""The second floor's doors of the API: charges, scans, payments, what a shop took, and suspensions."""
