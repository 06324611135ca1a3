"""Feature 25: whether a patient can become pregnant is asked neutrally, and again when it changes.

P-JP-01: cannot = male, post-menopause, hysterectomy, bilateral oophorectomy.
"""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from backend.intake import questionnaires
from backend.worklist.queries import open_tasks
from tests.callers import Caller
from tests.factories.prescriptions import NOW, ready_patient, ready_prescription
from tests.factories.records import MAN, OF_WOMEN, StatementFactory
from tests.pharmacy.counter import approved_prescription, claim, client_of
from tests.prescriptions.people import do, physician_for

CANNOT = {"said": MAN, "without": (*OF_WOMEN, "tests")}
CAN = {"can_become_pregnant": True}
ASKED_OF_WHO_CAN = {"P-JP-02", "P-JP-03"}


def prescription_of_who_cannot(make=ready_prescription):
    return make(patient=ready_patient(**CANNOT))


def note(row, value):
    body = {"patient": row.patient.ref, "topic": "pregnancy_potential", "value": value}
    answer = Caller(physician_for(row)).post("/v1/statements", body)
    assert answer.status_code == 201, answer.content


def patient_says(row, value):
    later = NOW + timedelta(minutes=1)
    StatementFactory(
        patient=row.patient,
        topic="pregnancy_potential",
        value=value,
        noted_by="patient:usr_1",
        noted_at=later,
    )
    clock = row.patient.test_clock
    clock.frozen_at = later
    clock.save(update_fields=["frozen_at"])


def refusing(row):
    path = f"/v1/prescriptions/{row.ref}/assessment"
    findings = Caller(physician_for(row)).get(path).json()["findings"]
    return {f["rule"]: f for f in findings if f["level"] not in ("counsel", "warn")}


@pytest.mark.django_db
def test_who_cannot_is_asked_for_no_test_and_no_contraception():
    row = prescription_of_who_cannot()

    assert refusing(row) == {}
    assert do(row, "approve", by=physician_for(row)).status_code == 200


@pytest.mark.django_db
def test_p_jp_01_once_it_changes_everything_is_asked_as_for_who_can():
    row = prescription_of_who_cannot()
    note(row, CAN)

    found = refusing(row)

    assert set(found) >= ASKED_OF_WHO_CAN
    assert do(row, "approve", by=physician_for(row)).json()["code"] == "not_clear"


@pytest.mark.django_db
def test_p_jp_01_the_patients_own_word_against_the_clinics_is_asked_again_not_believed():
    row = prescription_of_who_cannot()
    note(row, MAN["pregnancy_potential"])
    patient_says(row, CAN)

    found = refusing(row)

    assert found["P-JP-01"]["missing"] == ["patient.can_become_pregnant"]
    assert set(found) >= ASKED_OF_WHO_CAN  # until then, as for who can


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["tubal_ligation", "not_sexually_active", "other"])
def test_p_jp_01_another_reason_holds_and_is_asked_as_for_who_can(reason):
    row = prescription_of_who_cannot()
    note(row, {"can_become_pregnant": False, "cannot_reason": reason})

    assert set(refusing(row)) >= {"P-JP-01", *ASKED_OF_WHO_CAN}


@pytest.mark.django_db
def test_a_change_after_the_approval_stops_the_hand_over_until_a_physician_has_looked():
    row = prescription_of_who_cannot(approved_prescription)
    note(row, CAN)

    answer = claim(client_of(row.clinic), row)

    assert (answer.status_code, answer.json()["code"]) == (409, "awaiting_physician")
    assert [task.kind for task in open_tasks(row.patient)] == ["facts_unknown"]


FORMS = sorted(Path(questionnaires.__path__[0]).glob("*.toml"))
OF_SEX = ("女性", "女の", "妻", "woman", "women", "female", "girl", "lady", "sex")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_the_question_is_neutral_and_may_be_left_open(form):
    sections = tomllib.loads(form.read_text("utf-8"))["section"]
    items = [item for section in sections for item in section["item"]]
    (asked,) = [item for item in items if item["id"] == "pregnancy_potential"]

    options = asked["options"].values()
    texts = [asked["text"], *({"ja": o["ja"], "en": o["en"]} for o in options)]
    said = " ".join(text[language] for text in texts for language in ("ja", "en")).lower()
    assert [word for word in OF_SEX if word in said] == []
    assert asked["options"]["unsure"]["facts"] == {}
    assert "enable_when" not in asked  # of everybody
