"""The third floor's screens: the finance office at its desk."""
