"""The baseline: Django and DRF with nothing of ours round the view."""

from backend.config.settings import *  # noqa: F403
from backend.config.settings import INSTALLED_APPS as OURS

ROOT_URLCONF = "dev.bench.bare"
INSTALLED_APPS = [app for app in OURS if not app.startswith("allauth")]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # it sets Content-Length
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
