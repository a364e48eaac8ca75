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
SERVERLESS_COMMANDS = frozenset({"refusals", "scheme", "verify_receipt"})


def main() -> None:
    """Run the command that the command line names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = set(sys.argv[1:2])
    with nullcontext() if command & SERVERLESS_COMMANDS else embedded.where_needed():
        if command & OWNERS_COMMANDS:
            os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL", "")
            os.environ["STATEMENT_TIMEOUT_SECONDS"] = "0"  # an index on a large table takes what it takes
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
