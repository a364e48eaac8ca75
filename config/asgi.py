"""What the process serves that tills listen to. It knows Django's settings and words, and asks its database nothing."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.words import catalogue  # noqa: E402  needs what the line above sets up
from merchants.api.live import Live  # noqa: E402  likewise

catalogue()  # now, and not when the first till is told no
application = Live()
