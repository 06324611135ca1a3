"""The auditor's desk: what is found, what is hidden, one entry's proof, and exports."""

import pytest

from backend.audit.models import AuditEntry
from backend.auditor.models import AuditExport
from tests.audit.sealing import seal_everything
from tests.factories import accounts
from tests.factories.auditor import AuditExportFactory
from tests.portals.reader import Reader, queries_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return accounts.AuditorFactory()


@pytest.fixture
def patient(auditor):
    """A patient of the auditor's clinic, who has looked at her own page."""
    patient = accounts.PatientFactory(clinic=auditor.clinic)
    Reader(patient).get("/me/")
    return patient


def test_entries_say_who_did_what_in_words_and_whose_it_was(auditor, patient):
    said = text_of(Reader(auditor).get("/audit-trail/"))

    assert patient.ref in said
    assert "patient.read" in said
    assert "Done" in said


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"action_prefix": "patient"}, True),
        ({"action_prefix": "visit"}, False),
        ({"outcome": "refused"}, False),
        ({"since": "2100-01-01"}, False),
        ({"until": "2100-01-01"}, True),
        ({"until": "9999-12-31"}, False),
        ({"since": "0001-01-01"}, False),
        ({"request_id": "another"}, False),
    ],
)
def test_entries_are_found_by_what_is_searched(auditor, patient, search, found):
    said = text_of(Reader(auditor).get("/audit-trail/", **search))

    assert (patient.ref in said) is found


def test_entries_of_another_clinic_are_not_shown(patient):
    elsewhere = accounts.AuditorFactory()
    entry = AuditEntry.objects.first()

    listed = Reader(elsewhere).get("/audit-trail/")
    one = Reader(elsewhere).get(f"/audit-trail/entries/{entry.id}")

    assert patient.ref not in listed.content.decode()
    assert one.status_code == 404


@pytest.mark.parametrize("role", ["PatientFactory", "PhysicianFactory", "StaffMemberFactory"])
def test_nobody_but_an_auditor_opens_the_desk(role):
    reader = Reader(getattr(accounts, role)())

    assert reader.get("/audit-trail/").status_code == 403
    assert reader.get("/audit-trail/exports").status_code == 403


def test_a_day_that_is_none_says_so_at_its_field(auditor):
    answer = Reader(auditor).get("/audit-trail/", since="yesterday")

    assert answer.status_code == 422
    assert "Enter a valid date" in text_of(answer)


@pytest.mark.django_db(transaction=True)
def test_an_entry_tells_where_it_is_sealed(auditor, patient):
    entry = AuditEntry.objects.filter(action="patient.read").first()
    before = text_of(Reader(auditor).get(f"/audit-trail/entries/{entry.id}"))
    seal_everything()

    after = text_of(Reader(auditor).get(f"/audit-trail/entries/{entry.id}"))

    assert "Not sealed yet" in before
    assert "of a signed tree of" in after


def test_an_export_is_asked_for_and_listed(auditor, patient):
    reader = Reader(auditor)

    answer = reader.send("/audit-trail/exports", patient=patient.ref)

    assert answer.status_code == 303
    assert AuditExport.objects.count() == 1
    assert patient.ref in text_of(reader.get("/audit-trail/exports"))


def test_an_export_of_a_period_names_its_last_day(auditor):
    reader = Reader(auditor)

    reader.send("/audit-trail/exports", since="2026-03-01", until="2026-03-31")

    assert "1 March 2026 – 31 March 2026" in text_of(reader.get("/audit-trail/exports"))


def test_an_export_of_nothing_is_refused_in_words(auditor):
    answer = Reader(auditor).send("/audit-trail/exports")

    assert 400 <= answer.status_code < 500
    assert AuditExport.objects.count() == 0


def test_asking_for_an_export_asks_who_asks(auditor, patient):
    answer = Reader(auditor, fresh=False).send("/audit-trail/exports", patient=patient.ref)

    assert answer["Location"].startswith("/account/reauthenticate/?next=/audit-trail/exports")


def test_fifty_entries_cost_as_many_statements_as_one(auditor):
    for _ in range(30):
        Reader(accounts.PatientFactory(clinic=auditor.clinic)).get("/me/")
    AuditExportFactory(clinic=auditor.clinic)
    reader = Reader(auditor)

    _, listed = queries_of(lambda: reader.get("/audit-trail/"))
    _, exports = queries_of(lambda: reader.get("/audit-trail/exports"))

    assert len(listed) <= 12, listed
    assert len(exports) <= 12, exports
