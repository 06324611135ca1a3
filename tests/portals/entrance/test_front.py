"""The front page, and the demonstration that exists in a sandbox only."""

import pytest

from backend.audit.models import AuditEntry
from tests.factories import accounts
from tests.portals.entrance.guest import PASSWORD, Guest, with_password
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
AS = "/account/demonstration"


@pytest.fixture
def demonstration(settings):
    settings.SANDBOX, settings.DEMONSTRATION_PASSWORD = True, PASSWORD


def invented(factory, email, **more):
    who = with_password(factory(**more))
    who.user.email = email
    who.user.save()
    who.user.emailaddress_set.update(email=email)
    return who


def test_the_front_page_leads_each_role_to_its_door():
    page = Reader(language="en").get("/").content.decode()

    for door in ("/me/", "/physician/", "/audit-trail/", "/account/signup/", "/account/login/"):
        assert f'href="{door}"' in page


@pytest.mark.parametrize(
    ("factory", "home"),
    [
        (accounts.PatientFactory, "/me/"),
        (accounts.PhysicianFactory, "/physician/"),
        (accounts.AuditorFactory, "/audit-trail/"),
        (accounts.StaffMemberFactory, "/"),
    ],
)
def test_home_is_where_each_roles_pages_begin(factory, home):
    assert Reader(factory()).get("/home")["Location"] == home


def test_the_demonstration_lists_its_people_and_one_press_signs_in(demonstration):
    invented(accounts.PatientFactory, "anna@patient.example", name="春野 杏奈")
    guest = Guest()

    shown = text_of(guest.get("/"))
    answer = guest.send(AS, on="/", login="anna@patient.example")

    assert "春野 杏奈" in shown
    assert answer["Location"] == "/home"
    assert guest.get("/me/").status_code == 200


def test_whoever_is_signed_in_becomes_somebody_else_and_leaves_first(demonstration):
    invented(accounts.PatientFactory, "anna@patient.example")
    invented(accounts.PhysicianFactory, "sato@clinic.example")
    guest = Guest()
    guest.send(AS, on="/", login="anna@patient.example")

    guest.send(AS, on="/", login="sato@clinic.example")

    assert guest.get("/home")["Location"] == "/physician/"
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert [a for a in actions if a.startswith("user.sign")] == [
        *("user.sign_in", "user.sign_out", "user.sign_in")
    ]


def test_only_invented_addresses_are_listed_and_signed_in_as(demonstration):
    real = with_password(accounts.PatientFactory())
    guest = Guest()

    shown = text_of(guest.get("/"))
    answer = guest.send(AS, on="/account/login/", login=real.user.email)

    assert real.user.email not in shown
    assert answer.status_code == 404
    assert guest.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("sandbox", "password"), [(False, PASSWORD), (True, ""), (False, "")], ids=str
)
def test_outside_a_demonstration_nothing_of_it_exists(settings, sandbox, password):
    settings.SANDBOX, settings.DEMONSTRATION_PASSWORD = sandbox, password
    invented(accounts.PatientFactory, "anna@patient.example", name="春野 杏奈")
    guest = Guest()

    page = guest.get("/").content.decode()
    answer = guest.send(AS, on="/account/login/", login="anna@patient.example")

    assert "春野" not in page
    assert AS not in page
    assert PASSWORD not in page
    assert answer.status_code == 404
    assert guest.get("/me/").status_code == 302


def test_the_demonstration_refuses_a_form_without_its_token(demonstration):
    invented(accounts.PatientFactory, "anna@patient.example")

    answer = Reader().client.post(AS, {"login": "anna@patient.example"})

    assert answer.status_code == 403


def test_the_front_page_asks_the_database_little(demonstration, django_assert_max_num_queries):
    for number in range(6):
        invented(accounts.PatientFactory, f"p{number}@patient.example")
    reader = Reader(accounts.PhysicianFactory())

    with django_assert_max_num_queries(4):
        reader.get("/")


def test_physicians_come_first_for_there_something_waits(demonstration):
    invented(accounts.PatientFactory, "anna@patient.example", name="春野 杏奈")
    invented(accounts.PhysicianFactory, "sato@clinic.example", name="佐藤 明")

    said = text_of(Guest().get("/"))

    assert said.index("Physicians") < said.index("佐藤 明") < said.index("春野 杏奈")


def test_the_sign_in_page_leads_to_the_people_of_the_demonstration(demonstration):
    assert 'href="/#people"' in Guest().get("/account/login/").content.decode()


@pytest.mark.parametrize(
    ("sandbox", "password", "email", "is_shown"),
    [
        (True, PASSWORD, "sato@clinic.example", True),
        (True, PASSWORD, "sato@clinic.test", False),
        (True, "", "sato@clinic.example", False),
        (False, PASSWORD, "sato@clinic.example", False),
    ],
)
def test_the_proof_is_filled_in_for_somebody_invented_and_nobody_else(
    settings, sandbox, password, email, is_shown
):
    settings.SANDBOX, settings.DEMONSTRATION_PASSWORD = sandbox, password
    sato = invented(accounts.PhysicianFactory, email)

    page = Reader(sato).get("/account/reauthenticate/").content.decode()

    assert (f'value="{PASSWORD}"' in page) is is_shown
    assert (f"<code>{PASSWORD}</code>" in page) is is_shown


def test_a_wrong_proof_is_not_sent_back_in_the_page(demonstration):
    sato = invented(accounts.PhysicianFactory, "sato@clinic.example")

    answer = Reader(sato).send("/account/reauthenticate/", password="not this one")

    assert answer.status_code == 422
    assert "not this one" not in answer.content.decode()
