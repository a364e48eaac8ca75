"""The ground floor's screens: what anyone sees first, signing in, money in, one's own phones and PIN."""
