"""The service as it is, but for the trail; see `dev.bench.silent`."""

from backend.config.settings import *  # noqa: F403
from backend.config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "dev.bench.silent.Silent"]
