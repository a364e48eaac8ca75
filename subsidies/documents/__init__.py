"""Scheme documents: what a programme says, as TOML that people write and machines check.

`read` gives a validated `Document`; `subsidies.decision.compile_scheme` makes of it what payments are decided with.
"""

from subsidies.documents.document import FORMAT, Document
from subsidies.documents.reading import DocumentInvalid, Mistake, read, read_file, schema

__all__ = ["FORMAT", "Document", "DocumentInvalid", "Mistake", "read", "read_file", "schema"]
