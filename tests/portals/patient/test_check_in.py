"""A patient answers how she is: in words, once, and reads at once what to do."""

from datetime import timedelta
from typing import Any

import pytest

from backend import clock
from backend.audit.models import AuditEntry
from backend.followups.models import CheckIn
from backend.portals.patient.check_in_questions import ITEMS
from backend.prescriptions.models import Course
from backend.records.models import PhqScore
from tests.factories import accounts, followups, records
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
FINE = {
    "nothing": "on",
    "rest_none": "on",
    "phq_1": "0",
    "phq_2": "0",
    "with_food": "yes",
    "missed_doses": "0",
    "contraception_kept": "yes",
    "wants_blood_donation": "no",
}


def asked_now() -> CheckIn:
    """A check-in that was opened an hour ago, of a course that began a week ago."""
    now = clock.now(None)
    row = followups.make_followed(at=now - timedelta(hours=1))
    started_on = clock.civil_day(now, row.patient.zone) - timedelta(days=7)
    Course.objects.filter(id=row.course_id).update(started_on=started_on, created_at=now)
    return row


def page_of(row: CheckIn) -> str:
    return f"/me/check-ins/{row.ref}"


def without(*names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in (FINE | more).items() if name not in names}


def test_the_questions_are_asked_in_japanese_and_in_english():
    row = asked_now()

    ja, en = (Reader(row.patient, language=language).get(page_of(row)) for language in ("ja", "en"))

    assert "ニキビの悪化" in text_of(ja)
    assert "Acne getting worse" in text_of(en)
    assert "気分が落ち込む" in text_of(ja)


def test_a_patient_who_is_fine_is_thanked_and_goes_on():
    row = asked_now()
    reader = Reader(row.patient)

    answer = reader.send(page_of(row), **FINE)

    assert (answer.status_code, answer["Location"]) == (303, page_of(row))
    row.refresh_from_db()
    assert row.status == "answered"
    assert row.answers == {**followups.FINE, "phq2": 0}
    thanks = reader.get(page_of(row))
    assert "Go on as before" in text_of(thanks)
    assert f'data-draft-done="check_in:{row.ref}"' in thanks.content.decode()


def test_a_red_flag_halts_the_course_and_says_whom_to_call():
    row = asked_now()
    reader = Reader(row.patient)

    reader.send(page_of(row), **without("nothing", flags=["bih"], symptoms=["vomiting"]))

    row.refresh_from_db()
    assert (row.answers["red_flags"], row.answers["symptoms"]) == (["bih"], ["vomiting"])
    assert Course.objects.get().status == "halted"
    thanks = reader.get(page_of(row))
    assert "Stop the medicine now" in text_of(thanks)
    assert 'href="tel:119"' in thanks.content.decode()


def test_the_page_holds_what_to_do_before_anything_is_sent():
    row = asked_now()

    shown = Reader(row.patient).get(page_of(row)).content.decode()

    before_sending = shown.split('value="mood"')[1].split("</li>")[0]
    assert "0120279338" in shown
    assert "tel:" in before_sending


def test_nothing_chosen_is_not_taken_for_no_red_flag():
    row = asked_now()

    answer = Reader(row.patient).send(page_of(row), **without("nothing"))

    assert answer.status_code == 422
    assert "Choose what applies, or that none of them does." in text_of(answer)
    row.refresh_from_db()
    assert row.status == "open"


def test_a_flag_and_none_of_them_contradict_each_other():
    row = asked_now()

    answer = Reader(row.patient).send(page_of(row), **(FINE | {"flags": ["sjs"]}))

    assert "You chose symptoms and also none of them." in text_of(answer)
    assert 'value="sjs" checked' in answer.content.decode()


def test_an_item_left_out_is_asked_for_and_what_was_chosen_stays():
    row = asked_now()

    answer = Reader(row.patient).send(page_of(row), **without("rest_none", item_lips="2"))

    assert answer.status_code == 422
    assert "Choose this too, or answer each one above." in text_of(answer)
    shown = answer.content.decode()
    assert 'name="item_lips" value="2" checked' in shown
    assert shown.count('<details class="item" open>') == 1
    row.refresh_from_db()
    assert row.status == "open"


def test_twelve_answered_items_need_no_line_that_closes_them():
    row = asked_now()
    graded = {f"item_{code}": "0" for code in ITEMS} | {"item_lips": "1"}

    answer = Reader(row.patient).send(page_of(row), **without("rest_none", **graded))

    assert answer.status_code == 303
    row.refresh_from_db()
    assert row.answers["items"] == dict.fromkeys(ITEMS, 0) | {"lips": 1}


def test_two_answers_on_mood_that_weigh_enough_ask_for_the_other_seven():
    row = asked_now()
    reader = Reader(row.patient)
    low = FINE | {"phq_1": "2", "phq_2": "1"}

    first = reader.send(page_of(row), **low)
    reader.send(
        page_of(row), **(low | {f"phq_{number}": "1" for number in range(3, 9)} | {"phq_9": "0"})
    )

    assert first.status_code == 422
    assert "mood wanted" in first.content.decode()
    score = PhqScore.objects.order_by("-noted_at").first()
    assert (score.phq2, score.phq9, score.item9) == (3, 9, 0)


def test_below_that_the_seven_are_not_asked_for():
    row = asked_now()

    answer = Reader(row.patient).send(page_of(row), **(FINE | {"phq_1": "1", "phq_2": "1"}))

    assert answer.status_code == 303


def test_a_man_is_asked_neither_for_contraception_nor_for_pregnancy():
    row = asked_now()
    records.StatementFactory(
        patient=row.patient,
        topic="pregnancy_potential",
        value=records.MAN["pregnancy_potential"],
        noted_at=clock.now(None),
    )

    shown = Reader(row.patient).get(page_of(row)).content.decode()

    assert 'name="contraception_kept"' not in shown
    assert 'value="pregnancy"' not in shown


def test_the_same_form_sent_twice_is_one_answer():
    row = asked_now()
    reader = Reader(row.patient)

    answers = [
        reader.send(page_of(row), **(FINE | {"idempotency_key": "a" * 32})).status_code
        for _ in range(2)
    ]

    assert answers == [303, 303]
    assert AuditEntry.objects.filter(action="check_in.answer", outcome="done").count() == 1


def test_other_answers_to_what_was_answered_are_refused_in_words():
    row = asked_now()
    reader = Reader(row.patient)
    reader.send(page_of(row), **FINE)

    answer = reader.send(page_of(row), on="/me/check-ins", **(FINE | {"item_lips": "3"}))

    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.answers["items"]["lips"] == 0


def test_a_kept_draft_is_told_where_to_go_instead_of_being_redirected():
    row = asked_now()
    reader = Reader(row.patient)
    token = reader.get(page_of(row)).context["csrf_token"]

    answer = reader.client.post(
        page_of(row), {**FINE, "csrfmiddlewaretoken": str(token)}, headers={"X-Draft": "1"}
    )

    assert (answer.status_code, answer["HX-Redirect"]) == (204, page_of(row))


def test_without_its_token_the_form_is_refused():
    row = asked_now()

    answer = Reader(row.patient).client.post(page_of(row), FINE)

    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.status == "open"


def test_the_check_in_of_another_patient_is_not_found():
    row = asked_now()

    answer = Reader(accounts.PatientFactory()).get(page_of(row))

    assert answer.status_code == 404


def test_what_bothers_her_now_can_be_told_unasked():
    row = asked_now()
    reader = Reader(row.patient)

    answer = reader.send("/me/check-ins/now", flags=["vision"])

    told = CheckIn.objects.get(kind="unscheduled")
    assert answer["Location"] == page_of(told)
    assert "Do not drive at night" in text_of(reader.get(page_of(told)))


def test_who_has_no_course_is_told_to_call():
    patient = accounts.PatientFactory()

    answer = Reader(patient).send("/me/check-ins/now", **FINE)

    assert answer.status_code == 422
    assert "no course to report on" in text_of(answer)


def test_the_list_shows_what_waits_what_comes_and_what_was_answered(django_assert_max_num_queries):
    row = asked_now()
    for day in range(6):
        one = followups.FollowUpFactory(plan=row.follow_up.plan, done=True, occurrence=day)
        followups.CheckInFactory(follow_up=one, answered=True, day=day)
    reader = Reader(row.patient)

    with django_assert_max_num_queries(12):
        shown = reader.get("/me/check-ins")

    assert "Day 7 after the first dose: how are you?" in text_of(shown)
    assert "day 5" in text_of(shown)


@pytest.mark.parametrize("path", ["", "/now"])
def test_the_form_needs_few_queries(path, django_assert_max_num_queries):
    row = asked_now()
    reader = Reader(row.patient)

    with django_assert_max_num_queries(12):
        shown = reader.get(f"/me/check-ins{path or '/' + row.ref}")

    assert shown.status_code == 200
