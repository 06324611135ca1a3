import pytest
from django.db import Error, transaction

from backend.booking.models import VisitNote
from tests.booking.places import a_place
from tests.callers import Caller
from tests.factories.accounts import (
    ApiClientFactory,
    AuditorFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.booking import SLOT, VisitFactory, VisitNoteFactory
from tests.factories.care import physician_of

pytestmark = pytest.mark.django_db
TEXT = {"text": "経過良好。\n次回は四週後。"}


@pytest.fixture
def place():
    return a_place(SLOT)


def visit_at(place, **traits):
    return VisitFactory(patient=place.patient, physician=place.physician, **traits)


def add(who, visit, body=None):
    return Caller(who).post(f"/v1/visits/{visit.ref}/add_note", body or TEXT, version=1)


@pytest.mark.parametrize(("trait", "kind"), [("in_progress", "note"), ("completed", "addendum")])
def test_a_note_is_an_addendum_once_the_visit_is_completed(place, trait, kind):
    answer = add(place.physician, visit_at(place, **{trait: True}))

    note = VisitNote.objects.get()
    assert (answer.status_code, answer.json()["kind"]) == (200, kind)
    assert (note.text, note.author, note.written_at) == (TEXT["text"], place.physician.user, SLOT)


@pytest.mark.parametrize("trait", ["held", "booked", "cancelled", "expired", "no_show"])
def test_there_is_nothing_to_note_of_a_visit_that_did_not_take_place(place, trait):
    answer = add(place.physician, visit_at(place, **{trait: True}))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_physicians_and_the_auditor_read_notes_in_order(place):
    visit = visit_at(place, in_progress=True)
    first, second = (add(place.physician, visit).json()["id"] for _ in range(2))

    for reader in (
        physician_of(place.patient),
        AuditorFactory(clinic=place.patient.clinic),
    ):
        answer = Caller(reader).get(f"/v1/visits/{visit.ref}/notes")
        assert [note["id"] for note in answer.json()["data"]] == [first, second]


def test_nobody_else_reads_notes(place):
    note = VisitNoteFactory(visit=visit_at(place, in_progress=True))
    path = f"/v1/visits/{note.visit.ref}/notes"

    answers = [
        Caller(place.patient).get(path),
        Caller(StaffMemberFactory(clinic=place.patient.clinic)).get(path),
        Caller(ApiClientFactory(pharmacy__clinic=place.patient.clinic)).get(path),
        Caller(PhysicianFactory()).get(path),
        Caller().get(path),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 404, 401]


def test_the_auditor_writes_nothing(place):
    visit = visit_at(place, in_progress=True)

    assert add(AuditorFactory(clinic=place.patient.clinic), visit).status_code == 403


@pytest.mark.parametrize("body", [{"text": ""}, {"text": " "}, {"text": "あ" * 10_001}, {"t": "x"}])
def test_a_note_has_something_in_it(place, body):
    assert add(place.physician, visit_at(place, in_progress=True), body).status_code == 400


def test_postgresql_changes_and_deletes_no_note():
    note = VisitNoteFactory()
    rows = VisitNote.objects.filter(id=note.id)

    for change in (lambda: rows.update(text="x"), rows.delete):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change()


def test_postgresql_knows_two_kinds_of_notes():
    with pytest.raises(Error, match="visit_note_kind_known"):
        VisitNoteFactory(kind="secret")
