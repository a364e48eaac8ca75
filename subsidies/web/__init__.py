"""The first floor's screens: what a citizen has, and the schemes that they may join."""
