"""What the issue promises the patient, promise by promise, read from its text alone."""

import re
from datetime import datetime, timedelta

import pytest

from backend.booking.models import Visit
from backend.intake.models import ConsentSignature
from tests.factories.accounts import PatientFactory
from tests.factories.booking import SLOT, AvailabilityRuleFactory, VisitFactory
from tests.factories.care import physician_of
from tests.portals.forms_seen import form_with, forms_on, press
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def at(patient, instant: datetime) -> None:
    """The patient's clock stands there now."""
    patient.test_clock.frozen_at = instant
    patient.test_clock.save(update_fields=["frozen_at"])


@pytest.fixture
def free_thursday():
    """A patient in Tokyo at Tuesday noon; the physician is free on Thursday from nine."""
    patient = PatientFactory(on_clock=True)
    AvailabilityRuleFactory(physician__clinic=patient.clinic)
    return patient


def test_free_times_are_shown_where_the_patient_lives():
    tokyo = PatientFactory(on_clock=True)
    new_york = PatientFactory(clinic=tokyo.clinic, on_clock=True, zone="America/New_York")
    AvailabilityRuleFactory(physician__clinic=tokyo.clinic)

    in_tokyo = Reader(tokyo).get("/me/slots", **{"from": "2026-03-12"}).content.decode()
    in_new_york = Reader(new_york).get("/me/slots", **{"from": "2026-03-11"}).content.decode()

    offered = r'value="2026-03-12T00:00:00Z">.*?</span>([0-9]{2}:[0-9]{2})</button>'
    assert re.search(offered, in_tokyo, re.DOTALL)[1] == "09:00"
    assert re.search(offered, in_new_york, re.DOTALL)[1] == "20:00"


def test_a_held_slot_counts_down_to_its_end_and_nobody_else_is_offered_it(free_thursday):
    reader = Reader(free_thursday)
    form = form_with(reader.get("/me/slots"), starts_at="2026-03-12T00:00:00Z")

    held = press(reader, "/me/slots", form, starts_at="2026-03-12T00:00:00Z")

    assert Visit.objects.get(patient=free_thursday).status == "held"
    timer = re.search(
        r'role="timer"[^>]*data-countdown="(\d+)"[^>]*>([^<]+)<', held.content.decode()
    )
    assert timer
    assert (int(timer[1]), timer[2].strip()) == (600, "10:00")
    assert "12:10" in text_of(held)
    other = Reader(PatientFactory(clinic=free_thursday.clinic, on_clock=True)).get("/me/slots")
    assert "2026-03-12T00:30:00Z" in other.content.decode()
    assert "2026-03-12T00:00:00Z" not in other.content.decode()


def test_a_held_slot_becomes_a_visit_by_one_press(free_thursday):
    reader = Reader(free_thursday)
    form = form_with(reader.get("/me/slots"), starts_at="2026-03-12T00:00:00Z")
    held = press(reader, "/me/slots", form, starts_at="2026-03-12T00:00:00Z")

    booked = press(reader, held.request["PATH_INFO"], form_with(held, do="confirm"))

    assert Visit.objects.get(patient=free_thursday).status == "booked"
    assert 'role="timer"' not in booked.content.decode()


def test_a_half_answered_intake_is_there_in_the_next_session():
    patient = PatientFactory(on_clock=True)
    reader = Reader(patient)
    begun = press(reader, "/me/intake", forms_on(reader.get("/me/intake"))[0])
    address, form = begun.request["PATH_INFO"], form_with(begun, to="later")
    name, options = next((n, o) for n, o in form.choices.items() if n not in form.checkboxes)

    press(reader, address, form, **{name: options[1], "to": "later"})

    again = Reader(patient, fresh=False).get(address)
    assert form_with(again, to="later").fields[name] == options[1]
    assert re.search(r'<progress[^>]*value="1"[^>]*max="\d+"', again.content.decode())


def test_a_consent_is_read_whole_and_signed_and_then_says_so():
    patient = PatientFactory(on_clock=True)
    reader = Reader(patient)
    paper = reader.get("/me/consents/jp_treatment_2026_1", lang="ja")
    form = form_with(paper, typed_name="")

    signed = press(
        reader,
        "/me/consents/jp_treatment_2026_1",
        form,
        agreed="yes",
        typed_name=patient.name,
        disclosures=form.choices.get("disclosures", []),
    )

    signature = ConsentSignature.objects.get(patient=patient)
    read = re.sub(r"\s", "", text_of(paper))
    paragraphs = [re.sub(r"\s|^[#\-*0-9. ]+", "", line) for line in signature.text.splitlines()]
    assert [paragraph for paragraph in paragraphs if paragraph not in read] == []
    assert signed.status_code == 200
    listed = text_of(reader.get("/me/consents"))
    assert "Signed on 10 March 2026" in listed
    assert "3 documents to read and sign" in listed


def test_a_consent_is_not_signed_under_another_name():
    patient = PatientFactory(on_clock=True)
    reader = Reader(patient)
    form = form_with(reader.get("/me/consents/jp_treatment_2026_1"), typed_name="")

    refused = press(
        reader,
        "/me/consents/jp_treatment_2026_1",
        form,
        agreed="yes",
        typed_name="別人",
        disclosures=form.choices.get("disclosures", []),
    )

    assert refused.status_code >= 400
    assert not ConsentSignature.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-11, False), (-10, True), (0, True), (59, True), (61, False)]
)
def test_the_way_into_the_video_room_is_there_only_while_it_is_open(minutes, is_open):
    patient = PatientFactory(on_clock=True)
    visit = VisitFactory(patient=patient)
    room = f"/me/visits/{visit.ref}/join"
    at(patient, SLOT + timedelta(minutes=minutes))
    reader = Reader(patient)

    page = reader.get(f"/me/visits/{visit.ref}")
    entered = reader.get(room)

    assert (f'href="{room}"' in page.content.decode()) is is_open
    assert (entered.status_code == 302) is is_open
    assert is_open or entered.status_code == 409


def test_a_visit_of_somebody_else_is_not_found():
    patient = PatientFactory(on_clock=True)
    physician = physician_of(patient, name="高橋 医師")
    stranger = PatientFactory(clinic=patient.clinic)
    visit = VisitFactory(patient=patient, physician=physician)

    refused = Reader(stranger).get(f"/me/visits/{visit.ref}")

    assert refused.status_code == 404
    assert "09:00" not in text_of(refused)


def test_the_app_can_be_installed():
    reader = Reader(PatientFactory(on_clock=True))
    home = reader.get("/me/").content.decode()
    link = re.search(r'<link rel="manifest" href="([^"]+)"', home)

    manifest = reader.client.get(link[1]).json()

    assert manifest["display"] == "standalone"
    assert manifest["start_url"].startswith("/me/")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    worker = reader.get("/me/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert reader.get("/me/offline").status_code == 200
