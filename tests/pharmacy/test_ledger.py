"""What PostgreSQL refuses, whoever asks: these tests go round the services."""

import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError

from backend.pharmacy.models import Dispense, MedicineReturn
from tests.factories.accounts import PatientFactory, PharmacyFactory
from tests.factories.pharmacy import DispenseFactory, MedicineReturnFactory
from tests.factories.prescriptions import PrescriptionFactory

pytestmark = pytest.mark.django_db

INSERT = """
    INSERT INTO pharmacy_dispense (id, version, prescription_id, patient_id, pharmacy_id,
        decision_id, lot_id, fill_no, capsules, handed_over_at, handed_over_by)
    SELECT gen_random_uuid(), 1, prescription_id, patient_id, pharmacy_id, %s, lot_id,
        fill_no + 1, %s, handed_over_at, handed_over_by
    FROM pharmacy_dispense WHERE id = %s
"""


def dispensed(row) -> int:
    row.refresh_from_db()
    return row.dispensed_capsules


def test_a_hand_over_counts_at_once():
    row = PrescriptionFactory(claimed=True)

    DispenseFactory(prescription=row, capsules=7)
    DispenseFactory(prescription=row, capsules=3)

    assert dispensed(row) == 10


def test_sql_cannot_hand_over_a_capsule_too_many():
    row = PrescriptionFactory(claimed=True)
    first = DispenseFactory(prescription=row, capsules=row.capsules - 1)
    spare = DispenseFactory.build(prescription=row).decision
    spare.save()

    with (
        pytest.raises(IntegrityError, match="prescription_dispensed_within_capsules"),
        connection.cursor() as cursor,
    ):
        cursor.execute(INSERT, [spare.id, 2, first.id])


def test_sql_can_hand_over_the_last_capsule():
    row = PrescriptionFactory(claimed=True)
    first = DispenseFactory(prescription=row, capsules=row.capsules - 1)
    spare = DispenseFactory.build(prescription=row).decision
    spare.save()

    with connection.cursor() as cursor:
        cursor.execute(INSERT, [spare.id, 1, first.id])

    assert dispensed(row) == row.capsules


def test_setting_the_total_back_by_hand_does_not_open_the_ledger_again():
    row = PrescriptionFactory(claimed=True)
    DispenseFactory(prescription=row, capsules=row.capsules)
    type(row).objects.filter(id=row.id).update(dispensed_capsules=0)

    with pytest.raises(IntegrityError, match="prescription_dispensed_within_capsules"):
        DispenseFactory(prescription=row, capsules=1)


@pytest.mark.parametrize(
    "status",
    ["draft", "in_review", "returned", "declined", "cancelled", "approved", "dispensed",
     "voided", "expired", "rejected"],
)  # fmt: skip
def test_nothing_is_handed_over_on_a_prescription_that_is_not_claimed(status):
    row = PrescriptionFactory(**{status: True})

    with pytest.raises(IntegrityError, match="dispense of a prescription"):
        DispenseFactory(prescription=row, pharmacy=row.claimed_by or PharmacyFactory())


def test_nothing_is_handed_over_by_a_pharmacy_that_has_not_claimed_it():
    row = PrescriptionFactory(claimed=True)

    with pytest.raises(IntegrityError, match="dispense of a prescription"):
        DispenseFactory(prescription=row, pharmacy=PharmacyFactory(clinic=row.clinic))


def test_a_hand_over_names_the_patient_of_its_prescription():
    row = PrescriptionFactory(claimed=True)

    with pytest.raises(IntegrityError, match="dispense of a prescription"):
        DispenseFactory(prescription=row, patient=PatientFactory())


def test_each_fill_number_stands_once():
    row = PrescriptionFactory(claimed=True)
    DispenseFactory(prescription=row, fill_no=1)

    with pytest.raises(IntegrityError, match="dispense_fill_once"):
        DispenseFactory(prescription=row, fill_no=1)


@pytest.mark.parametrize("broken", [{"capsules": 0}, {"fill_no": 0}])
def test_a_hand_over_of_nothing_is_none(broken):
    with pytest.raises(IntegrityError, match="dispense_capsules_from_1"):
        DispenseFactory(**broken)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pharmacy_dispense SET capsules = 1",
        "DELETE FROM pharmacy_dispense",
        "UPDATE pharmacy_medicinereturn SET capsules = 1",
        "DELETE FROM pharmacy_medicinereturn",
    ],
)
def test_the_ledger_is_append_only(statement):
    MedicineReturnFactory()

    with pytest.raises(ProgrammingError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_came_back_counts_and_changes_the_version():
    given = DispenseFactory(capsules=5)
    before = given.prescription.version

    MedicineReturnFactory(dispense=given, capsules=2)

    given.prescription.refresh_from_db()
    assert (given.prescription.returned_capsules, given.prescription.version) == (2, before + 1)
    assert dispensed(given.prescription) == 5


def test_no_more_comes_back_than_this_hand_over_gave():
    row = PrescriptionFactory(claimed=True)
    given = DispenseFactory(prescription=row, capsules=5)
    DispenseFactory(prescription=row, capsules=5)
    MedicineReturnFactory(dispense=given, capsules=3)
    MedicineReturnFactory(dispense=given, capsules=2)

    with pytest.raises(IntegrityError, match="more capsules returned"):
        MedicineReturnFactory(dispense=given, capsules=1)


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"capsules": 0}, "medicine_return_capsules_from_1"),
        ({"reason": "boredom"}, "medicine_return_reason_known"),
    ],
)
def test_the_database_refuses_an_impossible_return(broken, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        MedicineReturnFactory(**broken)


def test_a_return_names_the_patient_of_its_hand_over():
    with pytest.raises(IntegrityError, match="more capsules returned"):
        MedicineReturnFactory(patient=PatientFactory())


def test_the_ledger_adds_up_to_the_prescriptions_totals():
    row = PrescriptionFactory(claimed=True)
    for capsules in (3, 4, 5):
        given = DispenseFactory(prescription=row, capsules=capsules)
        MedicineReturnFactory(dispense=given, capsules=1)

    row.refresh_from_db()
    assert row.dispensed_capsules == sum(Dispense.objects.values_list("capsules", flat=True))
    assert row.returned_capsules == sum(MedicineReturn.objects.values_list("capsules", flat=True))
