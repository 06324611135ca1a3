"""What the issue promises of every door: who comes in, in which language, behind which locks."""

import re
import uuid

import pytest
from django.core import mail

from backend.accounts.models import User
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.booking import VisitFactory
from tests.factories.care import physician_of, treats
from tests.factories.prescriptions import ready_prescription
from tests.portals.forms_seen import follow, form_with, forms_on, press
from tests.portals.reader import Reader, queries_of, text_of

pytestmark = pytest.mark.django_db

PASSWORD = "kaze-to-ki-no-uta-77"
PATIENT_PAGES = (
    "",
    "course",
    "slots",
    "visits",
    "intake",
    "consents",
    "check-ins",
    "check-ins/now",
    "record-accesses",
)
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def _counters_of_our_own(settings):
    """Attempts are counted in a Redis that other tests use at the same time."""
    cache = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": cache}


@pytest.fixture
def known():
    """A patient with a password and an address that was verified."""
    patient = PatientFactory(on_clock=True)
    patient.user.set_password(PASSWORD)
    patient.user.save(update_fields=["password"])
    patient.user.emailaddress_set.create(email=patient.user.email, verified=True, primary=True)
    return patient


CODE = re.compile(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b")


def code_in_the_newest_mail() -> str:
    found = CODE.search(mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


def test_somebody_signs_up_with_an_address_and_the_code_that_is_sent_there():
    newcomer = Reader()
    form = forms_on(newcomer.get("/account/signup/"))[0]

    said = {"email": "hanako@mail.test", "password1": "kaze-to-ki-no-uta-77"}
    asked_for_the_code = press(newcomer, "/account/signup/", form, **said)
    form = form_with(asked_for_the_code, code="")
    press(newcomer, "/account/confirm-email/", form, code=code_in_the_newest_mail())

    assert User.objects.get(email="hanako@mail.test").role == "patient"
    assert follow(newcomer, newcomer.get("/home")).request["PATH_INFO"].startswith("/me/")


def test_somebody_signs_in_with_a_code_by_mail_and_no_password():
    patient = PatientFactory()
    patient.user.emailaddress_set.create(email=patient.user.email, verified=True, primary=True)
    somebody = Reader()
    form = forms_on(somebody.get("/account/login/code/"))[0]

    asked = press(somebody, "/account/login/code/", form, email=patient.user.email)
    press(somebody, "", form_with(asked, code=""), code=code_in_the_newest_mail())

    assert somebody.get("/me/").status_code == 200


def test_a_passkey_opens_the_door_too():
    page = Reader().get("/account/login/").content.decode()

    assert "Sign in with a passkey" in page


def sign_in(reader, email, password, **more):
    form = form_with(reader.get("/account/login/"), login="")
    return reader.client.post(
        "/account/login/", {**form.fields, "login": email, "password": password, **more}
    )


@pytest.mark.parametrize("way", ["login", "code", "reset", "signup"])
def test_the_answers_for_known_and_unknown_addresses_are_alike(known, way):
    path, name = {
        "login": ("/account/login/", "login"),
        "code": ("/account/login/code/", "email"),
        "reset": ("/account/password/reset/", "email"),
        "signup": ("/account/signup/", "email"),
    }[way]
    said = {}
    for email in (known.user.email, "nobody@mail.test"):
        reader = Reader()
        form = form_with(reader.get(path), **{name: ""})
        more = {"password": "wrong-" + PASSWORD, "password1": PASSWORD}
        answer = follow(reader, reader.client.post(path, {**form.fields, name: email, **more}))
        words = text_of(answer).replace(email, "")
        said[email] = (answer.status_code, answer.request["PATH_INFO"], words)

    assert said[known.user.email] == said["nobody@mail.test"]


def test_after_many_wrong_passwords_not_even_the_right_one_signs_in(known):
    first = sign_in(Reader(), known.user.email, PASSWORD)
    for n in range(12):
        sign_in(Reader(), known.user.email, f"wrong-{n}")

    late = sign_in(Reader(), known.user.email, PASSWORD)

    assert first.status_code == 302
    assert late.status_code != 302


def test_a_sign_in_makes_a_new_session_with_a_new_token(known, settings):
    reader = Reader()
    planted = reader.client.session
    planted["planted"] = "yes"
    planted.save()
    reader.client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    reader.get("/account/login/")
    token = reader.client.cookies[settings.CSRF_COOKIE_NAME].value

    answer = sign_in(reader, known.user.email, PASSWORD)

    assert answer.status_code == 302
    assert reader.client.session.session_key != planted.session_key
    assert reader.client.cookies[settings.CSRF_COOKIE_NAME].value != token


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_led_away_after_signing_in(known, to):
    answer = sign_in(Reader(), known.user.email, PASSWORD, next=to)

    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


def test_pages_cannot_be_framed_and_run_no_inline_script():
    patient = PatientFactory(on_clock=True)
    physician = physician_of(patient)

    for reader, path in (
        (Reader(), "/"),
        (Reader(patient), "/me/"),
        (Reader(physician), "/physician/"),
    ):
        answer = reader.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "script-src" in policy
        assert "report-uri" in policy or "report-to" in policy
        markup = answer.content.decode()
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", markup)
        assert not re.search(r"<script(?![^>]*(src=|application/json))", markup)


def test_the_front_page_leads_each_role_to_its_door():
    page = Reader().get("/").content.decode()

    for door in ("/me/", "/physician/", "/audit-trail/"):
        assert f'href="{door}"' in page


def test_the_demonstration_logins_are_there_in_the_sandbox_only(settings):
    PhysicianFactory(user__email="sato@sakura.example", name="佐藤 医師")
    settings.DEMONSTRATION_PASSWORD = PASSWORD
    settings.SANDBOX = True
    shown = text_of(Reader().get("/"))
    settings.SANDBOX = False

    hidden = Reader().get("/").content.decode()

    assert "sato@sakura.example" in shown or "佐藤 医師" in shown
    assert "sato@sakura.example" not in hidden
    assert "佐藤 医師" not in hidden
    assert PASSWORD not in hidden
    assert 'class="sandbox"' not in hidden


@pytest.mark.parametrize("path", PATIENT_PAGES)
def test_a_patients_page_is_in_the_language_that_the_browser_asks_for(path, settings):
    patient = PatientFactory(on_clock=True, language="ja")
    reader = Reader(patient)
    english = reader.get(f"/me/{path}")
    reader.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ja"

    japanese = reader.get(f"/me/{path}")

    assert 'lang="ja"' in japanese.content.decode()[:80]
    assert JAPANESE.search(text_of(japanese))
    markup = re.sub(r"<(\w+)[^>]*lang=\"ja\"[^>]*>.*?</\1>", "", english.content.decode()[60:])
    said = re.sub(r"<script.*?</script>|<[^>]+>", " ", markup, flags=re.DOTALL)
    assert not JAPANESE.search(re.sub("日本語", "", said)), JAPANESE.findall(said)


def test_the_front_page_listens_to_the_browser(settings):
    reader = Reader()
    del reader.client.cookies[settings.LANGUAGE_COOKIE_NAME]

    english = reader.client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    japanese = reader.client.get("/", headers={"Accept-Language": "ja"})

    assert english.headers["Content-Language"] == "en"
    assert "Sign in" in text_of(english)
    assert "サインイン" in text_of(japanese) or "ログイン" in text_of(japanese)


@pytest.mark.parametrize(("zone", "time"), [("Asia/Tokyo", "09:00"), ("America/New_York", "20:00")])
def test_instants_are_told_in_the_readers_zone(zone, time):
    visit = VisitFactory(patient__zone=zone, patient__on_clock=True)

    assert time in text_of(Reader(visit.patient).get("/me/visits"))


@pytest.mark.parametrize("path", PATIENT_PAGES)
def test_a_patients_page_takes_twelve_queries_at_most(path):
    patient = ready_prescription().patient
    treats(PhysicianFactory(clinic=patient.clinic), patient, patient, patient)

    answer, statements = queries_of(lambda: Reader(patient).get(f"/me/{path}"))

    assert answer.status_code == 200
    assert len([s for s in statements if 'INSERT INTO "django_session"' not in s]) <= 12


def test_every_form_of_a_page_refuses_a_missing_token():
    prescription = ready_prescription()
    readers = {
        Reader(prescription.created_by): [f"/physician/prescriptions/{prescription.ref}"],
        Reader(prescription.patient): ["/me/slots", "/me/intake", "/me/check-ins/now"],
        Reader(): ["/account/login/", "/account/signup/", "/account/login/code/", "/language"],
    }

    for reader, paths in readers.items():
        for path in paths:
            reader.get(path)
            answer = reader.client.post(path, {"act": "approve", "version": "1"})
            assert answer.status_code == 403, path

    prescription.refresh_from_db()
    assert prescription.status == "in_review"
