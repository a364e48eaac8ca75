"""Commands that operators run by hand."""
