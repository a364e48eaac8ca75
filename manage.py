#!/usr/bin/env python
"""Run a management command, with embedded servers for what the environment does not name."""

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from config import embedded

# These change or read the schema, so they run as its owner; everything else runs as the service, which owns no table.
OWNERS_COMMANDS = frozenset({"migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations"})
# These read files and code alone, so no server is started for them.
SERVERLESS_COMMANDS = frozenset({"refusals", "verify_receipt"})
# Likewise what authors do with `scheme`; publishing and reporting need the database.
AUTHORS_ACTS = frozenset({"check", "diff", "explain", "schema"})


def main() -> None:
    """Run the command that the command line names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command, act = set(sys.argv[1:2]), set(sys.argv[2:3])
    alone = command & SERVERLESS_COMMANDS or (command == {"scheme"} and act <= AUTHORS_ACTS)
    with nullcontext() if alone else embedded.where_needed():
        if command & OWNERS_COMMANDS:
            os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL", "")
            os.environ["STATEMENT_TIMEOUT_SECONDS"] = "0"  # an index on a large table takes what it takes
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
