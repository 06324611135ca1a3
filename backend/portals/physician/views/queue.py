"""What waits for a physician, the most urgent first."""

from django.http import HttpResponse

from backend.kernel.actor import Role
from backend.portals.physician.queue import FILTERS, Queue, page_for, queue_of
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit
from backend.prescriptions.rules import PRESCRIPTIONS


@page(PRESCRIPTIONS["list"], only=Role.PHYSICIAN)
def queue(visit: Visit) -> HttpResponse:
    """GET /physician/: prescriptions in review; `filter` and `cursor` choose."""
    return visit.show("physician/queue.html", {"queue": _seen(visit), "filters": _names()})


@page(PRESCRIPTIONS["list"], only=Role.PHYSICIAN)
def queue_list(visit: Visit) -> HttpResponse:
    """GET /physician/queue: the list by itself; 204 while it is as `mark` says."""
    found = _seen(visit, unless=visit.request.GET.get("mark"))
    if found is None:
        return HttpResponse(status=204)
    return visit.show("physician/queue/list.html", {"queue": found})


def _seen(visit: Visit, unless: str | None = None) -> Queue | None:
    asked = visit.request.GET
    chosen = asked.get("filter", "all")
    chosen = chosen if chosen in FILTERS else "all"
    rows, count, mark = page_for(visit, chosen=chosen, cursor=asked.get("cursor") or None)
    if mark == unless:
        return None
    visit.saw_list(PRESCRIPTIONS["list"], rows.rows)
    return queue_of(rows, chosen=chosen, count=count, mark=mark)


def _names() -> list[tuple[str, object, str]]:
    keys = {"all": "1", "mine": "2", "urgent": "3", "senior": "4"}
    return [(name, label, keys[name]) for name, (label, _rows) in FILTERS.items()]
