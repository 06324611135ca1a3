"""What a reader finds on a page to press: its forms, read from the markup as a browser would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

from tests.portals.reader import Reader

OF_THE_FRAME = ("/language", "/account/logout/")  # on every page, and no page's own


@dataclass
class Form:
    """One form: what it would send untouched, what one may choose, and its buttons."""

    action: str
    fields: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    checkboxes: list[str] = field(default_factory=list)
    buttons: list[dict[str, str | None]] = field(default_factory=list)

    @property
    def can_be_pressed(self) -> bool:
        """Whether a button sends it."""
        return any(
            button.get("type", "submit") == "submit"
            and "disabled" not in button
            and button.get("aria-disabled") != "true"
            for button in self.buttons
        )


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._open = Form(said.get("action") or "")
            if (said.get("method") or "get").lower() == "post":
                self.forms.append(self._open)
        elif self._open is not None:
            self._inside(tag, said, self._open)

    def _inside(self, tag: str, said: dict[str, str | None], form: Form) -> None:
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "button":
            form.buttons.append(said)
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            form.fields[name] = ""
        elif tag == "option":
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in said:
                form.fields[self._select] = value
        elif tag == "input":
            self._input(said.get("type") or "text", name, value, "checked" in said, form)

    def _input(self, kind: str, name: str, value: str, checked: bool, form: Form) -> None:
        if kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(value)
            if kind == "checkbox":
                form.checkboxes.append(name)
            if not checked:
                return
            if kind == "checkbox":
                form.fields.setdefault(name, []).append(value or "on")
                return
        form.fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._textarea and self._open is not None:
            self._open.fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def forms_on(answer: HttpResponse) -> list[Form]:
    """The page's own forms that change something, in their order."""
    finder = _Finder()
    finder.feed(answer.content.decode())
    return [form for form in finder.forms if form.action not in OF_THE_FRAME]


def form_with(answer: HttpResponse, **said: str) -> Form:
    """The form whose hidden fields or buttons say this."""
    for form in forms_on(answer):
        pressed = {(b.get("name"), b.get("value")) for b in form.buttons}
        if all(form.fields.get(k) == v or (k, v) in pressed for k, v in said.items()):
            return form
    raise AssertionError(f"no form with {said} among {forms_on(answer)}")


def press(reader: Reader, path: str, form: Form, **said: Any) -> HttpResponse:
    """Fill the form in and send it; the answer is where one is led to."""
    answer = reader.client.post(form.action or path, {**form.fields, **said})
    return follow(reader, answer)


def follow(reader: Reader, answer: HttpResponse) -> HttpResponse:
    """The page that one is led to, however many doors there are between."""
    for _ in range(5):
        if answer.status_code not in {301, 302, 303}:
            break
        answer = reader.client.get(answer["Location"])
    return answer
