"""Who saw my record: what patients read of the trail, in words, and auditors on their behalf."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from backend.audit.models import AuditEntry, Outcome
from backend.audit.record import record
from backend.auditor.accesses import record_accesses
from backend.auditor.words import _file
from backend.care.rules import EmergencyReason
from backend.care.services.break_glass import break_glass
from backend.kernel.actor import Actor, Role, job
from backend.origin import acting_for
from tests.callers import Caller
from tests.factories.accounts import (
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PharmacyFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.records import WeightFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PATH = "/v1/record_accesses"
BY_PEOPLE = {"by": "others", "kind": "seen"}


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def physician(patient):
    return PhysicianFactory(clinic=patient.clinic, name="森 一郎")


def look(who, patient, action="lab_result.read", *, at=AT, outcome=Outcome.DONE):
    """An entry; `who` is a row with an account or an actor."""
    actor = who if isinstance(who, Actor) else getattr(who, "user", who).actor
    with transaction.atomic():
        return record(action, on=patient, by=actor, at=at, outcome=outcome)


def shown(who, **asked):
    answer = Caller(who, language=asked.pop("language", "ja")).get(PATH, **asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def test_a_patient_reads_who_saw_what_when_and_why(patient, physician):
    entry = look(physician, patient)

    (row,) = shown(patient, **BY_PEOPLE)

    assert row["id"] == str(entry.id)
    assert row["at"].startswith("2026-03-10T12:00:00")
    assert row["who"] == {
        "role": "physician",
        "name": "森 一郎",
        "words": "医師 森 一郎",
        "is_you": False,
    }
    assert (row["what"], row["why"]) == ("検査結果を見ました", "診療・運営のため")
    assert (row["is_emergency"], row["is_refused"]) == (False, False)
    assert row["patient"] == patient.ref


def test_the_words_are_in_the_language_of_the_reader(patient, physician):
    look(physician, patient)

    (row,) = shown(patient, language="en", **BY_PEOPLE)

    assert row["what"] == "Looked at a laboratory result"
    assert row["who"]["words"] == "Physician 森 一郎"
    assert row["why"] == "for treatment and its organisation"


def test_a_patient_sees_nothing_of_another_patients_record(patient, physician):
    other = PatientFactory(clinic=patient.clinic)
    look(physician, other)

    assert shown(patient, **BY_PEOPLE) == []
    assert shown(patient, patient=other.ref) == []


def test_another_patient_who_tried_has_no_name(patient):
    stranger = PatientFactory(clinic=patient.clinic, name="水野 さくら")
    look(stranger, patient, outcome=Outcome.REFUSED)

    (row,) = shown(patient, kind="refused")

    assert row["who"] == {
        "role": "patient",
        "name": "",
        "words": "別の患者",
        "is_you": False,
    }
    assert "水野" not in str(row)
    assert stranger.ref not in str(row)


def test_everybody_is_called_as_a_patient_knows_them(patient, physician):
    pharmacy = PharmacyFactory(clinic=patient.clinic, name="みどり薬局")
    gone = Actor(Role.PHYSICIAN, "physician:usr_01hqxv5y2k8m3n4p5q6r7s8t9v", patient.clinic_id)
    labels = {
        "あなた": patient,
        "クリニックスタッフ 南 花": StaffMemberFactory(clinic=patient.clinic, name="南 花"),
        "薬局 みどり薬局": ApiClientFactory(pharmacy=pharmacy).actor,
        "他のクリニックの医師": PhysicianFactory(name="北 太郎"),
        "医師（氏名は不明）": gone,
        "システム（自動処理）": job("followups"),
        "ログインの確認（システム）": job("sign_in"),
        "システム運用担当": job("operator"),
    }
    for who in labels.values():
        look(who, patient)

    said = [row["who"]["words"] for row in reversed(shown(patient, kind="seen"))]

    assert said == list(labels)
    assert "北 太郎" not in str(shown(patient))


def test_an_emergency_is_marked_and_says_why_the_glass_was_broken(patient, physician):
    with acting_for("req_glass"):
        break_glass(
            patient_id=patient.id,
            reason=EmergencyReason.ACUTE_DANGER,
            reason_text="患者が意識を失ったとの連絡がありました。",
            by=physician.user.actor,
            at=AT,
        )
    with acting_for("req_look", purpose="emergency"):
        look(physician, patient)
    look(PhysicianFactory(clinic=patient.clinic), patient)

    rows = shown(patient, kind="emergency", language="en")

    assert {row["action"] for row in rows} >= {"emergency_access.break_glass", "lab_result.read"}
    assert {row["emergency_reason"] for row in rows} == {"acute_danger"}
    assert all(row["is_emergency"] for row in rows)
    assert rows[0]["why"].endswith("somebody else reviews it): there was acute danger")
    assert "意識" not in str(rows)


def test_each_emergency_has_its_own_reason(patient):
    reasons = [EmergencyReason.PATIENT_ASKED, EmergencyReason.OTHER]
    for reason in reasons:
        physician = PhysicianFactory(clinic=patient.clinic)
        break_glass(
            patient_id=patient.id,
            reason=reason,
            reason_text="理由は十文字より長く書きます。",
            by=physician.user.actor,
            at=AT,
        )
        with acting_for("req_look", purpose="emergency"):
            look(physician, patient)

    looked = [row for row in shown(patient, kind="emergency") if row["kind"] == "read"]

    assert [row["emergency_reason"] for row in looked] == ["other", "patient_asked"]


def test_every_reason_has_words():
    assert set(_file()["emergency_reasons"]) == {str(reason) for reason in EmergencyReason}


def test_a_refusal_is_marked(patient, physician):
    look(physician, patient, outcome=Outcome.REFUSED)

    (row,) = shown(patient, kind="refused")

    assert (row["is_refused"], row["what"]) == (True, "許可されませんでした：検査結果を見ました")
    assert shown(patient, kind="seen", by="others") == []


def test_seen_and_changed_are_told_apart(patient, physician):
    look(physician, patient, "lab_result.read")
    look(physician, patient, "patient.list")
    look(physician, patient, "weight.note")
    look(physician, patient, "prescription.approve")
    look(physician, patient, "prescription.approve.replayed")

    seen = [row["action"] for row in shown(patient, kind="seen", by="others")]
    changed = [
        row["action"]
        for row in shown(patient, kind="changed", by="others")
        if row["who"]["role"] == "physician"
    ]

    assert seen == ["prescription.approve.replayed", "patient.list", "lab_result.read"]
    assert changed == ["prescription.approve", "weight.note"]


def test_what_others_did_is_told_apart_from_ones_own_and_the_systems(patient, physician):
    look(patient, patient)
    look(job("followups"), patient)
    look(physician, patient)

    def roles(by):
        return [row["who"]["role"] for row in shown(patient, kind="seen", by=by)]

    assert roles("you") == ["patient"]
    assert roles("system") == ["job"]
    assert roles("others") == ["physician"]


def test_what_was_done_directly_in_the_database_stands_there_too(patient, physician):
    look(physician, patient)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('suhada.actor', '', true)")
        cursor.execute("UPDATE accounts_patient SET telephone = '' WHERE id = %s", [patient.id])
    look(physician, patient, "weight.note")

    rows = shown(patient, kind="changed")

    assert [row["action"] for row in rows][:2] == ["weight.note", "database.update"]
    assert rows[1]["who"]["words"] == "データベースの直接操作（技術担当）"
    assert rows[1]["what"] == "データを直接変更しました：基本情報（氏名・連絡先など）"
    assert (rows[1]["purpose"], rows[1]["why"]) == (None, None)
    assert rows[1]["patient"] == patient.ref


def test_a_time_is_from_including_and_before_excluding(patient, physician):
    for hours in (0, 1, 2):
        look(physician, patient, at=AT + timedelta(hours=hours))

    rows = shown(
        patient, at_from="2026-03-10T12:00:00Z", at_before="2026-03-10T14:00:00Z", **BY_PEOPLE
    )

    assert [row["at"][:13] for row in rows] == ["2026-03-10T13", "2026-03-10T12"]


def test_pages_follow_one_another_through_both_tables(patient, physician):
    WeightFactory(patient=patient)
    for _ in range(4):
        look(physician, patient)
    whole = [access.id for access in record_accesses(patient.user.actor, count=100)]
    assert len(whole) > 5

    found, asked = [], {"at_before": "2100-01-01T00:00:00Z"}
    while True:
        page = Caller(patient).get(PATH, limit=2, **asked).json()
        found += [int(row["id"]) for row in page["data"]]
        asked["cursor"] = page["next_cursor"]
        if not page["has_more"]:
            break

    own = set(AuditEntry.objects.filter(action="record_access.list").values_list("id", flat=True))
    assert [number for number in found if number not in own] == whole
    assert len(set(found)) == len(found)


def test_the_look_itself_is_on_the_next_list(patient):
    shown(patient)

    (row,) = shown(patient, by="you")

    assert row["action"] == "record_access.list"
    assert row["what"] == "記録の閲覧履歴（誰が記録を見たか）を見ました"


def test_an_auditor_reads_them_for_a_patient_of_the_clinic(patient, physician):
    auditor, elsewhere = AuditorFactory(clinic=patient.clinic), PatientFactory()
    look(patient, patient)
    look(physician, elsewhere)
    look(PhysicianFactory(clinic=elsewhere.clinic), elsewhere)

    (row,) = shown(auditor, patient=patient.ref, kind="seen")

    assert (row["patient"], row["who"]["words"]) == (patient.ref, "患者")
    assert {row["patient"] for row in shown(auditor)} == {patient.ref}
    assert shown(auditor, patient=elsewhere.ref) == []
    latest = AuditEntry.objects.filter(action="record_access.list", pseudonym__isnull=False)
    assert latest.earliest("id").patient_ref == patient.ref


@pytest.mark.parametrize("who", [PhysicianFactory, StaffMemberFactory])
def test_the_staff_does_not_read_them(who, patient):
    answer = Caller(who(clinic=patient.clinic)).get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize("asked", [{"kind": "all"}, {"by": "me"}, {"at_from": "today"}], ids=str)
def test_it_takes_its_own_words_only(asked, patient):
    answer = Caller(patient).get(PATH, **asked)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "?" + next(iter(asked))
