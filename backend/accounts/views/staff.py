"""The clinic's staff."""

import django_filters as filters
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.queries import staff_visible_to
from backend.accounts.rules import STAFF_MEMBERS
from backend.accounts.serializers.people import (
    INVITED_AS,
    InviteStaffMemberIn,
    StaffMemberOut,
    UpdateCredentialsIn,
)
from backend.accounts.services.deactivate_staff_member import deactivate_staff_member
from backend.accounts.services.invite_staff_member import invite_staff_member
from backend.accounts.services.send_invitation import send_invitation
from backend.accounts.services.update_credentials import update_credentials
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.filters import ListFilters
from backend.api.schema import operation
from backend.kernel.actor import Role


class StaffFilters(ListFilters):
    """By role."""

    role = filters.ChoiceFilter(
        field_name="user__role", choices=[(role.value, role.value) for role in INVITED_AS]
    )


class StaffMembers(Endpoint):
    """/v1/staff_members"""

    verbs = {"get": STAFF_MEMBERS["list"], "post": STAFF_MEMBERS["invite"]}
    filters = StaffFilters

    @operation(gives=StaffMemberOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's staff, those who left included."""
        return self.listed(staff_visible_to(self.actor), StaffMemberOut)

    @operation(takes=InviteStaffMemberIn, gives=StaffMemberOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Invite somebody; a mail says how to set a password."""
        asked = self.asked(InviteStaffMemberIn)
        role = Role(asked.pop("role"))
        return self.act(
            lambda: invite_staff_member(**asked, role=role, by=self.actor, at=clock.now()),
            StaffMemberOut,
            status=201,
        )


class OneStaffMember(Endpoint):
    """/v1/staff_members/{staff_member_id}"""

    verbs = {"get": STAFF_MEMBERS["read"]}

    @operation(gives=StaffMemberOut)
    def get(self, request: Request, staff_member_id: str) -> HttpResponse:  # noqa: ARG002
        """One member of staff."""
        return self.look(self.find(staff_visible_to(self.actor), staff_member_id), StaffMemberOut)


class UpdateCredentials(Endpoint):
    """POST /v1/staff_members/{staff_member_id}/update_credentials"""

    verbs = {"post": STAFF_MEMBERS["update_credentials"]}

    @operation(takes=UpdateCredentialsIn, gives=StaffMemberOut)
    def post(self, request: Request, staff_member_id: str) -> HttpResponse:  # noqa: ARG002
        """You saw a licence or a certificate of training."""
        asked = self.asked(UpdateCredentialsIn)
        member = self.find(staff_visible_to(self.actor), staff_member_id)
        version = self.expected_version()
        return self.act(
            lambda: update_credentials(
                staff_member_id=member.id,
                changes=asked,
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            StaffMemberOut,
        )


class SendInvitation(Endpoint):
    """POST /v1/staff_members/{staff_member_id}/send_invitation"""

    verbs = {"post": STAFF_MEMBERS["send_invitation"]}

    @operation(takes=NoBody, gives=StaffMemberOut)
    def post(self, request: Request, staff_member_id: str) -> HttpResponse:  # noqa: ARG002
        """Send the invitation again."""
        self.asked(NoBody)
        member = self.find(staff_visible_to(self.actor), staff_member_id)
        version = self.expected_version()
        return self.act(
            lambda: send_invitation(
                staff_member_id=member.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            StaffMemberOut,
        )


class DeactivateStaffMember(Endpoint):
    """POST /v1/staff_members/{staff_member_id}/deactivate"""

    verbs = {"post": STAFF_MEMBERS["deactivate"]}

    @operation(takes=NoBody, gives=StaffMemberOut)
    def post(self, request: Request, staff_member_id: str) -> HttpResponse:  # noqa: ARG002
        """The person leaves: no sign-in any more, and open sessions end."""
        self.asked(NoBody)
        member = self.find(staff_visible_to(self.actor), staff_member_id)
        version = self.expected_version()
        return self.act(
            lambda: deactivate_staff_member(
                staff_member_id=member.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            StaffMemberOut,
        )
