"""The first floor: schemes, decisions, entitlements."""
