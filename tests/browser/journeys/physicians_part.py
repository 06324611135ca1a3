"""What a physician does at a desk."""

from datetime import date, timedelta

from playwright.sync_api import Locator, expect

from tests.browser.journeys.clinic import PASSWORD, TOKYO, BrowserClinic
from tests.browser.journeys.walker import Walker

CHECKLIST = (
    "The care plan was agreed",
    "The patient is alone, or wants company",
    "A hospital for emergencies is arranged",
    "Mood was asked about",
    "Sexual function was asked about",
    "The first visit was in person",
)
NOTE = {
    "ja": "結節性ざ瘡。治療計画と避妊について説明した。",
    "en": "Nodular acne. Explained the plan of treatment and contraception.",
}

RED_FLAG = "Red flag in a check-in"
CALLED = {
    "ja": "電話で症状を確認し、救急の眼科・神経内科へ紹介した。",
    "en": "Confirmed by telephone; referred to neurology and ophthalmology as an emergency.",
}
CLEARED = {
    "ja": ("伊藤 医師（神経内科）", "乳頭浮腫なし。", "頭蓋内圧亢進は否定され、症状は消失した。"),
    "en": ("Dr Ito, neurology", "No papilloedema.", "Ruled out; all symptoms are gone."),
}
CALM = {"ja": "ざ瘡はほぼ消失した。", "en": "The acne is almost gone."}


class PhysiciansPart(Walker):
    """佐藤 医師, a senior; his proof is an hour old when the story begins."""

    # Seeing.

    def begins_the_visit(self, patient: str, on: date) -> None:
        """From the calendar of the day to a visit under way."""
        self.opens("/physician/calendar")
        self.types("Go to a day", on.isoformat())
        self.presses("Go")
        expect(self._named("link", patient, None)).to_be_visible()
        self.looks_over("calendar")
        self.follows(patient)
        self.selects("How you meet", "Video")
        self.selects("Which visit", "First visit")
        self.selects("What is known of the patient", "Consultation before")
        self.looks_over("visit-booked")
        self.presses("Begin")
        self.reads_part("Complete the visit")

    def completes_the_visit(self) -> None:
        """The checklist, and a note."""
        for done in CHECKLIST:
            self.ticks(done)
        self.looks_over("visit-begun")
        self.presses("Complete")
        self.reads_part("What was done")
        note = NOTE[self.window.device.language]
        self.types("Note", note)
        self.presses("Keep the note")
        expect(self.page.get_by_role("article").get_by_text(note)).to_be_visible()
        self.looks_over("visit-completed")

    def reads_part(self, heading: str) -> None:
        """Wait for a part of the page with this heading."""
        found = self.page.get_by_role("heading", level=2, name=self.say(heading), exact=True)
        expect(found).to_be_visible()

    def notes_what_was_measured(self, patient: str, clinic: BrowserClinic) -> None:
        """Weight of today, laboratory results and pregnancy test of yesterday."""
        self.page.get_by_role("heading", level=1).get_by_role("link").click()
        self.reads(patient)
        yesterday = clinic.today - timedelta(days=1)
        self._note("Weight", yesterday, {"Weight (kg)": "52.0"})
        alt = {"Value": "22", "Upper limit of normal": "40"}
        self._note("Laboratory result", yesterday, alt, {"Test": "ALT", "Unit": "U/L"})
        fats = {"Value": "90"}
        choices = {"Test": "Triglycerides", "Unit": "mg/dL"}
        self._note("Laboratory result", yesterday, fats, choices, ("Fasting",))
        clinics = {"Result": "negative", "Where": "clinic"}
        self._note("Pregnancy test", yesterday, {}, clinics)
        self.looks_over("patient")

    def _note(
        self,
        title: str,
        taken_on: date,
        typed: dict[str, str],
        chosen: dict[str, str] | None = None,
        ticked: tuple[str, ...] = (),
    ) -> None:
        part = self.unfolds(title)
        for label, text in typed.items():
            self.types(label, text, within=part)
        for label, option in (chosen or {}).items():
            self.selects(label, option, within=part)
        for label in ticked:
            self.ticks(label, within=part)
        self.types("Day", taken_on.isoformat(), within=part)
        self._does(part, "Note it")

    def _does(self, part: Locator, words: str) -> None:
        """Press, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.presses(words, within=part)
        expect(self.page.get_by_role("alert")).to_have_count(0)

    # Prescribing.

    def plans_a_course(self) -> None:
        """A course, and the dose over its months."""
        self.presses("Plan a course")
        self.follows("Prescribe")
        self.reads("Prescribe")
        self.presses("Calculate")
        expect(self.page.get_by_role("region", name=self.say("Supplies"))).to_be_visible()
        self.looks_over("dose-plan")

    def drafts(self) -> None:
        """20 mg a day for 30 days, sent to review."""
        self.types("Daily dose (mg)", "20")
        self.types("Days", "30")
        self.presses("Save the draft")
        self.reads_part("Send to review")
        self.looks_over("draft")
        self.presses("Send to review")

    def approves(self, patient: str) -> None:
        """From the queue: the review page, who one is once more, approved and signed."""
        self.opens("/physician/")
        self.reads("Waiting for review", "queue")
        self.page.get_by_role("row").get_by_role("link", name=patient).click()
        self.sees("Nothing stands against an approval.")
        self.looks_over("review")
        self.page.get_by_role("link", name=self.say("Approve")).click()
        self.proves_identity("reauthenticate")
        dialog = self.page.get_by_role("dialog", name=self.say("Approve and sign?"))
        expect(dialog).to_be_visible()
        self.looks_over("approve")
        self.presses("Approve and sign", within=dialog)
        self.reads("Waiting for review", "approved")

    # When something is wrong, and when it is over.

    def answers_the_alarm(self, clinic: BrowserClinic) -> None:
        """The banner stands on every page, leads to the task, and goes when that is done."""
        self.opens("/physician/patients")
        banner = self.page.get_by_role("region", name=self.say("Urgent tasks"))
        expect(banner).to_contain_text(
            self.count("%(count)s urgent task", "%(count)s urgent tasks", 1)
        )
        self.looks_over("urgent-banner")
        banner.get_by_role("link").click()
        self.reads("Open tasks", "urgent-tasks")
        self.page.get_by_role("row").get_by_role("link", name=self.say(RED_FLAG)).click()
        self.reads(RED_FLAG)
        self.selects("How it ended", "Referred as an emergency")
        self.types("Note", CALLED[self.window.device.language])
        reached_at = clinic.now.astimezone(TOKYO)
        self.types("Patient reached at", reached_at.strftime("%Y-%m-%dT%H:%M"))
        self.looks_over("urgent-task")
        self.presses("Finish the task")
        self.reads("Open tasks")
        expect(banner.get_by_role("link")).to_have_count(0)

    def opens_the_course(self, patient: str) -> None:
        """From the list of patients to the course."""
        self.opens("/physician/patients")
        self.follows(patient)
        self.reads(patient)
        self.page.get_by_role("link", name=self.say("Course %(number)s", number=1)).first.click()
        self.reads("Course %(number)s", number=1)

    def lets_it_go_on(self, clinic: BrowserClinic) -> None:
        """A specialist has cleared it; as a senior he resumes the course."""
        words = CLEARED[self.window.device.language]
        part = self.unfolds("Let it go on")
        self.types("Specialist (name and field)", words[0], within=part)
        self.types("Day", clinic.today.isoformat(), within=part)
        self.types("What the specialist wrote", words[1], within=part)
        self.types("Why the course may go on", words[2], within=part)
        self.looks_over("resuming")
        self._does(part, "Resume the course")
        self.sees("Running")

    def ends_it(self, on: date) -> None:
        """The last dose was taken."""
        part = self.unfolds("End the course")
        self.types("Day", on.isoformat(), within=part)
        self.selects("Reason", "Completed", within=part)
        self._does(part, "End the course")
        self.reads_part("Second course")
        self.looks_over("course-ended")

    def decides_on_a_second_course(self) -> None:
        """Not now."""
        self.chooses("Decision", "No second course")
        self.selects("Global assessment (IGA)", "1: almost clear")
        self.types("Reason", CALM[self.window.device.language])
        self.looks_over("second-course")
        self.presses("Decide")
        expect(self.page.get_by_role("article").get_by_text(self.say("Declined"))).to_be_visible()
        self.looks_over("second-course-decided")

    def proves_identity(self, picture: str = "") -> None:
        """The password once more."""
        self.reads("Confirm that it is you", picture)
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.presses("Confirm")
