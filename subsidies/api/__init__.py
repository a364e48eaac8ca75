"""The first floor's doors of the API: schemes, what a citizen has, and taking a place."""
