"""Settings of Regions Meet, read from the environment.

Without ``DATABASE_URL`` the embedded PostgreSQL of this checkout is used. Without ``SECRET_KEY``
this is the demonstration, which keeps a key made for this checkout alone in its data folder. A
deployment sets ``DATABASE_URL``, ``SECRET_KEY`` and ``ALLOWED_HOSTS``.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config import compiled, languages
from config.demo_secret import demo_secret_key, has_demo_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("REGIONS_MEET_DATA", default=str(BASE_DIR / ".data")))
EMBEDDED = not env.str("DATABASE_URL", default="")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
DEPLOYED = bool(SECRET_KEY)
if not DEPLOYED:
    if not (EMBEDDED or env.bool("DEMO", default=False) or has_demo_secret_key(DATA_DIR)):
        raise ImproperlyConfigured(
            "Set SECRET_KEY in the environment: with DATABASE_URL set this is a deployment, "
            "and only the demonstration (make demo) makes its own key."
        )
    if "ALLOWED_HOSTS" in env.ENVIRON:
        raise ImproperlyConfigured(
            "Set SECRET_KEY in the environment: a site with ALLOWED_HOSTS is a deployment, and "
            "the demonstration is for this machine alone."
        )
    SECRET_KEY = demo_secret_key(DATA_DIR)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if DEPLOYED else ["127.0.0.1", "localhost"])
# what the addresses in messages begin with that a worker writes, who answers no request
SITE_URL = env.str(
    "SITE_URL",
    default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if DEPLOYED and ALLOWED_HOSTS
    else "http://127.0.0.1:8000",
).rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "accounts",
    "regions",
    "organisations",
    "initiatives",
    "matching",
    "directory",
    "config.apps.SiteConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "import_export",
    "knox",
    "simple_history",
]

MIDDLEWARE = [
    "config.middleware.content_security_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # pages have random bytes put in, so that their length tells nothing of the tokens in them
    "django.middleware.gzip.GZipMiddleware",
    "config.middleware.busy_database",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # all that answer with words come after it, since a thread keeps the last reader's language
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.refuse_malformed_input",
    "config.middleware.language_of_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.keep_personal_pages_private",
    "config.middleware.follow_former_addresses",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.HonestStatus",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.accounts",
                "organisations.context_processors.own_organisations",
            ],
        },
    }
]

if EMBEDDED:
    database: dict[str, Any] = {"ENGINE": "config.db", "NAME": "regions_meet"}
else:
    database = env.db("DATABASE_URL")
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL server (postgres://…): Regions Meet uses its "
            "full text and trigram search."
        )
database["OPTIONS"] = {
    **database.get("OPTIONS", {}),
    # set for web servers by config/wsgi.py: a page that asks too much must not stop the others
    "options": f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=0)}",
    "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 10},
}
DATABASES = {"default": database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2",
    # of passwords from before; they are hashed anew at the next log-in
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "accounts.validators.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

# how many proxies stand before this server: without any, X-Forwarded-For is a reader's own word
NUM_PROXIES = env.int("PROXIES", default=1 if env.bool("BEHIND_PROXY", default=False) else 0)

ALLAUTH_TRUSTED_PROXY_COUNT = NUM_PROXIES
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.consent.ConsentForm"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "confirm_email_verification_code": "accounts.forms.EmailCodeForm",
    "confirm_password_reset_code": "accounts.forms.ResetCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# only an address that is new could be changed there, which would tell whether it is
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Regions Meet: "
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    # success takes its count back; that of the caller's address keeps one's own log-ins out of it
    "login_failed": "10/15m/ip,10/15m/key",
    "signup": "20/h/ip",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.AuthenticatorForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = "Regions Meet"
MFA_TOTP_TOLERANCE = 1

# without EMAIL_URL messages are kept in a folder: for a demonstration
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_IN_FOLDER = not EMAIL_URL
if MAIL_IN_FOLDER:
    EMAIL_BACKEND = "accounts.mail.PrivateFolder"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
else:
    vars().update(env.email("EMAIL_URL"))
    EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Regions Meet <regions-meet@localhost>")

# who answers for the personal data that this site keeps, and how to reach them
OPERATOR = env.str("OPERATOR", default="")
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")

# the page of all template components; on a real site it is for staff
DESIGN_FOR_ALL = DEBUG or not DEPLOYED

LANGUAGE_CODE = "en"
LANGUAGES = languages.offered()
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "Europe/Brussels"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# one copy of each file, and no source map compressed: those are most of what collecting costs
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "gif", "ico", "webp", "woff", "woff2")

# counts of failed log-ins and of API calls are kept apart from lists of suggestions: a full cache
# forgets, and anyone fills one by asking for lists under ever other weights
CACHES = {
    # the limits of allauth, which all processes must count together
    "default": {
        "BACKEND": "accounts.limits.Limits",
        "LOCATION": "accounts_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "suggestions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "suggestions",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
    # PDFs of about 150 kB each
    "documents": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "documents",
        "OPTIONS": {"MAX_ENTRIES": 60},
    },
    # pictures of dossiers, of some 100 kB each
    "cards": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "cards",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

MATCH_INDEX_DIR = Path(env.str("MATCH_INDEX_DIR", default=str(DATA_DIR / "match-index")))
# who adds changes to the index: "thread" beside the requests (set for web servers by
# config/wsgi.py), "request" at most every two seconds, "off" nobody
MATCH_FOLLOWER = env.str("MATCH_FOLLOWER", default="request")
# numba keeps its compiled code here; it reads this when it is imported
compiled.keep_in(DATA_DIR / "numba")

# files that administrators import: what is too large is refused before it is read, and what was
# previewed waits here for its confirmation; several machines need a folder in common
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=10 * 1024 * 1024)
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=20_000)
IMPORT_DIR = Path(env.str("IMPORT_DIR", default=str(DATA_DIR / "imports")))
# workbooks are written to disk first; CSV and JSON of any length are sent as they are made
EXPORT_MAX_XLSX_ROWS = env.int("EXPORT_MAX_XLSX_ROWS", default=50_000)
# rows of a search's results that a reader may take away at once
SEARCH_EXPORT_ROWS = {
    "anonymous": env.int("SEARCH_EXPORT_ROWS_ANONYMOUS", default=1_000),
    "member": env.int("SEARCH_EXPORT_ROWS_MEMBER", default=10_000),
    "staff": env.int("SEARCH_EXPORT_ROWS_STAFF", default=100_000),
}

# of one process: searches at work; and all heavy work with those who wait for it, fewer than its
# threads, so that some are left for everything else
SEARCHES_AT_ONCE = env.int("SEARCHES_AT_ONCE", default=3)
HEAVY_AT_ONCE = env.int("HEAVY_AT_ONCE", default=6)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 2, "delete_jobs": "successful"}

# HTTPS belongs to a deployment; the demonstration is served over plain HTTP on the loopback.
HTTPS = env.bool("HTTPS", default=DEPLOYED and not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
# these two speak for the owner's whole domain, so the owner has to say so
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_FILTER_BACKENDS": ["config.api.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.api.PageNumberPagination",
    "PAGE_SIZE": 25,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.parsing.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NUM_PROXIES": NUM_PROXIES,
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.api.AnonymousThrottle",
        "accounts.api.TokenOrUserThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_ANON_RATE", default="600/min"),
        "user": env.str("API_USER_RATE", default="1200/min"),
        # each is a compilation; several readers may share an address
        "pdf": env.str("PDF_ANON_RATE", default="30/min"),
        # files of results that one reader takes away
        "export": env.str("SEARCH_EXPORT_RATE", default="10/min"),
    },
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"
# its migrations would make a table that nothing uses, and that points to users
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"TOKEN_PREFIX": "rm_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Regions Meet",
    "DESCRIPTION": "Partners between European regions, and why they fit.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "RegionKind": "regions.models.Region.Kind",
        "PriorityKind": "regions.models.Priority.Kind",
        "OrganisationKind": "organisations.models.Organisation.Kind",
        "OrganisationStatus": "organisations.models.Organisation.Status",
        "StatementRole": "organisations.models.Statement.Role",
        "FeedbackKind": "matching.feedback.models.Feedback.Kind",
        "FeedbackReason": "matching.feedback.models.Feedback.Reason",
        "InitiativeKind": "initiatives.models.Initiative.Kind",
        "InitiativeStatus": "initiatives.models.Initiative.Status",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api_docs.describe_refusals",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # Django's own handler would mail what was sent to a page that failed, passwords included
        "django": {"handlers": []},
        # what readers ask for in vain is theirs, not a fault of the site
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
