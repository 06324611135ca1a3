"""A man of 19 and his clinic, reached as api_schema/openapi.yaml says, one door after another."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories import accounts
from tests.journeys.integrator import Integrator, rfc3339, signed_in
from tests.journeys.workers_part import WorkersPart

TUESDAY = datetime(2026, 3, 10, 3, tzinfo=UTC)
NEVER = "none"
PHQ = {f"phq_{number}": NEVER for number in range(1, 10)}
NOTHING = {
    "conditions": [],
    "family_history": [],
    "allergies": [],
    "procedures": [],
    "activities": [],
    "medicines": [],
}
ANSWERS = {
    "indication": "acne",
    "severity": "severe",
    "scarring": True,
    "prior_treatment_failed": ["systemic_antibiotic", "topical"],
    **NOTHING,
    "isotretinoin_bought": {"taken": False},
    "vitamin_a": {"taken": False},
    "topical_retinoid": {"taken": False},
    "pregnancy_potential": "male",
    **PHQ,
}


class Clinic:
    """A clinic whose people are signed in, with two dispensaries and a clock of its own."""

    clock_name = "young man"

    def __init__(self) -> None:
        self.row = accounts.ClinicFactory()
        self.doctor = accounts.PhysicianFactory(clinic=self.row, is_senior=True)
        self.physician = signed_in(self.doctor.user)
        self.staff = signed_in(accounts.StaffMemberFactory(clinic=self.row).user)
        self.administrator = signed_in(accounts.AdministratorFactory(clinic=self.row).user)
        self.auditor = signed_in(accounts.AuditorFactory(clinic=self.row).user)
        self.workers = WorkersPart()
        self.clock = self.administrator.makes(
            "test_helpers/test_clocks", {"name": self.clock_name, "frozen_at": rfc3339(TUESDAY)}
        )
        self.north = self._dispensary("North")
        self.south = self._dispensary("South")

    def _dispensary(self, name: str) -> Integrator:
        pharmacy = self.administrator.makes(
            "pharmacies", {"name": name, "kind": "clinic_dispensary"}
        )
        client = self.administrator.makes(
            "api_clients", {"pharmacy": pharmacy["id"], "name": "counter"}
        )
        return Integrator(client["key"])

    def opens_its_hours(self) -> None:
        """Every day of the week from nine to noon, in quarters of an hour."""
        for weekday in range(1, 8):
            self.administrator.makes(
                "availability_rules",
                {
                    "physician": self.doctor.ref,
                    "weekday": weekday,
                    "starts_local": "09:00",
                    "ends_local": "12:00",
                    "slot_minutes": 15,
                    "zone": "Asia/Tokyo",
                    "valid_from": "2026-03-01",
                },
            )

    def stocks_the_medicine(self) -> None:
        """One product of 20 mg, one lot that the treating physician imported."""
        self.product = self.administrator.makes(
            "products",
            {
                "name": "Isotretinoin 20",
                "strength_mg": 20,
                "code": "standard",
                "soya_oil": True,
                "approval": "unapproved",
            },
        )
        self.lot = self.administrator.makes(
            "lots",
            {
                "product": self.product["id"],
                "number": "L-1",
                "importer": self.doctor.ref,
                "expires_on": "2028-01-31",
            },
        )

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return datetime.fromisoformat(self.clock["frozen_at"])

    def passes(self, **time: int) -> None:
        """Let time pass, and what falls due on the way happen."""
        self.passes_to(self.now + timedelta(**time))

    def passes_to(self, at: datetime) -> None:
        """Let time pass to an instant."""
        self.administrator.does("test_helpers/test_clocks/advance", self.clock, {"to": rfc3339(at)})
        self.workers.settle()
        self.clock = self.administrator.get(f"test_helpers/test_clocks/{self.clock['id']}")
        assert self.clock["status"] == "ready"


class YoungMan:
    """鈴木 太郎, 19, 62 kg, severe scarring acne, antibiotics failed; invented."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        account = accounts.UserFactory(role="patient", email="taro@example.test")
        self.api = signed_in(account)
        self.profile = self.api.makes(
            "patients",
            {
                "clinic": clinic.row.ref,
                "name": "鈴木 太郎",
                "name_kana": "スズキ タロウ",
                "birth_on": "2006-05-01",
                "zone": "Asia/Tokyo",
                "test_clock": clinic.clock["id"],
            },
        )
        self.id = self.profile["id"]

    def is_identified(self) -> None:
        """Staff have seen his licence."""
        self.clinic.staff.does(
            "patients/verify_identity", self.profile, {"document": "driving_licence"}
        )

    def free_slots(self) -> list[str]:
        """When the physician is free tomorrow."""
        first = (self.clinic.now + timedelta(days=1)).date()
        days = {"from": first.isoformat(), "to": (first + timedelta(days=1)).isoformat()}
        slots = self.api.all("slots", physician=self.clinic.doctor.ref, **days)
        return [slot["starts_at"] for slot in slots]

    def books(self, starts_at: str) -> Any:
        """Hold a slot and confirm it."""
        held = self.api.makes(
            "visits", {"physician": self.clinic.doctor.ref, "starts_at": starts_at}
        )
        return self.api.does("visits/confirm", held)

    def answers_the_questions(self) -> None:
        """The intake questionnaire, and every consent."""
        draft = self.api.makes("intake_responses", {"questionnaire": "acne_intake_2026_1"})
        saved = self.api.does("intake_responses/save", draft, {"answers": ANSWERS})
        self.api.does("intake_responses/submit", saved)
        for document in self.api.get("consent_documents")["data"]:
            asked = {
                "document": document["id"],
                "text_sha256": document["text_sha256"],
                "typed_name": "鈴木 太郎",
                "disclosures_acknowledged": [each["code"] for each in document["disclosures"]],
            }
            self.api.makes("consent_signatures", asked)

    def is_seen(self, visit: Any) -> Any:
        """The video visit, from beginning to end."""
        self.clinic.passes_to(datetime.fromisoformat(visit["starts_at"]))
        physician = self.clinic.physician
        begun = physician.does(
            "visits/start", visit, {"mode": "video", "kind": "first", "history": "pre_consultation"}
        )
        self.clinic.passes(minutes=12)
        checklist = (
            "care_plan_agreed",
            "privacy_confirmed",
            "hospital_arranged",
            "mood_asked",
            "sexual_function_asked",
            "in_person_first_done",
        )
        return physician.does("visits/complete", begun, dict.fromkeys(checklist, True))

    def is_measured(self) -> None:
        """Weight and laboratory values of the day."""
        today = self.clinic.now.date().isoformat()
        about = {"patient": self.id, "taken_on": today}
        self.clinic.physician.makes("weights", {**about, "kg": "62"})
        for analyte, value, unit, uln in (
            ("alt", "18", "U/L", "40"),
            ("ast", "20", "U/L", "40"),
            ("triglycerides", "80", "mg/dL", "150"),
            ("total_cholesterol", "170", "mg/dL", "220"),
            ("ck", "110", "U/L", "200"),
        ):
            self.clinic.physician.makes(
                "lab_results",
                {
                    **about,
                    "analyte": analyte,
                    "value": value,
                    "unit": unit,
                    "uln": uln,
                    "fasting": True,
                },
            )

    def is_ready_for_treatment(self) -> None:
        """Booked, asked, seen and measured, with a course planned."""
        self.is_identified()
        visit = self.books(self.free_slots()[0])
        self.clinic.workers.settle()
        self.answers_the_questions()
        self.visit = self.is_seen(visit)
        self.is_measured()
        about = {"patient": self.id, "indication": "acne"}
        self.course = self.clinic.physician.makes("courses", about)

    def content(self, **changes: Any) -> dict[str, Any]:
        """What the physician writes: 40 mg a day for 30 days."""
        return {
            "visit": self.visit["id"],
            "product": self.clinic.product["id"],
            "lot": self.clinic.lot["id"],
            "daily_mg": 40,
            "days": 30,
            "doses_per_day": 2,
            "route": "in_house",
            **changes,
        }

    def is_prescribed(self) -> Any:
        """An approved prescription, as the physician reads it."""
        physician = self.clinic.physician
        drafted = physician.makes("prescriptions", {"course": self.course["id"], **self.content()})
        submitted = physician.does("prescriptions/submit", drafted)
        approved = physician.does("prescriptions/approve", submitted)
        self.clinic.workers.settle()
        return approved

    def takes_home(self, prescription: Any, capsules: int) -> Any:
        """Capsules of a prescription that the first dispensary claims."""
        north = self.clinic.north
        claimed = north.does("prescriptions/claim", prescription)
        handed_over = {"capsules": capsules, "identity_checked": True}
        after = north.does("prescriptions/dispense", claimed, handed_over)
        self.clinic.workers.settle()
        return after
