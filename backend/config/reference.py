"""How the published reference of the API is made, and what it says of itself."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Suhada API",
    "VERSION": "v1",
    "DESCRIPTION": (
        "Telemedicine prescription workflow for isotretinoin.\n\n"
        "People sign in at `/_allauth/app/v1/` (django-allauth's published headless API) and send "
        "the session token as `Authorization: Bearer …`; pharmacies send their `rx_…` key.\n\n"
        "Every POST below `/v1` has an `Idempotency-Key`; every verb on a thing has `If-Match` "
        "with the version that was read. Lists are paged by cursor. Errors are "
        "`application/problem+json` "
        "with a stable `code`, in the language of `Accept-Language` (ja, en). Instants are UTC, "
        "civil dates are days where the patient lives, decimals are strings.\n\n"
        "`/cds-services` speaks CDS Hooks 2.0 to other clinical systems; `GET /cds-services` is "
        "its discovery."
    ),
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "SORT_OPERATIONS": True,
    "WEBHOOKS": [
        f"backend.pharmacy.webhook_docs.{name}"
        for name in ("APPROVED", "RELEASED", "VOIDED", "EXPIRED", "LAPSED", "TEST")
    ],
    "PREPROCESSING_HOOKS": ["backend.api.schema.only_the_contract"],
    "POSTPROCESSING_HOOKS": [
        "backend.api.schema.add_problems",
    ],
}
