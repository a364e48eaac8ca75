"""Loopback stand-ins for the outside world: they answer over real HTTP, on this machine alone."""
