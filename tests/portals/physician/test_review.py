"""One review page: every gate, every button with why not, and each decision through its verb."""

import re
from datetime import timedelta

import pytest

from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry
from backend.prescriptions.models import SignOff
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.prescriptions import (
    NOW,
    CourseFactory,
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.factories.worklist import TaskFactory
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
QUERIES = 18
COLITIS = {"conditions": {"conditions": ["ibd"]}}  # C-20: senior in every pack


def at(row):
    return f"/physician/prescriptions/{row.ref}"


@pytest.fixture
def row():
    return ready_prescription()


@pytest.fixture
def colleague(row):
    """Another physician of the clinic than the one who drafted it."""
    return PhysicianFactory(clinic=row.clinic)


@pytest.fixture
def senior():
    """A prescription with a finding that a second physician can sign off."""
    return ready_prescription(ready_patient(said=COLITIS))


def shown(who, row, *, fresh=True, **query):
    answer = Reader(who, fresh=fresh).get(at(row), **query)
    assert answer.status_code == 200
    return answer.content.decode()


def opener(page, key):
    """Where the button of a key leads; None where it is not there to be pressed."""
    found = re.search(rf'href="([^"]*)"[^>]*data-key="{key}"', page)
    return found.group(1) if found else None


def why_not(page, name):
    found = re.search(rf'id="why_{name}">([^<]+)<', page)
    return found.group(1) if found else None


def send(who, row, act, *, fresh=True, **fields):
    """Send the form of a dialog, with the version that the page has."""
    reader = Reader(who, fresh=fresh)
    return reader.send(at(row), act=act, version=str(row.version), **fields)


def test_the_head_says_whom_it_is_about_in_the_numbers_that_a_dose_is_judged_by(row, colleague):
    said = " ".join(text_of(Reader(colleague).get(at(row))).split())

    assert "24 y" in said
    assert "Can become pregnant yes" in said
    assert "52.0 kg" in said
    assert "Course 1 , not started" in said.replace("1, ", "1 , ")
    assert "0.0 → 11.5 mg/kg" in said
    assert "120–150" in said


def test_a_clear_one_can_be_approved_and_its_gates_are_folded(row, colleague):
    page = shown(colleague, row)

    assert "Nothing stands against an approval." in page
    assert re.search(r"\d+ clear gates", page)
    assert opener(page, "a") == "?open=approve"


def test_what_stands_is_shown_with_rule_evidence_remedy_and_who():
    row = ready_prescription(patient_on_doxycycline())
    colleague = PhysicianFactory(clinic=row.clinic)

    page = shown(colleague, row)

    first = page[page.index('class="gate ') :]
    assert 'class="gate block"' in first[:40]
    assert "C-11" in first
    assert "doxycycline" in first
    assert "(The p" in first
    assert opener(page, "a") is None
    assert "C-11" in why_not(page, "approve")
    assert opener(page, "r") == "?open=return"
    assert opener(page, "d") == "?open=decline"


def test_each_dialog_repeats_patient_medicine_dose_and_days(row, colleague):
    page = shown(colleague, row, open="approve")

    dialog = page[page.index('<dialog id="approve"') :]
    dialog = dialog[: dialog.index("</dialog>")]
    assert "open data-modal" in dialog
    for what in (row.patient.name, row.product.name, "20 mg a day", "30 days"):
        assert what in dialog


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

    back = f"next=%2Fphysician%2Fprescriptions%2F{row.ref}%3Fopen%3Dapprove"
    assert opener(page, "a") == f"/account/reauthenticate/?{back}"


def test_a_proof_that_grew_old_meanwhile_is_asked_for_again(row, colleague):
    answer = send(colleague, row, "approve", fresh=False)

    row.refresh_from_db()
    assert row.status == "in_review"
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/reauthenticate/?next=")
    assert answer["Location"].endswith("open%3Dapprove")


def test_an_urgent_task_about_the_patient_keeps_it_from_being_approved(row, colleague):
    TaskFactory(patient=row.patient, urgent=True)

    page = shown(colleague, row)

    assert opener(page, "a") is None
    assert why_not(page, "approve") == "An urgent task about this patient is still open"


def test_an_urgent_task_about_another_patient_does_not(row, colleague):
    TaskFactory(patient=PatientFactory(clinic=row.clinic), urgent=True)

    assert opener(shown(colleague, row), "a") == "?open=approve"


@pytest.mark.parametrize(
    ("course", "words"),
    [({"halted": True}, "The course is halted"), ({"ended": True}, "The course is over")],
)
def test_a_course_that_is_not_open_keeps_it_from_being_approved(course, words):
    row = PrescriptionFactory(
        course=CourseFactory(patient=ready_patient(), **course), in_review=True
    )

    page = shown(PhysicianFactory(clinic=row.clinic), row)

    assert why_not(page, "approve") == words


def test_who_drafted_it_cannot_sign_off_its_findings(senior):
    page = shown(senior.created_by.staff_member, senior)

    assert "Another physician than the one who drafted it has to sign" in page
    assert 'id="sign_off_' not in page


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


@pytest.mark.parametrize("act", ["void", "approve_all", ""])
def test_no_other_act_is_known(row, colleague, act):
    assert send(colleague, row, act).status_code == 404


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_what_is_not_in_review_is_shown_to_be_written(status):
    row = PrescriptionFactory(**{status: True})

    answer = Reader(row.created_by).get(at(row))

    assert answer["Location"] == f"{at(row)}/draft"


def test_a_look_leaves_an_entry_about_the_patient(row, colleague):
    shown(colleague, row)

    entry = AuditEntry.objects.get(action="prescription.assess")
    assert entry.pseudonym == pseudonym_of(row.patient.ref)


def test_another_clinics_is_not_found(row):
    assert Reader(PhysicianFactory()).get(at(row)).status_code == 404


def test_next_goes_on_to_what_follows_and_from_the_last_to_the_first(row, colleague):
    later = ready_prescription(
        course=CourseFactory(patient=ready_patient(clinic=row.clinic)), submitted_at=NOW
    )

    onward = Reader(colleague).get(f"{at(row)}/next")
    around = Reader(colleague).get(f"{at(later)}/next")

    assert onward["Location"] == at(later)
    assert around["Location"] == at(row)


def test_the_panels_come_by_themselves_or_as_a_page(row, colleague):
    whole = Reader(colleague).get(f"{at(row)}/panels").content.decode()
    part = Reader(colleague).client.get(f"{at(row)}/panels", headers={"HX-Request": "true"})

    assert "<html" in whole
    assert "<html" not in part.content.decode()
    assert 'id="panel-dose"' in part.content.decode()
    assert 'id="panel-symptoms"' in part.content.decode()


TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.mark.parametrize("path", ["", "/panels"])
def test_a_review_takes_few_queries(senior, path, django_assert_max_num_queries):
    reader = Reader(PhysicianFactory(clinic=senior.clinic))
    reader.get(at(senior) + path)

    with django_assert_max_num_queries(100) as asked:
        reader.get(at(senior) + path)

    counted = [q["sql"] for q in asked.captured_queries if not q["sql"].startswith(TRANSACTIONS)]
    assert len(counted) <= QUERIES, "\n".join(q[:90] + q[q.find(" FROM ") :][:60] for q in counted)
