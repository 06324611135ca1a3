from django.db import migrations

FORWARD = """
CREATE VIEW care_relation AS
    SELECT visit.patient_id, 'visit' AS source, 'own' AS whose, staff.user_id,
           NULL::uuid AS clinic_id, visit.ends_at AS counted_from
    FROM booking_visit AS visit
    JOIN accounts_staffmember AS staff ON staff.id = visit.physician_id
    WHERE visit.status IN ('held', 'booked', 'in_progress', 'completed', 'no_show')
UNION ALL
    SELECT patient_id, 'course', 'own', created_by_id, NULL,
           CASE WHEN status NOT IN ('not_started', 'running', 'halted')
                THEN greatest(created_at, (ended_on + 1)::timestamp AT TIME ZONE 'UTC') END
    FROM prescriptions_course
UNION ALL
    SELECT drafted.patient_id, 'prescription', 'own', drafted.created_by_id, NULL,
           CASE WHEN course.status NOT IN ('not_started', 'running', 'halted')
                THEN drafted.created_at END
    FROM prescriptions_prescription AS drafted
    JOIN prescriptions_course AS course ON course.id = drafted.course_id
UNION ALL
    SELECT decided.patient_id, 'prescription', 'own', decided.decided_by_id, NULL,
           CASE WHEN course.status NOT IN ('not_started', 'running', 'halted')
                THEN decided.decided_at END
    FROM prescriptions_prescription AS decided
    JOIN prescriptions_course AS course ON course.id = decided.course_id
    WHERE decided.decided_by_id IS NOT NULL
UNION ALL
    SELECT signed.patient_id, 'sign_off', 'own', signed.signed_by_id, NULL,
           CASE WHEN course.status NOT IN ('not_started', 'running', 'halted')
                THEN signed.signed_at END
    FROM prescriptions_signoff AS signed
    JOIN prescriptions_prescription AS signed_for ON signed_for.id = signed.prescription_id
    JOIN prescriptions_course AS course ON course.id = signed_for.course_id
UNION ALL
    SELECT resumed.patient_id, 'resume', 'own', resumed.resumed_by_id, NULL,
           CASE WHEN course.status NOT IN ('not_started', 'running', 'halted')
                THEN resumed.resumed_at END
    FROM prescriptions_courseclearance AS resumed
    JOIN prescriptions_course AS course ON course.id = resumed.course_id
UNION ALL
    SELECT patient_id, 'second_course', 'own', decided_by_id, NULL, decided_at
    FROM followups_secondcoursedecision
UNION ALL
    SELECT patient_id, 'task', 'own', done_by_id, NULL, done_at
    FROM worklist_task
    WHERE status = 'done' AND kind <> 'emergency_access_review'
UNION ALL
    SELECT waits.patient_id, 'task', 'clinic', NULL, patient.clinic_id, NULL
    FROM worklist_task AS waits
    JOIN accounts_patient AS patient ON patient.id = waits.patient_id
    WHERE waits.status = 'open'
      AND waits.kind NOT IN ('contact_patient', 'delivery_failed', 'emergency_access_review')
UNION ALL
    SELECT patient_id, 'prescription', 'clinic', NULL, clinic_id, NULL
    FROM prescriptions_prescription
    WHERE status = 'in_review'
UNION ALL
    SELECT orphan.patient_id, 'course', 'clinic', NULL, staff.clinic_id, NULL
    FROM accounts_staffmember AS staff
    JOIN prescriptions_course AS orphan ON orphan.created_by_id = staff.user_id
    WHERE staff.deactivated_at IS NOT NULL
      AND orphan.status IN ('not_started', 'running', 'halted')
UNION ALL
    SELECT halted.patient_id, 'course', 'senior', NULL, patient.clinic_id, NULL
    FROM prescriptions_course AS halted
    JOIN accounts_patient AS patient ON patient.id = halted.patient_id
    WHERE halted.status = 'halted';
COMMENT ON VIEW care_relation IS
    'Who has to do with which patient: own = user_id, clinic = every physician of clinic_id, '
    'senior = every senior physician of clinic_id. Lasts some days from counted_from; null: still.';
"""
BACKWARD = "DROP VIEW care_relation;"


class Migration(migrations.Migration):
    """Derived, not stored: a relation lasts as long as what it rests on (docs/decisions/0028)."""

    dependencies = [
        ("care", "0001_emergency_accesses"),
        ("accounts", "0004_row_changes_are_kept"),
        ("booking", "0003_row_changes_are_kept"),
        ("followups", "0003_row_changes_are_kept"),
        ("prescriptions", "0006_who_treats_is_found_fast"),
        ("worklist", "0003_reviews_need_no_contact"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
