"""Consent documents as a patient reads, signs, re-reads and withdraws them."""

import pytest

from backend.intake.documents import documents, render
from backend.intake.models import ConsentSignature
from tests.factories import accounts
from tests.factories.intake import JP_TREATMENT, ConsentSignatureFactory, sign_everything
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
DISCLOSURES = "jp_disclosures_2026_1"


@pytest.fixture
def patient():
    return accounts.PatientFactory()


@pytest.fixture
def reader(patient):
    return Reader(patient)


def page_of(document_id):
    return f"/me/consents/{document_id}"


def signing(patient, document_id, language="en", **changes):
    """What the page's form sends when everything is filled in."""
    document = documents()[document_id]
    text = render(document, patient.clinic, language)
    filled = {
        "text_sha256": text.sha256,
        "lang": language,
        "typed_name": patient.name,
        "agreed": "yes",
        "disclosures": list(document.disclosures),
    }
    return {**filled, **changes}


def test_the_list_says_what_is_to_be_signed_and_what_for(reader):
    shown = text_of(reader.get("/me/consents"))

    assert "4 documents to read and sign" in shown
    assert "Needed before the physician may prescribe." in shown


def test_what_is_signed_stands_below_with_its_time(patient, reader):
    ConsentSignatureFactory(patient=patient)

    shown = text_of(reader.get("/me/consents"))

    assert "3 documents to read and sign" in shown
    assert "Signed on" in shown


def test_a_clinic_without_documents_has_nothing_to_sign():
    patient = accounts.PatientFactory(clinic__programme="uk")

    assert "Nothing is to be signed" in text_of(Reader(patient).get("/me/consents"))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("document_id", sorted(documents()))
def test_a_document_is_read_whole_in_either_language(patient, reader, document_id, language):
    whole = render(documents()[document_id], patient.clinic, language).text

    shown = text_of(reader.client.get(page_of(document_id), {"lang": language}))

    for line in [line.strip() for line in whole.split("\n") if line.strip()][1:]:
        bare = line.split(") ", 1)[1] if line.startswith("(") else line
        assert " ".join(bare.split()) in shown
    assert patient.clinic.telephone in shown


def test_signing_keeps_the_text_that_was_read_and_leads_to_the_next_document(patient, reader):
    answer = reader.send(page_of(JP_TREATMENT), **signing(patient, JP_TREATMENT, "ja"))

    signature = ConsentSignature.objects.get()
    assert answer.status_code == 303
    assert answer["Location"].startswith("/me/consents/jp_")
    assert (signature.language, signature.typed_name) == ("ja", patient.name)
    assert signature.text == render(documents()[JP_TREATMENT], patient.clinic, "ja").text


def test_after_the_last_signature_everything_is_signed(patient, reader):
    sign_everything(patient, without=["treatment"])

    answer = reader.send(page_of(JP_TREATMENT), **signing(patient, JP_TREATMENT))

    assert answer["Location"] == "/me/consents"
    assert "Everything is signed" in text_of(reader.get("/me/consents"))


def test_each_point_is_ticked_afresh(patient, reader):
    points = list(documents()[DISCLOSURES].disclosures)
    sent = signing(patient, DISCLOSURES, disclosures=points[:-1])

    answer = reader.send(page_of(DISCLOSURES), **sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Some points are not ticked yet." in text_of(answer)
    assert page.count("checked") >= len(points) - 1
    assert f'value="{patient.name}"' in page
    assert not ConsentSignature.objects.exists()


def test_all_points_ticked_sign_the_disclosures(patient, reader):
    answer = reader.send(page_of(DISCLOSURES), **signing(patient, DISCLOSURES))

    assert answer.status_code == 303
    assert set(ConsentSignature.objects.get().disclosures) == set(
        documents()[DISCLOSURES].disclosures
    )


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"agreed": ""}, 422, "Please tick that you agree."),
        ({"typed_name": "山田 太郎"}, 422, "Please type it as it is registered"),
        ({"typed_name": ""}, 400, "Not signed yet"),
        ({"text_sha256": "0" * 64}, 409, "changed the text while you were reading"),
    ],
)
def test_what_is_wrong_with_a_signature_is_said(patient, reader, changes, status, said):
    answer = reader.send(page_of(JP_TREATMENT), **signing(patient, JP_TREATMENT, **changes))

    assert answer.status_code == status
    assert said in text_of(answer)
    assert not ConsentSignature.objects.exists()


def test_a_signed_document_leads_to_the_text_as_it_was_signed(patient, reader):
    signature = ConsentSignatureFactory(patient=patient)

    answer = reader.get(page_of(JP_TREATMENT))
    again = reader.get(answer["Location"])

    assert answer["Location"] == f"/me/consents/signed/{signature.ref}"
    assert patient.name in text_of(again)
    assert 'lang="ja"' in again.content.decode()


def test_a_consent_can_be_withdrawn(patient, reader):
    signature = ConsentSignatureFactory(patient=patient)
    path = f"/me/consents/signed/{signature.ref}"

    answer = reader.send(path, version=signature.version)

    signature.refresh_from_db()
    assert (answer.status_code, signature.status) == (303, "withdrawn")
    assert "Withdrawn on" in text_of(reader.get("/me/consents"))
    assert "Withdraw this consent" not in text_of(reader.get(path))


def test_another_patients_signature_is_not_found(reader):
    theirs = ConsentSignatureFactory()

    assert reader.get(f"/me/consents/signed/{theirs.ref}").status_code == 404


@pytest.mark.parametrize("document_id", ["jp_nothing_2026_1", "us_treatment", "signed"])
def test_a_document_that_is_not_in_force_is_not_found(reader, document_id):
    assert reader.get(page_of(document_id)).status_code == 404


def test_without_a_token_of_the_form_nothing_is_signed(patient, reader):
    answer = reader.client.post(page_of(JP_TREATMENT), signing(patient, JP_TREATMENT))

    assert answer.status_code == 403
    assert not ConsentSignature.objects.exists()


def test_the_pages_ask_little_of_the_database(patient, reader, django_assert_max_num_queries):
    signed = sign_everything(patient, without=["treatment"])

    with django_assert_max_num_queries(12):
        reader.get("/me/consents")
    with django_assert_max_num_queries(12):
        reader.get(page_of(JP_TREATMENT))
    with django_assert_max_num_queries(12):
        reader.get(f"/me/consents/signed/{signed[0].ref}")
