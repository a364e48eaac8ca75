"""The Celery application. Rows are the queue: a task that is lost here is found again by the timetable."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gwallet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _log_as_django_does(**_: Any) -> None:
    """Keep Celery from setting up logs of its own; Django has set up ours."""
