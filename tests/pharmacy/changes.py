"""What may change about a patient after an approval, and how it is noted and taken back."""

from tests.callers import Caller
from tests.factories.care import physician_of


def states(topic, **value):
    return "statements", {"topic": topic, "value": value}


def scores(phq9, item9):
    return "phq_scores", {"phq9": phq9, "item9": item9, "taken_on": "2026-03-10"}


def triglycerides(value):
    body = {"analyte": "triglycerides", "value": value, "unit": "mg/dL", "fasting": True}
    return "lab_results", {**body, "taken_on": "2026-03-10"}


def positive_test():
    body = {"result": "positive", "setting": "clinic", "taken_on": "2026-03-10"}
    return "pregnancy_tests", body


PREGNANT = states("pregnancy", pregnant=True)
DOXYCYCLINE = states("medicines", medicines=[{"code": "doxycycline"}])


def note(row, change):
    path, body = change
    caller = Caller(physician_of(row.patient))
    answer = caller.post(f"/v1/{path}", {"patient": row.patient.ref, **body})
    assert answer.status_code == 201, answer.json()


def take_back(row, kind, since=""):
    caller = Caller(physician_of(row.patient))
    for noted in caller.get(f"/v1/{kind}", patient=row.patient.ref).json()["data"]:
        path = f"/v1/{kind}/{noted['id']}/retract"
        if noted["taken_on"] >= since:
            caller.post(path, {"reason": "wrong_patient"}, version=noted["version"])
