"""Scheme documents: what a programme says, as TOML that people write and machines check.

`read` gives a validated `Document`; `subsidies.compiled.compile_scheme` makes of it what payments are decided with.
"""

from subsidies.documents.document import FORMAT, Document
from subsidies.documents.mistakes import DocumentInvalid, Mistake
from subsidies.documents.reading import decoded, example_lines_of, read, schema

__all__ = ["FORMAT", "Document", "DocumentInvalid", "Mistake", "decoded", "example_lines_of", "read", "schema"]
