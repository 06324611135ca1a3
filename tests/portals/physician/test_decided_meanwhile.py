"""Somebody else was faster: what the physician reads who still has the page open."""

import json
import re
from html import unescape

import pytest

from backend.prescriptions.models import Prescription
from tests.factories.accounts import PhysicianFactory
from tests.factories.prescriptions import PrescriptionFactory, ready_patient
from tests.portals.physician.reviewing import at, send, shown
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
GONE = {
    "en": "This prescription does not wait for review any more",
    "ja": "この処方は、審査待ちではなくなりました",
}
WORDS = {"reason": "other", "patient_text_ja": "今回は処方しません。", "patient_text_en": "No."}
ACTS = {"approve": {}, "return": {"reason": "dose", "note": "20 mg"}, "decline": WORDS}


@pytest.fixture
def late(row):
    """A physician of the clinic who has nothing to do with the patient but the open page."""
    return PhysicianFactory(clinic=row.clinic)


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_decides_after_a_colleague_is_told_that_it_waits_no_more(
    row, colleague, late, act, language
):
    reader, version = Reader(late, language=language), row.version
    send(colleague, row, "decline", **WORDS)

    answer = reader.send(at(row), on="/physician/", act=act, version=version, **ACTS[act])

    assert answer.status_code == 403
    assert GONE[language] in text_of(answer)
    assert 'class="button main" href="/physician/"' in answer.content.decode()
    assert Prescription.objects.get().decided_by_id == colleague.user_id


def test_the_next_one_of_what_a_colleague_decided_is_reached_by_the_queue(row, colleague, late):
    send(colleague, row, "decline", **WORDS)

    answer = Reader(late).get(f"{at(row)}/next")

    assert GONE["en"] in text_of(answer)


def test_what_was_never_in_review_is_closed_and_no_more_is_said(row, late):
    draft = PrescriptionFactory(patient=ready_patient(clinic=row.clinic))

    answer = Reader(late).get(at(draft))

    assert answer.status_code == 403
    assert GONE["en"] not in text_of(answer)


@pytest.mark.parametrize(
    "page", ["prescriptions/{0.ref}/draft", "courses/{0.course.ref}/prescribe"]
)
def test_a_closed_page_of_writing_asks_for_a_reason_and_speaks_of_no_api(
    row, colleague, late, page
):
    send(colleague, row, "decline", **WORDS)

    answer = Reader(late).get(f"/physician/{page.format(row)}")

    assert answer.status_code == 403
    assert "Open the record as an emergency" in text_of(answer)
    assert "/v1/" not in text_of(answer)


def test_a_sign_off_without_a_reason_opens_its_dialog_again_however_its_facts_are_spelled(senior):
    signer = PhysicianFactory(clinic=senior.clinic)
    held = re.search(r'name="evidence" value="([^"]*)"', shown(signer, senior)).group(1)
    spelled = json.dumps(json.loads(unescape(held)), indent=1)

    answer = send(signer, senior, "sign_off", rule="C-20", evidence=spelled, reason="")

    assert answer.status_code == 422
    assert re.search(r'<dialog id="sign_off_\d+"[^>]* open data-modal', answer.content.decode())
