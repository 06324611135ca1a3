"""The app can be installed, and says without a net what is so; it keeps nobody's pages."""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from tests.factories import accounts
from tests.portals.reader import Reader

pytestmark = pytest.mark.django_db


def test_the_manifest_has_what_an_installation_asks_for():
    answer = Reader().get("/me/manifest.webmanifest")

    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["scope"], said["start_url"], said["display"]) == ("/me/", "/me/", "standalone")
    assert {(one["sizes"], one["purpose"]) for one in said["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("192x192", "maskable"),
        ("512x512", "maskable"),
    }


@pytest.mark.parametrize("kind", ["", "maskable-"])
@pytest.mark.parametrize("size", [192, 512])
def test_each_icon_has_its_size(kind, size):
    with open(finders.find(f"patient/icon-{kind}{size}.png"), "rb") as file:
        head = file.read(24)

    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(head[16:20]) == int.from_bytes(head[20:24]) == size


def test_the_worker_may_serve_the_app_and_is_never_kept_itself():
    answer = Reader().get("/me/worker.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/me/"
    assert answer["Cache-Control"] == "no-cache"


def kept_by(worker):
    return json.loads(re.search(r"const KEPT = (\[.*?\]);", worker.content.decode())[1])


def test_the_worker_keeps_static_files_and_the_page_without_a_net_alone():
    kept = kept_by(Reader(language="ja").get("/me/worker.js"))

    assert kept[0] == "/me/offline?in=ja"
    assert len(kept) > 1
    assert all(urlsplit(one).path.startswith("/static/") for one in kept[1:])


def test_another_language_makes_another_worker_with_the_page_in_that_language():
    workers = [Reader(language=each).get("/me/worker.js") for each in ("ja", "en")]

    pages = [Reader(language="ja").get(kept_by(each)[0]) for each in workers]

    assert ["通信できません" in page.content.decode() for page in pages] == [True, False]
    assert "No connection" in pages[1].content.decode()


@pytest.mark.parametrize("asked", ["", "fr", "ja-JP<script>"])
def test_an_unknown_language_is_that_of_the_reader(asked):
    page = Reader(language="en").get(f"/me/offline?in={asked}").content.decode()

    assert "No connection" in page


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("ja", "Suhada：イソトレチノインのオンライン診療"),
        ("en", "Suhada: isotretinoin care online"),
    ],
)
def test_the_app_has_a_name_in_the_language_of_its_reader(language, name):
    said = json.loads(Reader(language=language).get("/me/manifest.webmanifest").content)

    assert (said["lang"], said["name"], said["short_name"]) == (language, name, "Suhada")


@pytest.mark.parametrize(("language", "words"), [("ja", "通信できません"), ("en", "No connection")])
def test_the_page_without_a_net_is_the_same_for_everybody(language, words):
    patient = accounts.PatientFactory()

    pages = [Reader(who, language=language).get("/me/offline").content for who in (None, patient)]

    assert words in pages[0].decode()
    assert pages[0] == pages[1]


def test_every_page_of_the_patient_names_the_manifest_and_the_account_of_its_drafts():
    patient = accounts.PatientFactory()

    page = Reader(patient).get("/me/").content.decode()

    assert '<link rel="manifest" href="/me/manifest.webmanifest">' in page
    assert f'<meta name="account" content="{patient.user_id}">' in page
    assert page.count('aria-current="page"') == 1
