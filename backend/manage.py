"""Run as `python -m backend.manage`."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # A command builds much and ends soon: `migrate` spends a third of its time on looking for
    # garbage of which there is none (measured: 6.9 s against 4.8 s, with the same memory).
    gc.set_threshold(100_000, 50, 100)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    execute_from_command_line(sys.argv)
