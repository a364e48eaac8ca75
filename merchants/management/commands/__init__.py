"""Commands that officers and authors run by hand."""
