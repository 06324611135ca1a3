"""Feature 24: a hard stop before the visit leaves the way to a physician open."""

import pytest

from tests.booking.places import a_place
from tests.callers import Caller
from tests.factories.intake import TAKES_DOXYCYCLINE, IntakeResponseFactory, answers

pytestmark = pytest.mark.django_db
NO_RULE = ("C-11", "C-02", "doxycycline", "ドキシサイクリン", "tetracycline", "block")


@pytest.mark.parametrize("changes", [TAKES_DOXYCYCLINE, {"follows_programme": False}])
def test_c_11_c_02_who_is_blocked_is_told_the_next_step_and_may_take_it(changes):
    place = a_place()
    patient = place.patient
    draft = IntakeResponseFactory(patient=patient, answers=answers(**changes))

    told = Caller(patient).post(f"/v1/intake_responses/{draft.ref}/submit", version=1).json()
    held = place.hold(patient)

    draft.refresh_from_db()
    assert (draft.decision, told["decision"]) == ("block", None)
    assert told["guidance"]["code"] == "another_treatment_may_suit"
    assert "book a visit" in told["guidance"]["next_step"]
    assert not [word for word in NO_RULE if word in str(told["guidance"])]
    assert held.status_code == 201
