"""Every path of the resolver outside the walk of /v1: pages, probes, the way in, other places."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def doors() -> list[tuple[str, str]]:
    """Method and path of each view that is no endpoint and no portal page (tests/portals)."""
    return sorted(
        (method.upper(), path)
        for path, view in _walk(get_resolver(), "/")
        if not hasattr(view, "verbs") and not hasattr(view, "page_verb")
        for method in METHODS
        if hasattr(view, method) or (view is None and method == "get")
    )


def allauth_doors() -> list[tuple[str, str]]:
    """Those of django-allauth that an app uses; a browser's are the same views."""
    return [(method, path) for method, path in doors() if path.startswith("/_allauth/app/")]


def endpoints_elsewhere() -> list[tuple[str, str, str]]:
    """Method, path and action of each endpoint of ours outside /v1: another standard's place."""
    return sorted(
        (method.upper(), path, verb.action)
        for path, view in _walk(get_resolver(), "/")
        if hasattr(view, "verbs") and not path.startswith("/v1/")
        for method, verb in view.verbs.items()
    )


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        path = prefix + re.sub(r"[\^$]", "", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, path)
        else:
            found = pattern.callback
            kinds = (getattr(found, "view_class", None), getattr(found, "cls", None))
            yield path, found if hasattr(found, "page_verb") else next(filter(None, kinds), None)
