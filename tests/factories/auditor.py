"""Exports of the audit trail. The default waits for a worker; a trait is a state it can be in."""

from datetime import UTC, datetime, timedelta

import factory

from backend.audit.keys import pseudonym_of
from backend.audit.models import BundleManifest
from backend.auditor.models import AuditExport, AuditExportPart
from backend.auditor.rules import KEPT_FOR
from backend.auditor.sealed_parts import sealed
from tests.factories.accounts import AuditorFactory, PatientFactory

AT = datetime(2026, 3, 10, 3, tzinfo=UTC)
BYTES = b"a bundle"


class AuditExportFactory(factory.django.DjangoModelFactory):
    """What an auditor asked for, about one patient of the clinic."""

    class Meta:
        model = AuditExport
        exclude = ("auditor", "patient")
        skip_postgeneration_save = True

    patient = factory.SubFactory(PatientFactory)
    auditor = factory.SubFactory(AuditorFactory, clinic=factory.SelfAttribute("..patient.clinic"))
    clinic = factory.SelfAttribute("patient.clinic")
    pseudonym = factory.LazyAttribute(lambda row: pseudonym_of(row.patient.ref))
    with_rows = True
    requested_by = factory.SelfAttribute("auditor.user")
    requested_at = AT

    class Params:
        by_patient = factory.Trait(
            requested_by=factory.SelfAttribute("patient.user"), with_rows=False
        )
        of_period = factory.Trait(
            pseudonym=None, recorded_from=AT - timedelta(days=30), recorded_until=AT
        )
        building = factory.Trait(status="building", epoch=1, lease_until=AT + timedelta(minutes=15))
        ready = factory.Trait(
            status="ready",
            epoch=1,
            manifest=factory.LazyFunction(
                lambda: BundleManifest.objects.create(
                    content="{}", tree_size=1, asked_by="job:exports", asked_at=AT, note="signed"
                )
            ),
            entries=1,
            tree_size=1,
            unsealed=0,
            size_bytes=len(BYTES),
            shows=factory.LazyAttribute(lambda row: [row.pseudonym] if row.pseudonym else []),
            opens=factory.SelfAttribute("shows"),
            ready_at=factory.LazyAttribute(lambda row: row.requested_at),
            expires_at=factory.LazyAttribute(lambda row: row.ready_at + KEPT_FOR),
            bytes_kept=factory.PostGeneration(lambda row, *_: kept(row, BYTES)),
        )


def kept(export: AuditExport, data: bytes) -> AuditExportPart:
    """The bytes of an export, in one piece."""
    return AuditExportPart.objects.create(export=export, number=0, sealed=sealed(export, 0, data))
