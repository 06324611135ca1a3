"""The paths of intake."""

from django.urls import path

from backend.intake.views import consents, questionnaires, responses

urlpatterns = [
    path("questionnaires", questionnaires.Questionnaires.as_view()),
    path("questionnaires/<str:questionnaire_id>", questionnaires.OneQuestionnaire.as_view()),
    path("intake_responses", responses.IntakeResponses.as_view()),
    path("intake_responses/<str:response_id>", responses.OneIntakeResponse.as_view()),
    path("intake_responses/<str:response_id>/save", responses.SaveIntakeResponse.as_view()),
    path("intake_responses/<str:response_id>/submit", responses.SubmitIntakeResponse.as_view()),
    path("intake_responses/<str:response_id>/discard", responses.DiscardIntakeResponse.as_view()),
    path("consent_documents", consents.ConsentDocuments.as_view()),
    path("consent_signatures", consents.ConsentSignatures.as_view()),
    path("consent_signatures/<str:signature_id>", consents.OneConsentSignature.as_view()),
    path("consent_signatures/<str:signature_id>/withdraw", consents.WithdrawConsent.as_view()),
]
