"""What browsers report about our Content-Security-Policy: each line is a defect of a page."""

import json
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Counter

LONGEST = 10_000
log = structlog.get_logger("csp")
REPORTS = Counter("suhada_csp_reports", "Reports of the Content-Security-Policy by browsers.")


@csrf_exempt  # a browser sends it by itself, and it changes nothing
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Count and log one report, without the addresses' queries. Always 204."""
    REPORTS.inc()
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) <= LONGEST:
        log.warning("csp_violation", **_said(request.body))
    return HttpResponse(status=204)


def _said(body: bytes) -> dict[str, str]:
    try:
        report = json.loads(body).get("csp-report", {})
        page, blocked = str(report.get("document-uri", "")), str(report.get("blocked-uri", ""))
        return {
            "directive": str(report.get("effective-directive", ""))[:40],
            "page": urlsplit(page).path[:100],
            "blocked": urlsplit(blocked)._replace(query="", fragment="").geturl()[:100],
        }
    except (ValueError, AttributeError, RecursionError):
        return {"directive": "unreadable"}
