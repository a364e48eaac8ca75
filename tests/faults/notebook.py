"""Where everybody writes down what they are told."""

import json
import threading
from dataclasses import dataclass, field
from typing import IO, Any


@dataclass
class Notebook:
    """What one process's people were told: one JSON object a line, on disk before anything else happens."""

    file: IO[str]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, what: str, **told: Any) -> None:
        """Write one thing down."""
        with self.lock:
            self.file.write(json.dumps({"what": what, **told}) + "\n")
            self.file.flush()

    def our_fault(self, request: str) -> None:
        """Write down an answer 500."""
        self.write("our_fault", request=request)
