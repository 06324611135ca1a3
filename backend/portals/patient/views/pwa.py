"""What makes the patient's app installable: manifest, service worker and the page without a net.

None of them holds anything about anybody, and everybody may fetch them.
"""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from backend.api.language import reader_language

SCOPE = "/me/"
SIZES = (192, 512)
LANGUAGE = "in"  # of the address of the page without a net
WORKER = Path(__file__).parent.parent / "worker.js"
KEPT = (  # static files that the page without a net needs
    "shell/tokens.css",
    "shell/base.css",
    "shell/components.css",
    "shell/icon.svg",
    "patient/patient.css",
    "patient/offline.js",
)


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """GET /me/manifest.webmanifest: name, icons and where the app begins."""
    icons = [
        {
            "src": staticfiles_storage.url(f"patient/icon-{kind}{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable" if kind else "any",
        }
        for kind in ("", "maskable-")
        for size in SIZES
    ]
    content = {
        "id": SCOPE,
        "name": _("Suhada: isotretinoin care online"),
        "short_name": "Suhada",
        "lang": reader_language(),
        "start_url": SCOPE,
        "scope": SCOPE,
        "display": "standalone",
        "background_color": "#f7f8f6",
        "theme_color": "#0b6b57",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """GET /me/worker.js: keeps static files and one page without a net, never a patient's page.

    That page speaks the reader's language: another language makes another worker, which the
    browser takes over at the next page.
    """
    page = f"{reverse('patient:offline')}?{LANGUAGE}={reader_language()}"
    kept = [page, *(staticfiles_storage.url(name) for name in KEPT)]
    text = WORKER.read_text("utf-8").replace("[]", repr(kept).replace("'", '"'), 1)
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = SCOPE
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """GET /me/offline: what is shown without a net; the same for everybody in a language.

    `?in=ja` or `?in=en` asks for a language, whatever else the reader chose.
    """
    asked = request.GET.get(LANGUAGE)
    language = asked if asked in dict(settings.LANGUAGES) else reader_language()
    with override(language):
        return render(request, "patient/offline.html", {"language": language})
