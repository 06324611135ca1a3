"""The page of all rules: for signed-in staff, in two languages, without script or inline style."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from backend.audit.models import AuditEntry
from backend.protocol.catalogue import all_packs, catalogue, narrowed
from backend.protocol.names import keys_of, sources
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.policy.world import session_of
from tests.protocol.situations import JP

pytestmark = pytest.mark.django_db
PATH = "/rules"
VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """A page as a browser takes it: every tag closed, every id once."""

    def __init__(self, answer) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(answer.content.decode())
        self.close()
        assert self.open == []
        ids = [named["id"] for _, named in self.tags if "id" in named]
        assert len(ids) == len(set(ids))
        self.ids = set(ids)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def links(self):
        return [named["href"] for tag, named in self.tags if tag == "a"]


def browser(who=None, language="en") -> Client:
    """A browser in which somebody is signed in by a real session, or nobody is."""
    client = Client(headers={"accept-language": language, "accept": "text/html"})
    if who is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(who.user)
    return client


def look(who=None, reads="en", **query):
    return browser(who, reads).get(PATH, query)


@pytest.mark.parametrize(
    "factory", [PhysicianFactory, StaffMemberFactory, AuditorFactory, AdministratorFactory]
)
def test_everybody_at_the_clinic_reads_every_rule(factory):
    answer = look(factory())

    page = Page(answer)
    assert answer.status_code == 200
    assert {entry.id for entry in catalogue()} <= page.ids
    assert set(sources()) <= page.ids


def test_every_link_on_the_page_leads_to_a_place_on_it():
    page = Page(look(PhysicianFactory()))

    inside = {link[1:] for link in page.links() if link.startswith("#")}
    assert inside
    assert inside - page.ids == set()


@pytest.mark.parametrize(("language", "title"), [("ja", "規則の一覧"), ("en", "The rules")])
def test_the_page_speaks_the_readers_language_or_the_one_asked_for(language, title):
    other = "en" if language == "ja" else "ja"

    by_browser = look(PhysicianFactory(), language)
    by_choice = look(PhysicianFactory(), other, language=language)

    for answer in (by_browser, by_choice):
        assert Page(answer).tags[0] == ("html", {"lang": language})
        assert answer["Content-Language"] == language
        assert f"<h1>{title}</h1>" in answer.content.decode()


def test_a_language_that_it_does_not_have_changes_nothing():
    assert Page(look(PhysicianFactory(), "en", language="xx")).tags[0] == ("html", {"lang": "en"})


def test_a_rule_shows_its_values_pack_beside_pack():
    text = Page(look(PhysicianFactory(), section="timeline")).text

    days, months = text.split("Time off the drug")[2:4]
    assert days.split()[:7] == ["days", "56", "–", "–", "56", "56", "56"]
    assert months.split()[:7] == ["months", "–", "2", "2", "–", "–", "–"]


@pytest.mark.parametrize("section", keys_of("sections"))
def test_one_section_shows_its_rules_only(section):
    page = Page(look(PhysicianFactory(), section=section))

    shown = page.ids & {entry.id for entry in catalogue()}
    assert shown == {entry.id for entry in narrowed(catalogue(), section=section)}


@pytest.mark.parametrize("pack", [pack.id for pack in all_packs()])
def test_one_pack_shows_its_rules_and_who_signs_it_off(pack):
    page = Page(look(PhysicianFactory(), pack=pack))

    shown = page.ids & {entry.id for entry in catalogue()}
    assert shown == {entry.id for entry in catalogue() if pack in entry.packs}
    (chosen,) = [one for one in all_packs() if one.id == pack]
    assert chosen.sign_off.en in page.text
    assert chosen.version in page.text


def test_a_filter_keeps_the_other_filter_and_the_language():
    page = Page(look(PhysicianFactory(), section="dosing", pack=JP, language="ja"))

    assert f"?section=laboratory&pack={JP}&language=ja" in page.links()
    assert "?section=dosing&pack=uk_mhra_2026&language=ja" in page.links()
    assert f"?pack={JP}&language=ja" in page.links()


@pytest.mark.parametrize("query", [{"section": "x"}, {"pack": "house"}, {"pack": "<script>"}])
def test_a_section_or_pack_of_no_such_name_is_not_found(query):
    answer = look(PhysicianFactory(), **query)

    assert answer.status_code == 404
    assert "There is no such page" in Page(answer).text
    assert b"<script" not in answer.content


def test_nobody_is_asked_to_sign_in():
    answer = look()

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="suhada"')
    assert "Please sign in" in Page(answer).text
    assert not {entry.id for entry in catalogue()} & Page(answer).ids
    assert AuditEntry.objects.count() == 0


def test_a_patient_is_told_that_it_is_for_staff_and_leaves_an_entry():
    answer = look(PatientFactory(), "ja")

    assert answer.status_code == 403
    assert "クリニックの職員だけ" in Page(answer).text
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.outcome) == ("rule.list", "refused")


def test_a_deactivated_member_of_the_staff_is_nobody():
    physician = PhysicianFactory()
    client = browser(physician)
    physician.user.is_active = False
    physician.user.save()

    assert client.get(PATH).status_code == 401


def test_a_look_leaves_an_entry_with_who_looked():
    physician = PhysicianFactory()

    look(physician)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_ref, entry.outcome) == ("rule.list", "rule", "done")
    assert entry.actor == physician.user.actor.label
    assert entry.clinic_id == physician.clinic_id


def test_the_page_is_only_to_be_looked_at():
    assert browser(PhysicianFactory()).post(PATH).status_code == 405


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_page_allows_itself_its_own_style_and_nothing_else(signed_in):
    answer = look(PhysicianFactory() if signed_in else None)

    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["style-src"]) == ("'none'", "'self'")
    assert (policy["frame-ancestors"], policy["form-action"]) == ("'none'", "'none'")
    assert (answer["Cache-Control"], answer["X-Frame-Options"]) == ("no-store", "DENY")
    assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
    page = Page(answer)
    assert not {tag for tag, _ in page.tags} & {"script", "style", "form", "iframe"}
    assert not [named for _, named in page.tags if "style" in named or "onclick" in named]


def test_the_style_is_served_by_the_service_itself_and_loads_nothing_else():
    (sheet,) = [named["href"] for tag, named in Page(look()).tags if "stylesheet" in str(named)]

    answer = browser().get(sheet)

    style = b"".join(answer.streaming_content).decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_wide_tables_scroll_in_a_place_of_their_own_that_a_keyboard_reaches():
    page = Page(look(PhysicianFactory()))

    tables = [named for tag, named in page.tags if tag == "table"]
    scrolled = [named for _, named in page.tags if named.get("class") == "scroll"]
    assert len(tables) == len(scrolled) > 50
    assert {named["tabindex"] for named in scrolled} == {"0"}
