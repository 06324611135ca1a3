"""Records at the end of their period, and holds that keep them."""

from datetime import UTC, datetime
from typing import Any

import factory

from backend import clock
from backend.accounts.models import Patient
from backend.retention.models import LegalHold
from tests.factories.accounts import AuditorFactory, PatientFactory

YEARS_LATER = datetime(2033, 3, 10, 3, tzinfo=UTC)


def long_kept(**options: Any) -> Patient:
    """A patient who registered at the end of 2025 and was never seen; her clock shows 2033."""
    return PatientFactory(on_clock=True, test_clock__frozen_at=YEARS_LATER, **options)


class LegalHoldFactory(factory.django.DjangoModelFactory):
    """A lawsuit: an auditor of the clinic had the record kept a moment ago."""

    class Meta:
        model = LegalHold

    patient = factory.SubFactory(PatientFactory, on_clock=True)
    reason = "litigation"
    reason_text = "東京地裁 令和8年(ワ)第100号 の証拠保全のため。"
    placed_at = factory.LazyAttribute(lambda hold: clock.now(hold.patient))
    placed_by = factory.LazyAttribute(lambda hold: AuditorFactory(clinic=hold.patient.clinic).user)

    class Params:
        lifted = factory.Trait(
            lifted_at=factory.LazyAttribute(lambda hold: hold.placed_at),
            lifted_by=factory.SelfAttribute("placed_by"),
            lift_reason="和解が成立し、訴訟が終了したため。",
        )
