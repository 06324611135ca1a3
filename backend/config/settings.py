"""All settings, one file. Every variable comes through `env`, which says what is missing."""

from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.config import env
from backend.config.reference import SPECTACULAR_SETTINGS  # noqa: F401 - Django reads it here

SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", "")  # what earlier keys sealed
AUDIT_ORIGIN = env.text("AUDIT_ORIGIN", "suhada.example/audit")  # the audit log's name
AUDIT_SIGNING_KEY = env.seed("AUDIT_SIGNING_KEY", optional=True)  # Ed25519: the sealer has it alone
AUDIT_VERIFIER_KEYS = env.words("AUDIT_VERIFIER_KEYS", "")  # public keys that verification trusts
AUDIT_WITNESS_URL = env.text("AUDIT_WITNESS_URL", "")  # who cosigns checkpoints, and its key
AUDIT_WITNESS_KEY = env.text("AUDIT_WITNESS_KEY", "")
AUDIT_TSA_URL = env.text("AUDIT_TSA_URL", "")  # who timestamps checkpoints, and a PEM file of roots
AUDIT_TSA_ROOTS = env.text("AUDIT_TSA_ROOTS", "")
SEAL_SECONDS = env.whole("SEAL_SECONDS", 10)
SIGNING_KEY = env.seed("SIGNING_KEY")  # Ed25519: signs approved prescriptions
SANDBOX = env.flag("SANDBOX", default=False)  # invented patients, test clocks, loopback webhooks
DEMONSTRATION_PASSWORD = env.text("DEMONSTRATION_PASSWORD", "") if SANDBOX else ""
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
VIDEO_URL = env.text("VIDEO_URL", "https://meet.suhada.example")  # a self-hosted Jitsi

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_htmx",
    "backend.portals.shell",
    "backend.portals.entrance",  # before allauth: its templates are ours
    "backend.portals.patient",
    "backend.portals.physician",
    "backend.portals.auditing",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "backend.audit",
    "backend.outbox",
    "backend.api",
    "backend.accounts",
    "backend.notifications",
    "backend.worklist",
    "backend.records",
    "backend.formulary",
    "backend.rulebook",
    "backend.booking",
    "backend.intake",
    "backend.prescriptions",
    "backend.pharmacy",
    "backend.followups",
    "backend.decision_support",
    "backend.care",
    "backend.auditor",
    "backend.retention",
    "backend.operations",
]
MIDDLEWARE = [
    "backend.api.middleware.RequestContext",
    "backend.api.middleware.Framing",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backend.accounts.door.SignInDoor",
    "backend.portals.entrance.door.PageDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique by Lower(email)
ROOT_URLCONF = "backend.config.urls"
WSGI_APPLICATION = "backend.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backend.portals.shell.context.shell",
            ]
        },
    }
]

# PostgreSQL holds every obligation. A request waits for nobody for long.
_TIMEOUTS = "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s"
DB_POOL_SIZE = env.whole("DB_POOL_SIZE", 0)  # web processes pool, workers do not
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "options": _TIMEOUTS,
            "connect_timeout": 3,
            "server_side_binding": True,  # PostgreSQL plans a statement once a connection
            **(
                {"pool": {"min_size": 2, "max_size": DB_POOL_SIZE, "timeout": 3}}
                if DB_POOL_SIZE
                else {}
            ),
        },
    }
}
DATABASE_LOGINS = {  # whom `manage.py grant_roles` lets in; set for the owner only
    "app": env.login("APP_DATABASE_URL"),
    "sealer": env.login("SEALER_DATABASE_URL"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # a transaction begins at a service and nowhere else

# Redis wakes workers, and counts sign-in attempts for all web processes: no Redis, no sign-in.
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "suhada",
        "OPTIONS": {
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 1),
        },
    }
}
RELAY_SECONDS = 0.1  # how long the relay rests when nothing waits
TICK_SECONDS = env.whole("TICK_SECONDS", 15)  # how often due work is swept

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["backend.accounts.authentication.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "backend.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # a code or a passkey signs in as well
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # a mailbox resets the password: an open screen sets none
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {"reauthenticate": "backend.portals.entrance.proof.ProofForm"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXIES", 0)  # who may say X-Forwarded-For
PRESCRIBER_MFA_REQUIRED = not SANDBOX or env.flag("PRESCRIBER_MFA_REQUIRED", default=True)
MFA_ADAPTER = "backend.accounts.adapter.MfaAdapter"
MFA_TOTP_ISSUER = "Suhada"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
HEADLESS_CLIENTS = ("app", "browser")
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": PUBLIC_URL + "/verify/{key}",
    "account_reset_password": PUBLIC_URL + "/account/password/reset/",
    "account_reset_password_from_key": PUBLIC_URL + "/password/reset/{key}",
    "account_signup": PUBLIC_URL + "/account/signup/",
}
# Physicians open the records of those with whom they have a care relation (docs/decisions/0028).
CARE_POLICY = "backend.care.policy.Policy"
CARE_RELATION_DAYS = env.whole("CARE_RELATION_DAYS", 180)  # how long one lasts after the last act
EMERGENCY_ACCESS_MINUTES = env.whole("EMERGENCY_ACCESS_MINUTES", 60)
# Years that a record is kept after its last entry; sources and least: backend/retention/rules.py.
RETENTION_YEARS = {
    programme: env.whole(f"RETENTION_YEARS_{programme.upper()}", years, least=least)
    for programme, years, least in (("jp", 5, 5), ("us", 6, 6), ("uk", 8, 8), ("eu", 20, 10))
}

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, without a question
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # on the pages; closed on the API (backend/accounts/door.py)
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
MFA_PASSKEY_LOGIN_ENABLED = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if SESSION_COOKIE_SECURE else []
_SAID = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_PROXY_SSL_HEADER = _SAID if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SESSION_COOKIE_SECURE else 0
CSRF_FAILURE_VIEW = "backend.portals.shell.door.csrf_refused"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name patients
CONTENT_SECURITY_POLICY = {  # nothing inline, nothing from elsewhere
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "report-uri": ["/csp-report"],
    }
}

# Language and time.
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
USE_I18N = True
FORMAT_MODULE_PATH = "backend.config.formats"  # dates that are read one way only
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", "") or None  # collected and compressed; else from the apps
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = STATIC_ROOT is None

# Mail.
_MAIL = env.mail_server("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = _MAIL["host"], _MAIL["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["user"], _MAIL["password"]
EMAIL_USE_SSL = _MAIL["tls"]
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "no-reply@suhada.example")

# The API.
MAX_BODY_BYTES = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.accounts.authentication.SessionToken",
        "backend.accounts.authentication.ApiKey",
        "backend.accounts.authentication.SessionCookie",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["backend.api.permissions.InTable"],
    "DEFAULT_PARSER_CLASSES": ["backend.api.parser.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "backend.api.schema.Schema",
    "EXCEPTION_HANDLER": "backend.api.problems.answer",
    "UNICODE_JSON": True,
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING_CONFIG = "backend.operations.logs.configure"
LOGGING = {"level": LOG_LEVEL}
