"""Two questions that a machine asks: are you alive (else restart me), and are you ready (else send nobody here)."""

import os
from pathlib import Path
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from kombu.exceptions import OperationalError

from config.celery import app

BROKER_SECONDS: Final = 1.0


@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers. Asks nothing of others: restarting us would not help a database that is away."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether this process can do its work, or else which parts are missing (503)."""
    wrong = {
        name: reason for name, reason in (("web", _web()), ("database", _database()), ("broker", _broker())) if reason
    }
    return JsonResponse({"ready": not wrong, "wrong": wrong}, status=503 if wrong else 200)


def _web() -> str | None:
    # `serve.py` makes this file when it is told to stop, and goes on answering for a while.
    draining = os.environ.get("DRAINING_FILE")
    return "stopping: send new requests elsewhere" if draining and Path(draining).exists() else None


def _database() -> str | None:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations are missing: run manage.py migrate"
    except DatabaseError:
        return "does not answer"
    return None


def _broker() -> str | None:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except OperationalError:
        return "does not answer: what is due waits in its rows until it does"
    return None
