"""A patient's page: who it is, what happened, what is measured, and the next step."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _

from backend.accounts.queries import patients_visible_to
from backend.accounts.rules import PATIENTS
from backend.booking.queries import visits_visible_to
from backend.clock import now, today
from backend.followups.queries import check_ins_visible_to
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound
from backend.portals.physician.glass import or_break_the_glass
from backend.portals.physician.measured import measured_of
from backend.portals.physician.measuring import MEASUREMENTS
from backend.portals.physician.panels.symptoms import heat_map
from backend.portals.physician.planning import CourseForm, next_course_offer, prescribe_offer
from backend.portals.physician.timeline import MOST, timeline
from backend.portals.physician.words import COURSE_STATUSES
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import plain, sent
from backend.portals.shell.visit import Visit
from backend.prescriptions.queries import courses_visible_to, prescriptions_visible_to
from backend.prescriptions.rules import OPEN_COURSE
from backend.protocol.days import age
from backend.records.queries import facts_about

LISTED = 50


@page(PATIENTS["list"], only=Role.PHYSICIAN)
def patients(visit: Visit) -> HttpResponse:
    """GET /physician/patients?name=ヤマ: those whom one treats, by how their names are read."""
    name = visit.request.GET.get("name", "").replace("\0", "").strip()[:120]
    rows = patients_visible_to(visit.actor).order_by("name_kana", "id")
    if name:
        rows = rows.filter(Q(name_kana__startswith=name) | Q(name__startswith=name))
    shown = list(visit.within_reach(rows)[: LISTED + 1])
    visit.saw_list(PATIENTS["list"], shown[:LISTED])
    content = {"patients": shown[:LISTED], "name": name, "are_more": len(shown) > LISTED}
    return visit.show("physician/patients.html", content)


@page(PATIENTS["read"], only=Role.PHYSICIAN, changes=True)
@or_break_the_glass(PATIENTS["read"])
def patient(visit: Visit, patient_id: str) -> HttpResponse:
    """GET, POST /physician/patients/{id}: the record at a glance; a form for each measurement."""
    row = visit.find(patients_visible_to(visit.actor).select_related("test_clock"), patient_id)
    if visit.request.method != "POST":
        return _shown(visit, row)
    asked = visit.request.POST.get("act", "")
    if asked == "course":
        form: Any = CourseForm(visit.request.POST)
        path = "/v1/courses"
    elif asked in MEASUREMENTS:
        form = MEASUREMENTS[asked].form(visit.request.POST)
        path = MEASUREMENTS[asked].path
    else:
        raise NotFound()
    body = plain(form.cleaned_data) | {"patient": row.ref} if form.is_valid() else None
    reply = sent(visit, form, path, body=body)
    if reply is not None and reply.ok:
        messages.success(visit.request, _("It is in the record."))
        return visit.go("physician:patient", patient_id=row.ref)
    return _shown(visit, row, {asked: form}, reply)


def _shown(
    visit: Visit, row: Any, bound: dict[str, Any] | None = None, reply: Reply | None = None
) -> HttpResponse:
    visit.saw(PATIENTS["read"], row)
    content = _record(visit.actor, row)
    day = today(row)
    measured = measured_of(facts_about(row, at=now(row)))
    forms = {
        name: one.form(initial={"taken_on": day}, auto_id=f"{name}_%s")
        for name, one in MEASUREMENTS.items()
    }
    forms["course"] = CourseForm(auto_id="course_%s")
    status = reply.status if reply is not None else 422 if bound else 200
    return visit.show(
        "physician/patient.html",
        content
        | {
            "row": row,
            "age": age(row.birth_on, day),
            "forms": forms | (bound or {}),
            "measurements": MEASUREMENTS.items(),
            "measured": measured,
            "wrong": next(iter(bound or {}), ""),
            "problem": reply,
            "patients_now": now(row),
        },
        status=status,
    )


def _record(actor: Actor, row: Any) -> dict[str, Any]:
    courses = list(courses_visible_to(actor).filter(patient=row).order_by("-number")[:MOST])
    check_ins = list(check_ins_visible_to(actor).filter(patient=row).order_by("-id")[:MOST])
    written = list(prescriptions_visible_to(actor).filter(patient=row).order_by("-id")[:MOST])
    events = timeline(
        visits=visits_visible_to(actor).filter(patient=row).order_by("-starts_at")[:MOST],
        prescriptions=written,
        check_ins=check_ins,
        courses=courses,
    )
    newest = courses[0] if courses else None
    return {
        "events": events,
        "heat": heat_map(check_ins),
        "course": newest,
        "course_word": COURSE_STATUSES[newest.status] if newest else "",
        "courses": [(one, COURSE_STATUSES[one.status]) for one in courses],
        "planning": next_course_offer(courses, actor),
        "prescribing": prescribe_offer(newest, written, actor) if newest else None,
        "is_over": newest is None or newest.status not in OPEN_COURSE,
    }
