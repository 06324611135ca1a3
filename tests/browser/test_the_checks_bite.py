"""Each check finds what it is there to find, under a policy that forbids all script and style."""

import pytest

from tests.browser import axe, screens
from tests.browser.checks import doubled_ids, fits, keyboard_walk, untranslated
from tests.browser.chromium import has_japanese_font
from tests.browser.devices import PHONE
from tests.browser.people import add_authenticator
from tests.browser.untested import NO_LETTERS
from tests.browser.visits import opened

POLICY = "default-src 'none'; style-src 'self'; require-trusted-types-for 'script'"
PAGE = """<!DOCTYPE html><html lang="{language}"><head><title>Suhada</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"></head><body><main><h1>{title}</h1>{body}</main></body>
</html>"""
TITLES = {"ja": "見出し", "en": "Heading"}


@pytest.fixture
def shown(chromium, server):
    """`shown(body, style)`: a page with this body, strictly kept, on a phone."""
    windows = []

    def show(body="", style="", *, language="en", policy=POLICY + "; img-src data:"):
        windows.append(opened(chromium, server, PHONE.speaking(language)))
        page = PAGE.format(language=language, title=TITLES[language], body=body)
        answers = {"/style.css": ("text/css", style), "/page": ("text/html", page)}

        def answer(route):
            kind, text = answers[route.request.url.removeprefix(server.url)]
            headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Security-Policy": policy}
            route.fulfill(body=text, headers=headers)

        windows[-1].context.route("**/*", answer)
        windows[-1].go("/page")
        return windows[-1]

    yield show
    for window in windows:
        window.context.close()


def test_axe_is_the_version_that_is_said(shown):
    window = shown()

    assert axe.axe_version(window) == axe.VERSION


def test_a_good_page_passes_every_check(shown):
    window = shown('<p>Good <a href="/page">morning</a>.</p>', "a:focus { outline: 2px solid }")

    assert axe.axe_violations(window) == []
    assert axe.colour_violations(window) == []
    assert fits(window) == []
    assert untranslated(window) == []
    assert doubled_ids(window) == []
    assert keyboard_walk(window) == []
    assert window.breaches() == []
    assert window.errors() == []


def test_two_elements_of_one_id_are_found(shown):
    window = shown("<p id='dose'>40 mg</p><p id='day'>1</p><p id='dose'>60 mg</p>")

    assert doubled_ids(window) == ["dose"]


@pytest.mark.parametrize(
    ("body", "style", "rule"),
    [
        ("<img src='data:,'>", "", "image-alt"),
        ("<p>pale</p>", "p { color: #bbb; background: #fff }", "color-contrast"),
        ("<input>", "", "label"),
        (
            "<button>a</button><button>b</button>",
            "button { width: 9px; height: 9px; padding: 0; border: 0; font-size: 5px }",
            "target-size",
        ),
    ],
)
def test_axe_finds(shown, body, style, rule):
    window = shown(body, style)

    found = axe.axe_violations(window)

    assert [each.partition(":")[0] for each in found][:1] == [rule]


def test_a_colour_that_fails_in_the_dark_alone_is_found_there(shown):
    style = """:root { color-scheme: light dark }
        @media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }"""
    window = shown("<p>words</p>", style)
    in_the_light = axe.colour_violations(window)

    window.page.emulate_media(color_scheme="dark")
    in_the_dark = axe.colour_violations(window)

    assert in_the_light == []
    assert [each.partition(":")[0] for each in in_the_dark] == ["color-contrast"]


@pytest.mark.parametrize(
    ("body", "style", "words"),
    [
        ("<p>wide</p>", "p { width: 391px; margin: 0 }", "the page is"),
        ("<p>wide</p>", "html, body { overflow-x: hidden } p { width: 500px }", "leaves"),
        ("<p>a long word</p>", "p { width: 3em; overflow: hidden; white-space: nowrap }", "side"),
        ("<p>one<br>two<br>three</p>", "p { height: 1.5em; overflow: hidden }", "cut below"),
    ],
)
def test_what_does_not_fit_is_found(shown, body, style, words):
    window = shown(body, style)

    assert any(words in each for each in fits(window))


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ("<div><p>wide</p></div>", "div { overflow-x: auto } p { width: 900px }"),
        (
            "<a href='/page'>Skip to the text</a>",
            "a { position: absolute; left: 0; top: -99px }",
        ),
        (
            "<p>for those who listen</p>",
            "p { position: absolute; width: 1px; height: 1px; overflow: hidden }",
        ),
    ],
)
def test_what_scrolls_by_itself_or_is_not_for_the_eye_fits(shown, body, style):
    window = shown(body, style)

    assert fits(window) == []


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "<p>予約する</p>"),
        ("en", "<button aria-label='閉じる'>x</button>"),
        ("en", "<p>Say ア</p>"),
        ("ja", "<p>Please hold a slot first.</p>"),
        ("ja", "<button>Approve</button>"),
        ("ja", "<input placeholder='Search by name'>"),
        ("ja", "<p>次の予約: Your next visit is on Monday</p>"),
    ],
)
def test_a_word_in_the_other_language_is_found(shown, language, body):
    window = shown(body, language=language)

    assert len(untranslated(window)) == 1


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "<p>Dear <span lang='ja'>山田 花子</span></p>"),
        ("en", "<a lang='ja' href='/page'>日本語</a>"),
        ("ja", "<p>ALT は 40 U/L、用量は 0.5 mg/kg/日</p>"),
        ("ja", "<p>P-PP-06 <code>course is running now</code></p>"),
        ("ja", "<p translate='no'>Roaccutane soft capsules</p>"),
        ("ja", "<a lang='en' href='/page'>Read this in English</a>"),
        ("ja", "<p>person@example.test</p>"),
    ],
)
def test_what_is_marked_or_has_no_language_is_not(shown, language, body):
    window = shown(body, language=language)

    assert untranslated(window) == []


@pytest.mark.parametrize(
    ("body", "style", "words"),
    [
        ("<a href='/page'>one</a>", "a:focus { outline: 0 }", "focus cannot be seen"),
        (
            "<a href='/page'>one</a><div>bar</div>",
            "a { position: fixed; top: 50px } div { position: fixed; inset: 0; background: #fff }",
            "focus is covered",
        ),
        ("<p>p</p><a href='/page' tabindex='2'>one</a>", "", "an order of its own"),
    ],
)
def test_what_a_keyboard_cannot_use_is_found(shown, body, style, words):
    window = shown(body, style)

    assert any(words in each for each in keyboard_walk(window))


def test_what_the_policy_refuses_is_kept(shown):
    window = shown("<p style='color: red'>red</p>")

    assert any("style-src" in each for each in window.breaches())
    assert any("Content Security Policy" in each for each in window.errors())


def test_what_is_expected_in_the_console_is_no_error(shown):
    window = shown("<p style='color: red'>red</p>")

    window.expected.append("Content Security Policy")

    assert window.errors() == []


def test_the_bytes_that_came_are_counted(server, phone):
    phone.expected.append("status of 401")

    phone.go("/rules")

    assert 1_000 < phone.transferred_bytes() < 100_000


def test_a_page_that_is_seen_has_been_painted(shown):
    window = shown("<p>words</p>")

    window.page.screenshot()

    assert window.first_contentful_paint_ms() > 0


def test_a_passkey_is_made_and_proved_without_a_finger(phone):
    phone.expected.append("status of 401")
    phone.go("/rules")
    device = add_authenticator(phone)
    challenge = "challenge: new Uint8Array(32), rpId: 'localhost', userVerification: 'required'"

    phone.page.evaluate("""() => navigator.credentials.create({ publicKey: {
        challenge: new Uint8Array(32), rp: { name: 'Suhada', id: 'localhost' },
        user: { id: new Uint8Array(16), name: 'a', displayName: 'a' },
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' } } })
        .then(() => 1)""")
    get = f"navigator.credentials.get({{ publicKey: {{ {challenge} }} }})"
    proved = phone.page.evaluate(f"() => {get}.then((one) => one.type)")

    assert [key["rpId"] for key in device.passkeys()] == ["localhost"]
    assert proved == "public-key"


def test_a_picture_is_kept_for_each_scheme(shown, tmp_path):
    window = shown("<p>words</p>")

    kept = screens.keep(window, "words", folder=tmp_path)

    names = ["words-en-light-390.png", "words-en-dark-390.png"]
    assert [path.name for path in kept] == names
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in kept)


def test_the_pictures_have_japanese_letters(shown):
    if not has_japanese_font():
        pytest.skip(NO_LETTERS)
    drawn = """(letter) => { const canvas = document.createElement("canvas");
        canvas.getContext("2d").fillText(letter, 5, 20); return canvas.toDataURL(); }"""
    window = shown()

    mountain, river = (window.in_isolation(f"({drawn})('{letter}')") for letter in "山川")

    assert mountain != river  # and not one box for every letter
