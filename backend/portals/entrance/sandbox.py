"""The sandbox: test clocks to move. Where patients are real, nothing of it exists."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme

from backend.accounts.models import TestClock
from backend.accounts.queries import clocks_visible_to
from backend.accounts.rules import LONGEST_ADVANCE, TEST_CLOCKS
from backend.followups import queries as followups
from backend.kernel.errors import NotFound
from backend.notifications import queries as notices
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import version_in
from backend.portals.shell.offers import offer
from backend.portals.shell.visit import Visit
from backend.worklist.queries import tasks_visible_to

MOST = 3  # a demonstration has one or two; each asks twice what is due next
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
MORNING = time(9)


@page(TEST_CLOCKS["read"])
def sandbox(visit: Visit) -> HttpResponse:
    """GET /sandbox: the clocks that the reader may move, newest first."""
    _only_in_a_sandbox()
    clocks = list(clocks_visible_to(visit.actor).order_by("-id")[:MOST])
    visit.saw_list(TEST_CLOCKS["read"], clocks)
    return _shown(visit, clocks)


@page(TEST_CLOCKS["advance"], changes=True)
def move(visit: Visit, clock_id: str) -> HttpResponse:
    """GET, POST /sandbox/clocks/{clock_id}/move: let time pass, then look at what it brings."""
    _only_in_a_sandbox()
    found = visit.find(clocks_visible_to(visit.actor), clock_id)
    if visit.request.method != "POST":
        visit.saw(TEST_CLOCKS["read"], found)
        return _shown(visit, [found])
    to = _target(found, visit.request.POST.get("step", ""), visit.request.POST.get("date", ""))
    body = {"to": to.isoformat()} if to else {}
    reply = visit.act(
        f"/v1/test_helpers/test_clocks/{found.ref}/advance",
        body,
        version=version_in(visit.request),
    )
    if not reply.ok:
        return _shown(visit, [found], problem=reply)
    marks = {"since": found.frozen_at.isoformat(), "back": _back(visit)}
    return visit.go(f"{reverse('sandbox_clock', args=[found.ref])}?{urlencode(marks)}")


@page(TEST_CLOCKS["read"])
def clock_moving(visit: Visit, clock_id: str) -> HttpResponse:
    """GET /sandbox/clocks/{clock_id}?since=: how far it is, and then what happened."""
    _only_in_a_sandbox()
    found = visit.find(clocks_visible_to(visit.actor), clock_id)
    visit.saw(TEST_CLOCKS["read"], found)
    since = _instant(visit.request.GET.get("since", "")) or found.frozen_at
    content = {"clock": found, "back": _back(visit), "here": visit.request.get_full_path()}
    if found.target_at is not None:
        span = (found.target_at - since).total_seconds() or 1
        content["percent"] = int(100 * (found.frozen_at - since).total_seconds() / span)
    else:
        content["happened"] = _happened(visit, found, since)
    return _page(visit, "entrance/clock_moving.html", content)


def _only_in_a_sandbox() -> None:
    if not settings.SANDBOX:
        raise NotFound()


def _shown(visit: Visit, clocks: list[TestClock], *, problem: Reply | None = None) -> HttpResponse:
    rows = [
        {
            "clock": found,
            "next": _next_due(found),
            "offer": offer(TEST_CLOCKS, "advance", status=found.status, actor=visit.actor),
        }
        for found in clocks
    ]
    content = {"rows": rows, "problem": problem, "back": _back(visit)}
    return _page(visit, "entrance/clocks.html", content, status=problem.status if problem else 200)


def _page(visit: Visit, part: str, content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The part alone below the bar of another page, where htmx asks for it; else a page."""
    if visit.request.headers.get("HX-Request") == "true":
        return visit.show(part, content, status=status)
    return visit.show("entrance/sandbox.html", {**content, "part": part}, status=status)


def _target(found: TestClock, step: str, day: str) -> datetime | None:
    if step in STEPS:
        return found.frozen_at + STEPS[step]
    if step == "next":
        return _next_due(found)
    chosen = _day(day)
    zone = timezone.get_current_timezone()
    return datetime.combine(chosen, MORNING, tzinfo=zone) if chosen else None


def _next_due(found: TestClock) -> datetime | None:
    """When the next check-in, reminder or notice of a patient on this clock falls due."""
    until = found.frozen_at + LONGEST_ADVANCE
    due = (
        followups.next_due_on_clock(found.id, until=until),
        notices.next_due_on_clock(found.id, until=until),
    )
    return min(filter(None, due), default=None)


def _happened(visit: Visit, found: TestClock, since: datetime) -> dict[str, int]:
    """How much of what the reader may see happened on the clock after `since`."""
    span = (since, found.frozen_at)
    on_clock = {"patient__test_clock_id": found.id}
    check_ins = followups.check_ins_visible_to(visit.actor).filter(**on_clock)
    sent = notices.notifications_visible_to(visit.actor).filter(**on_clock, status="sent")
    tasks = tasks_visible_to(visit.actor).filter(**on_clock)
    return {
        "check_ins": check_ins.filter(opened_at__gt=span[0], opened_at__lte=span[1]).count(),
        "notices": sent.filter(sent_at__gt=span[0], sent_at__lte=span[1]).count(),
        "tasks": tasks.filter(opened_at__gt=span[0], opened_at__lte=span[1]).count(),
    }


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


def _back(visit: Visit) -> str:
    """The page of ours to come back to."""
    asked = visit.request.POST.get("back") or visit.request.GET.get("back", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if asked.startswith("/") and ours else reverse("home")
