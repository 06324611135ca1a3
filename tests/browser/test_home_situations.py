"""Today in each situation that the one clinic does not show, looked at in both languages."""

from datetime import date, timedelta

import pytest

from tests.browser import screens
from tests.browser.axe import axe_violations, colour_violations
from tests.browser.checks import doubled_ids, fits, untranslated
from tests.browser.devices import LANGUAGES, PHONE
from tests.factories import booking
from tests.factories.prescriptions import CourseFactory, PrescriptionFactory
from tests.portals.patient.test_home import NOON, patient_at, running

pytestmark = pytest.mark.django_db(transaction=True)


def _visited(patient, days):
    booking.VisitFactory(patient=patient, completed=True, starts_at=NOON - timedelta(days=days))


def _declined(patient, **course):
    PrescriptionFactory(course=CourseFactory(patient=patient, **course), declined=True)


SITUATIONS = {
    "decided-next": lambda patient: _visited(patient, 1),
    "nothing-came-of-it": lambda patient: _visited(patient, 9),
    "called-off": lambda patient: _declined(patient, cancelled=True),
    "declined": _declined,
    "declined-while-taking": lambda patient: PrescriptionFactory(
        course=running(patient), declined=True
    ),
    "expired": lambda patient: PrescriptionFactory(
        course=CourseFactory(patient=patient), expired=True
    ),
    "halted": lambda patient: CourseFactory(patient=patient, halted=True),
    "ended": lambda patient: CourseFactory(patient=patient, ended=True, ended_on=date(2026, 3, 1)),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_nothing_is_wrong_with_today_when(situation, language, visit):
    patient = patient_at()
    SITUATIONS[situation](patient)
    window = visit(PHONE.speaking(language), patient)

    window.go("/me/")

    assert window.page.get_by_role("heading", level=1).count() == 1
    assert [*fits(window), *untranslated(window), *doubled_ids(window)] == []
    assert axe_violations(window) == []
    screens.keep(window, f"patient-home-{situation}")
    window.page.emulate_media(color_scheme="dark")
    assert colour_violations(window) == []
