"""The doors that open by the clock and by events. Importing this names Django's settings."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
