"""Each rule of schemes, by itself."""
