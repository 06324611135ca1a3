"""Paths of accounts, below /v1/."""

from django.urls import path

from backend.accounts.views import clocks, me, patients, pharmacies, staff

urlpatterns = [
    path("me", me.Me.as_view()),
    path("clinics", me.Clinics.as_view()),
    path("clinics/<str:clinic_id>", me.OneClinic.as_view()),
    path("patients", patients.Patients.as_view()),
    path("patients/<str:patient_id>", patients.OnePatient.as_view()),
    path("patients/<str:patient_id>/verify_identity", patients.VerifyIdentity.as_view()),
    path("patients/<str:patient_id>/update_contact", patients.UpdateContact.as_view()),
    path("physicians", patients.Physicians.as_view()),
    path("physicians/<str:physician_id>", patients.OnePhysician.as_view()),
    path("staff_members", staff.StaffMembers.as_view()),
    path("staff_members/<str:staff_member_id>", staff.OneStaffMember.as_view()),
    path(
        "staff_members/<str:staff_member_id>/update_credentials",
        staff.UpdateCredentials.as_view(),
    ),
    path("staff_members/<str:staff_member_id>/send_invitation", staff.SendInvitation.as_view()),
    path("staff_members/<str:staff_member_id>/deactivate", staff.DeactivateStaffMember.as_view()),
    path("pharmacies", pharmacies.Pharmacies.as_view()),
    path("pharmacies/<str:pharmacy_id>", pharmacies.OnePharmacy.as_view()),
    path("pharmacies/<str:pharmacy_id>/deactivate", pharmacies.DeactivatePharmacy.as_view()),
    path("api_clients", pharmacies.ApiClients.as_view()),
    path("api_clients/<str:client_id>", pharmacies.OneApiClient.as_view()),
    path("api_clients/<str:client_id>/rotate", pharmacies.RotateApiClient.as_view()),
    path("api_clients/<str:client_id>/revoke", pharmacies.RevokeApiClient.as_view()),
    path("test_helpers/test_clocks", clocks.TestClocks.as_view()),
    path("test_helpers/test_clocks/<str:clock_id>", clocks.OneTestClock.as_view()),
    path("test_helpers/test_clocks/<str:clock_id>/advance", clocks.AdvanceTestClock.as_view()),
]
