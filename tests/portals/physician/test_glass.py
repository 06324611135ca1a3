"""A record that is closed to a physician: a reason opens it for an hour, marked on every page."""

import pytest

from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry, Outcome
from backend.care.models import EmergencyAccess
from tests.factories.accounts import PhysicianFactory
from tests.factories.care import EmergencyAccessFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
WHY = "担当医が不在のため、患者からの電話に対応します。"


@pytest.fixture
def closed():
    """A prescription that nobody has to look at any more: its record is closed to others."""
    return PrescriptionFactory(approved=True)


@pytest.fixture
def stranger(closed):
    return PhysicianFactory(clinic=closed.clinic)


def at(row):
    return f"/physician/prescriptions/{row.ref}"


def opened(who, row, **fields):
    asked = {"patient": row.patient.ref, "next": at(row), "reason": "covering_colleague"}
    return Reader(who).send(
        "/physician/glass", on=at(row), **{**asked, "reason_text": WHY, **fields}
    )


def test_a_closed_record_shows_whose_it_is_and_asks_for_a_reason(closed, stranger):
    answer = Reader(stranger).get(at(closed))

    said = text_of(answer)
    assert answer.status_code == 403
    assert "This record is closed to you" in said
    assert closed.patient.name in said
    assert closed.product.name not in said


def test_the_refusal_leaves_an_entry_about_the_patient(closed, stranger):
    Reader(stranger).get(at(closed))

    entry = AuditEntry.objects.get(outcome=Outcome.REFUSED)
    assert entry.action == "prescription.assess"
    assert entry.pseudonym == pseudonym_of(closed.patient.ref)


def test_a_reason_opens_it_and_leads_back_and_the_page_says_so(closed, stranger):
    answer = opened(stranger, closed)

    page = text_of(Reader(stranger).get(at(closed)))
    assert (answer.status_code, answer["Location"]) == (303, at(closed))
    assert EmergencyAccess.objects.get().reason_text == WHY
    assert "Open emergency access" in page
    assert closed.product.name in page


def test_a_short_reason_is_refused_at_its_field(closed, stranger):
    answer = opened(stranger, closed, reason_text="電話")

    assert answer.status_code == 422
    assert 'id="id_reason_text_error"' in answer.content.decode()
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_it_leads_nowhere_else(closed, stranger, elsewhere):
    assert opened(stranger, closed, next=elsewhere)["Location"] == "/physician/"


def test_it_is_given_back(closed, stranger):
    access = EmergencyAccessFactory(patient=closed.patient, opened_by=stranger.user)

    Reader(stranger).send(
        f"/physician/glass/{access.ref}/end", on=at(closed), version=str(access.version)
    )

    access.refresh_from_db()
    assert access.status == "ended"
    assert Reader(stranger).get(at(closed)).status_code == 403


def test_who_treats_the_patient_sees_no_mark(closed):
    page = Reader(closed.created_by.staff_member).get(at(closed))

    assert page.status_code == 200
    assert "Open emergency access" not in text_of(page)


def test_a_form_without_its_token_is_refused(closed, stranger):
    answer = Reader(stranger).client.post("/physician/glass", {"patient": closed.patient.ref})

    assert answer.status_code == 403
    assert not EmergencyAccess.objects.exists()
