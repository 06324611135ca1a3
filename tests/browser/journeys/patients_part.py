"""What a patient does on a phone."""

import re
from collections.abc import Mapping
from typing import Any

from django.core import mail
from playwright.sync_api import Locator, expect

from backend.intake.documents import documents
from backend.intake.questionnaire import Item, newest
from backend.portals.patient.check_in_questions import FLAGS, mood_questions
from tests.browser.journeys.clinic import NAMES, PASSWORD, BrowserClinic
from tests.browser.journeys.walker import Walker

EMAIL = "anna@patient.example"
CODE = re.compile(r"\b[A-Z0-9]{4,}(?:-[A-Z0-9]+)?\b")


class PatientsPart(Walker):
    """山田 花子, 24, invented."""

    @property
    def name(self) -> str:
        """As she registers."""
        return NAMES[self.window.device.language].written

    # Arriving.

    def signs_up(self) -> None:
        """From the front page to an account: e-mail address, password, mailed code."""
        self.opens("/account/login/")
        self.follows("Create an account")
        self.reads("Create an account", "sign-up")
        self.page.get_by_role("textbox").first.fill(EMAIL)
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.presses("Send me the code")
        self.reads("Enter the code", "code")
        self.page.get_by_role("textbox").fill(mailed_code())
        self.presses("Continue")

    def makes_a_profile(self, clinic: BrowserClinic) -> None:
        """Who she is, on the story's clock."""
        names = NAMES[self.window.device.language]
        self.reads("Welcome. Who are you?")
        self.types("Name", names.written)
        self.types("Reading of the name", names.read)
        for part, number in (("Year", "2001"), ("Month", "6"), ("Day", "15")):
            self.types_of_birth(part, number)
        self.selects("Clock (sandbox)", clinic.clock["name"])
        self.looks_over("profile")
        self.presses("Save and go on")
        self.reads("The steps to your treatment", "steps")

    def types_of_birth(self, part: str, number: str) -> None:
        """A part of the day of birth."""
        group = self.page.get_by_role("group", name=self.say("Date of birth"))
        group.get_by_label(self.say_of("of birth", part)).fill(number)

    # Booking.

    def books_a_visit(self) -> None:
        """Find the first free slot, hold it, see the time running, confirm."""
        self.opens("/me/slots")
        self.reads("Book a video visit", "slots")
        self.page.get_by_role("button", name=re.compile(r"\b9:00|09:00")).first.click()
        expect(self.page.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
        self.looks_over("held")
        self.presses("Confirm the booking")
        self.sees("The door to the video room")
        self.looks_over("booked")

    def waits_at_the_door(self) -> None:
        """Open the visit's page: the door to the room is open."""
        self.opens("/me/")
        self.sees("The video room is open")
        self.follows("To the visit")
        expect(self._named("link", "Enter the video room", None)).to_be_visible()
        self.looks_over("waiting-room")

    # Answering and signing.

    def answers_the_questions(self, answers: Mapping[str, Any]) -> None:
        """The intake, section by section, read over and sent."""
        self.opens("/me/intake")
        self.presses("Begin the questions")
        for section in newest("acne_intake").sections:
            asked = [item for item in section.items if item.id in answers]
            if not asked:
                continue
            self.reads(self.text(section.title))
            for item in asked:
                self._answer(item, answers[item.id])
            self.looks_over(f"intake-{section.id}")
            self.presses("Save and go on")
        self.reads("Read it over, then send it", "intake-review")
        self.presses("Send my answers")
        self.reads("Your answers were sent", "intake-sent")

    def text(self, text: Any) -> str:
        """A text that the service keeps in both languages."""
        return str(text.in_language(self.window.device.language))

    def _answer(self, item: Item, answer: Any) -> None:
        group = self.page.get_by_role("group", name=self.text(item.text))
        if answer == []:
            none = {"medicines": "I take no medicine and no supplement"}
            group.get_by_label(self.say(none.get(item.type, "None of these"))).check()
        elif item.type == "taken":
            self._pick(group, self.say("No"))
        elif item.type == "bool":
            self._pick(group, self.say("Yes" if answer else "No"))
        else:
            for each in answer if isinstance(answer, list) else [answer]:
                self._pick_option(group, item, each)

    def _pick_option(self, group: Locator, item: Item, answer: Any) -> None:
        code = answer["code"] if isinstance(answer, dict) else answer
        option = next(option for option in item.options if option.code == code)
        self._pick(group, self.text(option.text))
        if isinstance(answer, dict) and "since" in answer:
            since = group.get_by_label(self.say("Since (if you remember)"))
            since.nth(item.codes.index(code)).fill(answer["since"])

    def _pick(self, group: Locator, words: str) -> None:
        group.get_by_label(words, exact=True).check()

    def signs_the_consents(self) -> None:
        """Each document: read, its points ticked, agreed, name typed, signed."""
        self.opens("/me/consents")
        self.reads("Consents", "consents")
        self.page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
        for _ in range(4):
            self._sign_one()
        self.reads("Consents", "consents-signed")

    def _sign_one(self) -> None:
        heading = self.page.get_by_role("heading", level=1)
        titles = [self.text(document.title) for document in documents().values()]
        expect(heading).to_have_text(re.compile("|".join(map(re.escape, titles))))
        title = heading.inner_text()
        self.looks_over("consent")
        boxes = self.page.get_by_role("main").get_by_role("checkbox")
        for box in boxes.all():
            box.check()
        self.types("Type your name", self.name)
        self.presses("Sign")
        expect(heading).not_to_have_text(title)

    # Taking the medicine.

    def takes_it(self) -> None:
        """Today's page says what to take; the course's page how far it is."""
        self.opens("/me/")
        self.reads("Take today")
        self.sees(self.count("%(n)s capsule", "%(n)s capsules", 1, "n"))
        self.looks_over("today")
        self.follows("Course")
        self.reads("My course", "course")

    def answers_how_she_is(self) -> None:
        """The check-in that is due, in as few touches as there are questions."""
        self.opens("/me/")
        self.follows("Answer now")
        self.reads("How are you?", "check-in")
        self.fills_the_check_in()
        self.presses("Send")
        self.reads("Your answers have arrived", "check-in-thanks")

    def fills_the_check_in(self, *, is_taking: bool = True) -> None:
        """Nothing but what every patient must answer."""
        self.ticks("None of all these")
        self.ticks("Nothing else of these bothers me")
        for question in mood_questions()[:2]:
            self.chooses(self.text(question.text), self.text(question.options[0]))
        if is_taking:
            self.chooses("Do you take it with a meal?", "Yes")
            self.chooses("How many doses did you miss since the last check-in?", "None")
        self.chooses("Did you use your contraception all the time?", "Yes")
        self.chooses("Do you plan to give blood?", "No")

    def tells_of_blurred_vision(self) -> None:
        """A red flag: what to do and whom to call, before it is sent and after."""
        self.opens("/me/check-ins")
        self.follows("Tell us now")
        self.page.get_by_role("checkbox", name=self.says(FLAGS["bih"])).check()
        self.sees_whom_to_call()
        self.looks_over("red-flag-chosen")
        self.presses("Send")
        self.reads("Please read this now")
        self.sees_whom_to_call()
        self.looks_over("red-flag-sent")
        self.opens("/me/")
        self.reads("Stop taking the medicine", "halted")

    def sees_whom_to_call(self) -> None:
        """A number to touch, in what is said at once."""
        call = self.page.get_by_role("link", name=re.compile("119"))
        expect(call.filter(visible=True).first).to_have_attribute("href", "tel:119")

    def reads_that_it_ended(self) -> None:
        """The course is over, and what still holds for a month."""
        self.opens("/me/")
        self.reads("Your course has ended", "ended")

    def sees_who_looked(self, physician: str) -> None:
        """Who has seen the record: the physician by name."""
        self.opens("/me/")
        self.follows("My record")
        self.reads("Who has seen my record")
        self.sees(physician)
        self.looks_over("record-accesses")


def mailed_code() -> str:
    """The code in her newest mail."""
    letter = [letter for letter in mail.outbox if letter.to == [EMAIL]][-1]
    found = CODE.search(str(letter.body))
    assert found, letter.body
    return found.group()
