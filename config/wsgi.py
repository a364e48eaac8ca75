"""What the web server serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.words import catalogue  # noqa: E402  needs what the line above sets up

# Every door's code and words are loaded now, or the first citizen of a new process would wait seconds for them.
resolve("/healthz")
catalogue()
