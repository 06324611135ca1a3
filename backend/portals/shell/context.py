"""What every page's template knows without being told."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from backend.api.language import reader_language


def shell(_request: HttpRequest) -> dict[str, Any]:
    """Language and sandbox, also for allauth's pages, which no Visit renders."""
    return {"language": reader_language(), "is_sandbox": settings.SANDBOX}
