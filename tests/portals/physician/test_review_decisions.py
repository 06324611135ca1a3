"""Each decision of a review goes through its verb, and what it says stays when it is refused."""

import re
from datetime import timedelta

import pytest

from backend.prescriptions.models import SignOff
from tests.factories.accounts import PhysicianFactory
from tests.factories.prescriptions import (
    NOW,
    CourseFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.portals.physician.reviewing import at, opener, send, shown
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def test_approving_signs_it_says_so_and_goes_on_to_the_next(row, colleague):
    other = ready_prescription(
        course=CourseFactory(patient=ready_patient(clinic=row.clinic)),
        submitted_at=NOW - timedelta(minutes=5),
    )

    answer = send(colleague, row, "approve")

    row.refresh_from_db()
    assert row.status == "approved"
    assert row.decided_by == colleague.user
    assert (answer.status_code, answer["Location"]) == (303, at(other))


def test_the_message_of_what_was_done_is_not_kept_in_a_cookie(row, colleague):
    reader = Reader(colleague)

    answer = reader.send(at(row), act="approve", version=str(row.version))
    queue = reader.get("/physician/")

    assert answer["Location"] == "/physician/"
    assert f"Approved and signed: {row.patient.name}" in text_of(queue)
    assert "messages" not in answer.cookies


def test_without_a_fresh_proof_the_button_leads_to_proving_and_back_to_the_open_dialog(
    row, colleague
):
    page = shown(colleague, row, fresh=False)

    back = f"next=/physician/prescriptions/{row.ref}%3Fopen%3Dapprove"
    assert opener(page, "a") == f"/account/reauthenticate/?{back}"


def test_a_proof_that_grew_old_meanwhile_is_asked_for_again(row, colleague):
    answer = send(colleague, row, "approve", fresh=False)

    row.refresh_from_db()
    assert row.status == "in_review"
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/reauthenticate/?next=")
    assert answer["Location"].endswith("open%3Dapprove")


def test_a_senior_finding_is_signed_off_with_a_reason_and_then_it_can_be_approved(senior):
    signer, approver = (PhysicianFactory(clinic=senior.clinic) for _ in range(2))
    assert opener(shown(approver, senior), "a") is None
    page = shown(signer, senior)
    dialog = page[page.index('<dialog id="sign_off_') :]
    evidence = re.search(r'name="evidence" value="([^"]*)"', dialog).group(1)

    answer = send(
        signer,
        senior,
        "sign_off",
        rule="C-20",
        evidence=evidence.replace("&quot;", '"'),
        reason="In remission for three years.",
    )

    assert answer["Location"] == at(senior)
    assert SignOff.objects.get().reason == "In remission for three years."
    assert "Signed off by another physician" in shown(approver, senior)
    assert opener(shown(approver, senior), "a") == "?open=approve"
    assert "another physician approves" in shown(signer, senior)
    assert opener(shown(signer, senior), "a") is None


def test_a_sign_off_without_a_reason_stays_open_and_says_so(senior):
    signer = PhysicianFactory(clinic=senior.clinic)

    answer = send(signer, senior, "sign_off", rule="C-20", evidence="{}", reason="")

    assert answer.status_code == 422
    assert not SignOff.objects.exists()


def test_it_is_returned_with_a_reason_and_a_note(row, colleague):
    answer = send(colleague, row, "return", reason="dose", note="10 mg, please.")

    row.refresh_from_db()
    assert answer.status_code == 303
    assert (row.status, row.return_reason, row.return_note) == (
        "returned",
        "dose",
        "10 mg, please.",
    )


def test_it_is_declined_with_a_reason_and_words_for_the_patient(row, colleague):
    words = {"patient_text_ja": "処方できません。", "patient_text_en": "It cannot be prescribed."}

    send(colleague, row, "decline", reason="not_indicated", **words)

    row.refresh_from_db()
    assert (row.status, row.decline_reason) == ("declined", "not_indicated")
    assert row.decline_text_en == "It cannot be prescribed."


def test_a_decline_begins_with_the_words_of_the_rules():
    row = ready_prescription(patient_on_doxycycline())

    page = shown(PhysicianFactory(clinic=row.clinic), row)

    asked = re.search(r'id="decline_patient_text_ja">\s*([^<]+)<', page)
    assert asked


def test_a_decline_without_words_keeps_what_was_typed(row, colleague):
    answer = send(
        colleague, row, "decline", reason="other", patient_text_ja="理由です。", patient_text_en=""
    )

    page = answer.content.decode()
    row.refresh_from_db()
    assert (answer.status_code, row.status) == (422, "in_review")
    assert "理由です。" in page
    assert re.search(r'<dialog id="decline"[^>]+open data-modal', page)


def test_what_changed_meanwhile_is_refused_in_words(row, colleague):
    row.version += 1
    row.save(update_fields=["version"])

    answer = Reader(colleague).send(at(row), act="return", version="1", reason="dose", note="10 mg")

    row.refresh_from_db()
    assert answer.status_code == 412
    assert row.status == "in_review"


def test_a_form_without_its_token_is_refused(row, colleague):
    answer = Reader(colleague).client.post(at(row), {"act": "approve", "version": "1"})

    row.refresh_from_db()
    assert (answer.status_code, row.status) == (403, "in_review")


@pytest.mark.parametrize("act", ["release", "approve_all", ""])
def test_no_other_act_is_known(row, colleague, act):
    assert send(colleague, row, act).status_code == 404
