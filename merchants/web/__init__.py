"""The second floor's screens: a citizen scans, sees the split, confirms it, and keeps a receipt."""
