"""The Celery application. Rows are the queue: a task that is lost here is found again by the timetable."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_before_create_process, worker_init

from config import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gwallet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _log_as_django_does(**_: Any) -> None:
    """Keep Celery from setting up logs of its own; Django has set up ours."""


@worker_init.connect  # type: ignore[untyped-decorator]  # likewise
def _give_tasks_longer_than_requests(**_: Any) -> None:
    """Let statements of tasks take longer: before the worker makes its processes, so before any is connected."""
    for database in settings.DATABASES.values():
        limits = settings.connection_options(statement_seconds=settings.TASK_STATEMENT_TIMEOUT_SECONDS)
        database["OPTIONS"]["options"] = limits


@worker_before_create_process.connect  # type: ignore[untyped-decorator]  # likewise
def _share_what_is_loaded(**_: Any) -> None:
    """Keep collections away from what is loaded by now: they would unshare it between the worker's processes."""
    gc.collect()
    gc.freeze()
