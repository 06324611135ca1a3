"""Consent documents, signatures, withdrawals, and the facts that they become."""

import hashlib
from datetime import UTC, date, datetime

import pytest

from backend.audit.models import AuditEntry
from backend.intake.documents import documents, in_force, render
from backend.intake.models import ConsentSignature
from backend.intake.queries import facts_about
from backend.outbox.models import OutboxEvent
from backend.protocol.vocabulary import DISCLOSURES
from backend.worklist.models import Task
from tests.callers import Caller
from tests.factories.accounts import AuditorFactory, PatientFactory, PhysicianFactory
from tests.factories.care import physician_of
from tests.factories.intake import JP_TREATMENT, ConsentSignatureFactory, sign_everything

pytestmark = pytest.mark.django_db
PATH = "/v1/consent_signatures"
JP_DISCLOSURES = "jp_disclosures_2026_1"
AT = datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.fixture
def patient():
    return PatientFactory(on_clock=True)


def signing(patient, document=JP_TREATMENT, language="ja", **changes):
    text = render(documents()[document], patient.clinic, language)
    return {
        "document": document,
        "text_sha256": text.sha256,
        "typed_name": patient.name,
        **changes,
    }


def test_the_documents_in_force_are_shown_with_the_hash_of_what_is_shown(patient):
    shown = Caller(patient, language="ja").get("/v1/consent_documents").json()["data"]

    assert {one["code"] for one in shown} == {
        "treatment",
        "online_care",
        "personal_data",
        "disclosures",
    }
    for one in shown:
        assert hashlib.sha256(one["text"].encode()).hexdigest() == one["text_sha256"]
        assert patient.clinic.name in one["text"]
        assert patient.clinic.telephone in one["text"]


def test_the_text_is_shown_in_the_readers_language(patient):
    shown = Caller(patient, language="en").get("/v1/consent_documents").json()["data"]

    assert {one["language"] for one in shown} == {"en"}
    assert all("Sakura Dermatology Online" in one["text"] for one in shown)


def test_staff_see_the_documents_of_their_clinic(patient):
    auditor = AuditorFactory(clinic=patient.clinic)

    assert len(Caller(auditor).get("/v1/consent_documents").json()["data"]) == 4


def test_before_it_is_in_force_a_document_is_not_shown():
    assert in_force("jp", date(2025, 12, 31)) == []
    assert len(in_force("jp", date(2026, 1, 1))) == 4


def test_j_21_s_23_all_eight_points_are_disclosed_and_relief_is_denied():
    document = documents()[JP_DISCLOSURES]
    text = render(document, PatientFactory().clinic, "ja").text

    assert set(document.disclosures) == DISCLOSURES
    assert all(point.ja in text for point in document.disclosures.values())
    assert "救済制度の対象になりません" in text
    assert "救済を受けられる」という説明は誤り" in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_j_22_no_document_takes_refunds_away(language):
    clinic = PatientFactory().clinic
    texts = [render(one, clinic, language).text for one in documents().values()]

    assert not any("返金しません" in text or "no refund" in text.lower() for text in texts)
    assert any("クーリング・オフ" in text or "cooling-off" in text for text in texts)


def test_a_signature_keeps_text_hash_name_and_time(patient):
    answer = Caller(patient).post(PATH, signing(patient))

    assert answer.status_code == 201
    signature = ConsentSignature.objects.get()
    assert hashlib.sha256(signature.text.encode()).hexdigest() == signature.text_sha256
    assert (signature.typed_name, signature.language) == ("山田 花子", "ja")
    assert signature.signed_at == AT
    entry = AuditEntry.objects.get()
    assert entry.facts["text_sha256"] == signature.text_sha256
    assert "花子" not in str(entry.content)
    event = OutboxEvent.objects.get()
    assert (event.type, event.payload["document"]) == ("intake.consent.signed", JP_TREATMENT)


def test_the_language_that_was_read_is_the_language_that_is_signed(patient):
    answer = Caller(patient, language="ja").post(PATH, signing(patient, language="en"))

    assert answer.json()["language"] == "en"
    assert ConsentSignature.objects.get().text.startswith("Isotretinoin treatment")


def test_a_text_that_is_not_in_force_cannot_be_signed(patient):
    body = signing(patient)
    patient.clinic.telephone = "03-9999-9999"
    patient.clinic.save()

    answer = Caller(patient).post(PATH, body)

    assert (answer.status_code, answer.json()["code"]) == (409, "text_changed")
    assert ConsentSignature.objects.count() == 0


def test_a_document_that_is_not_in_force_yet_cannot_be_signed():
    early = PatientFactory(
        on_clock=True, test_clock__frozen_at=datetime(2025, 12, 31, 3, tzinfo=UTC)
    )

    answer = Caller(early).post(PATH, signing(early))

    assert (answer.status_code, answer.json()["code"]) == (409, "text_changed")


def test_an_unknown_document_and_one_of_another_programme_are_not_found(patient):
    foreign = PatientFactory(clinic__programme="us")

    unknown = Caller(patient).post(PATH, signing(patient) | {"document": "jp_moon_2026_1"})
    elsewhere = Caller(foreign).post(PATH, signing(foreign))

    assert (unknown.status_code, elsewhere.status_code) == (404, 404)


@pytest.mark.parametrize("typed", ["山田花子", "山田　花子", " 山田 花子"])
def test_spaces_in_the_name_do_not_count(patient, typed):
    answer = Caller(patient).post(PATH, signing(patient, typed_name=typed))

    assert answer.status_code == 201


@pytest.mark.parametrize("typed", ["山田 花", "ヤマダ ハナコ", "山田 花子子"])
def test_another_name_is_no_signature(patient, typed):
    answer = Caller(patient).post(PATH, signing(patient, typed_name=typed))

    assert (answer.status_code, answer.json()["code"]) == (422, "name_does_not_match")
    assert answer.json()["errors"][0]["pointer"] == "/typed_name"


def test_j_21_every_disclosure_is_acknowledged_or_none_is_signed(patient):
    seven = sorted(DISCLOSURES - {"relief_excluded"})
    body = signing(patient, JP_DISCLOSURES)

    refused = Caller(patient).post(PATH, {**body, "disclosures_acknowledged": seven})
    signed = Caller(patient).post(PATH, {**body, "disclosures_acknowledged": sorted(DISCLOSURES)})

    assert (refused.status_code, refused.json()["missing"]) == (422, ["relief_excluded"])
    assert signed.status_code == 201
    assert set(facts_about(patient, at=AT)["visit"]["disclosures"]) == DISCLOSURES


def test_a_document_is_signed_once_while_the_signature_stands(patient):
    ConsentSignatureFactory(patient=patient)

    answer = Caller(patient).post(PATH, signing(patient))

    assert (answer.status_code, answer.json()["code"]) == (409, "already_signed")


def test_nobody_signs_for_a_patient(patient):
    physician = PhysicianFactory(clinic=patient.clinic)

    assert Caller(physician).post(PATH, signing(patient)).status_code == 403


def test_withdrawing_ends_the_consent_and_tells_the_clinic(patient):
    signature = ConsentSignatureFactory(patient=patient)

    answer = Caller(patient).post(f"{PATH}/{signature.ref}/withdraw", version=1)

    assert answer.json()["status"] == "withdrawn"
    assert answer.json()["available_actions"] == []
    assert facts_about(patient, at=AT)["visit"]["consents"] == []
    assert OutboxEvent.objects.filter(type="intake.consent.withdrawn").count() == 1
    task = Task.objects.get()
    assert (task.kind, task.about_ref, task.blocks_release) == (
        "consent_withdrawn",
        signature.ref,
        True,
    )


def test_nothing_is_withdrawn_twice_and_a_new_signature_may_follow(patient):
    withdrawn = ConsentSignatureFactory(patient=patient, withdrawn=True)

    again = Caller(patient).post(f"{PATH}/{withdrawn.ref}/withdraw", version=2)
    anew = Caller(patient).post(PATH, signing(patient))

    assert (again.status_code, anew.status_code) == (409, 201)


def test_a_signature_is_seen_by_its_patient_and_clinic_only(patient):
    signature = ConsentSignatureFactory(patient=patient)
    path = f"{PATH}/{signature.ref}"

    assert Caller(patient).get(path).json()["text"] == signature.text
    assert Caller(physician_of(patient)).get(path).status_code == 200
    assert Caller(PhysicianFactory()).get(path).status_code == 404
    stranger = PatientFactory()
    assert Caller(stranger).get(path).status_code == 404
    assert Caller(stranger).post(f"{path}/withdraw", version=1).status_code == 404
    assert Caller(stranger).get(PATH).json()["data"] == []


def test_nothing_signed_is_a_known_none(patient):
    assert facts_about(patient, at=AT) == {"visit": {"consents": [], "disclosures": []}}


def test_all_consents_become_facts_in_one_query(patient, django_assert_num_queries):
    sign_everything(patient)

    with django_assert_num_queries(1):
        facts = facts_about(patient, at=AT)

    assert facts["visit"]["consents"] == ["online_care", "personal_data", "treatment"]
    assert set(facts["visit"]["disclosures"]) == DISCLOSURES


def test_a_consent_counts_from_signing_until_withdrawal(patient):
    ConsentSignatureFactory(patient=patient, withdrawn=True, signed_at=AT)

    def consents(at):
        return facts_about(patient, at=at)["visit"]["consents"]

    assert consents(datetime(2026, 3, 10, 2, tzinfo=UTC)) == []
    assert consents(AT) == ["treatment"]
    assert consents(datetime(2026, 3, 11, tzinfo=UTC)) == []
