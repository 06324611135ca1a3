"""In which zone a patient's days are counted."""

import pytest

from tests.callers import Caller
from tests.factories.accounts import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("zone", "status"), [("Asia/Tokyo", 200), ("Pacific/Pago_Pago", 403)])
def test_a_patient_does_not_move_the_days_on_which_windows_close(zone, status):
    patient = PatientFactory(zone="Asia/Tokyo")

    answer = Caller(patient).post(
        f"/v1/patients/{patient.ref}/update_contact",
        {"zone": zone, "telephone": "090-1111-2222"},
        version=1,
    )

    patient.refresh_from_db()
    assert answer.status_code == status
    assert answer.json().get("code") == (None if status == 200 else "zone_is_set_by_clinic")
    assert (patient.zone, patient.telephone == "090-1111-2222") == ("Asia/Tokyo", status == 200)
