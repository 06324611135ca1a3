"""People and organisations: clinics, users, patients, staff, pharmacies and their clients."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7

from backend.accounts.rules import ClientStatus, MemberStatus, PatientStatus
from backend.db import Row, together
from backend.kernel.actor import Actor, Role
from backend.kernel.ids import public_id

STAFF_ROLES = (
    Role.PHYSICIAN.value,
    Role.CLINIC_STAFF.value,
    Role.AUDITOR.value,
    Role.CLINIC_ADMINISTRATOR.value,
)


class Clinic(Row):
    """A clinic: the tenant. `programme` picks the rule pack (`jp`, `us`, `uk`, `eu`)."""

    PREFIX = "cl"

    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    programme = models.CharField(max_length=8)
    zone = models.CharField(max_length=64)
    telephone = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clinic_programme_known", condition=Q(programme__in=["jp", "us", "uk", "eu"])
            ),
        ]


class TestClock(Row):
    """A sandbox clock: the patients attached to it live at `frozen_at`.

    A trigger refuses to move it back.
    """

    __test__ = False  # not a test class
    PREFIX = "clk"

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    frozen_at = models.DateTimeField()
    target_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, default="ready")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="test_clock_status_known", condition=Q(status__in=["ready", "advancing"])
            ),
            models.CheckConstraint(
                name="test_clock_target_while_advancing",
                condition=Q(status="ready", target_at__isnull=True)
                | Q(status="advancing", target_at__isnull=False),
            ),
            models.CheckConstraint(
                name="test_clock_target_not_behind",
                condition=Q(target_at__isnull=True) | Q(target_at__gte=F("frozen_at")),
            ),
        ]


class UserManager(BaseUserManager["User"]):
    """Users by e-mail address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who can sign in. One account has one role; a physician who is ill has two."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=24, default=Role.PATIENT.value)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                name="user_email_in_lower_case", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="user_role_known",
                condition=Q(role__in=[Role.PATIENT.value, *STAFF_ROLES]),
            ),
        ]

    @property
    def ref(self) -> str:
        """The public id."""
        return public_id("usr", self.id)

    @property
    def actor(self) -> Actor:
        """Who this user is when acting."""
        role = Role(self.role)
        patient: Patient | None = getattr(self, "patient", None)
        staff: StaffMember | None = getattr(self, "staff_member", None)
        belongs: Any = patient or staff
        return Actor(
            role=role,
            label=f"{role.value}:{self.ref}",
            clinic_id=belongs.clinic_id if belongs else None,
            user_id=self.id,
            patient_id=patient.id if patient else None,
            is_senior=bool(staff and staff.is_senior),
        )


class StaffMember(Row):
    """A member of a clinic's staff: physician, clinic staff, auditor or administrator."""

    PREFIX = "stf"

    user = models.OneToOneField(User, models.PROTECT, related_name="staff_member")
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="staff_members")
    name = models.CharField(max_length=120)
    name_kana = models.CharField(max_length=120, blank=True)
    licence_number = models.CharField(max_length=20, blank=True)
    licence_verified_on = models.DateField(null=True)
    online_training_on = models.DateField(null=True, help_text="J-14")
    is_retinoid_expert = models.BooleanField(default=False, help_text="P-PP-02")
    is_senior = models.BooleanField(default=False, help_text="May re-open a stopped course.")
    created_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_licence_verified_has_number",
                condition=Q(licence_verified_on__isnull=True) | ~Q(licence_number=""),
            ),
        ]

    @property
    def status(self) -> MemberStatus:
        """For the verb table."""
        return MemberStatus.DEACTIVATED if self.deactivated_at else MemberStatus.ACTIVE

    @property
    def prescriber_code(self) -> str:
        """What `prescriber.code` and `prescription.lot_importer` are compared by (J-20)."""
        return self.ref


class Patient(Row):
    """A patient of one clinic. Health data is not here: see `backend.records`."""

    PREFIX = "pt"

    user = models.OneToOneField(User, models.PROTECT, related_name="patient")
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    name = models.CharField(max_length=120)
    name_kana = models.CharField(max_length=120)
    birth_on = models.DateField()
    zone = models.CharField(max_length=64)
    language = models.CharField(max_length=2, default="ja")
    telephone = models.CharField(max_length=20, blank=True)
    test_clock = models.ForeignKey(TestClock, models.PROTECT, null=True, related_name="patients")
    identity_verified_at = models.DateTimeField(null=True)
    identity_verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    identity_document = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="patient_identity_verified_together",
                condition=together("identity_verified_at", "identity_verified_by"),
            ),
            models.CheckConstraint(
                name="patient_language_known", condition=Q(language__in=["ja", "en"])
            ),
            models.CheckConstraint(
                name="patient_identity_verified_by_document",
                condition=Q(identity_verified_at__isnull=True) | ~Q(identity_document=""),
            ),
            models.CheckConstraint(
                name="patient_erased_is_blank",
                condition=Q(erased_at__isnull=True)
                | Q(name="[erased]", name_kana="[erased]", telephone="", identity_document=""),
            ),
        ]
        indexes = [models.Index(fields=["clinic", "id"], name="patient_by_clinic")]

    @property
    def status(self) -> PatientStatus:
        """For the verb table (J-11)."""
        if self.erased_at:
            return PatientStatus.ERASED
        return PatientStatus.VERIFIED if self.identity_verified_at else PatientStatus.UNVERIFIED


class Pharmacy(Row):
    """Who may dispense: in Japan the clinic's own dispensary (J-20), elsewhere others too."""

    PREFIX = "ph"

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="pharmacies")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    deactivated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pharmacy_kind_known",
                condition=Q(kind__in=["clinic_dispensary", "community", "mail_order"]),
            ),
        ]

    @property
    def status(self) -> MemberStatus:
        """For the verb table."""
        return MemberStatus.DEACTIVATED if self.deactivated_at else MemberStatus.ACTIVE


class ApiClient(Row):
    """A pharmacy's machine client. Only the hash of its key is kept."""

    PREFIX = "cli"

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="clients")
    name = models.CharField(max_length=80)
    key_prefix = models.CharField(max_length=16, unique=True)
    key_hash = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    is_authenticated: ClassVar[bool] = True

    @property
    def status(self) -> ClientStatus:
        """For the verb table."""
        if self.revoked_at:
            return ClientStatus.REVOKED
        return ClientStatus.EXPIRING if self.expires_at else ClientStatus.ACTIVE

    @property
    def actor(self) -> Actor:
        """The client when acting."""
        pharmacy_id: UUID = self.pharmacy_id
        return Actor(
            role=Role.PHARMACY_CLIENT,
            label=f"{Role.PHARMACY_CLIENT.value}:{self.ref}",
            clinic_id=self.pharmacy.clinic_id,
            pharmacy_id=pharmacy_id,
        )
