"""The application of Celery's beat: `celery -A config.beat beat`.

Beat sends messages by the names of tasks and does nothing else. It need not know the tasks, nor what they stand on, and
so takes a third of the memory that a worker does.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from config import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gwallet", fixups=())
app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _log_as_all_do(**_: Any) -> None:
    """Set logs up, as Django does elsewhere."""
    logs.configure(logs.LOGGING)
