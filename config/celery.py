"""The Celery application. Rows are the queue: a task lost here is found again by the timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gwallet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
