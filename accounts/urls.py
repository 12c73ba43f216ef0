"""Addresses of accounts: our own pages, and those that stand in for allauth's."""

from django.urls import path

from accounts import views
from accounts.views import security

app_name = "accounts"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("consent/", views.give_consent, name="consent"),
    path("data/", views.data, name="data"),
    path("data/download/", views.download, name="download"),
    path("delete/", views.Deletion.as_view(), name="delete"),
    path("deleted/", views.deleted, name="deleted"),
    path("tokens/", views.Tokens.as_view(), name="tokens"),
    path("tokens/<str:beginning>/revoke/", views.revoke_token, name="revoke-token"),
]

instead_of_allauth = [
    path("confirm-email/", security.confirm_email, name="account_email_verification_sent"),
    path(
        "password/reset/confirm/",
        security.confirm_reset,
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/complete/",
        security.complete_reset,
        name="account_complete_password_reset",
    ),
    path("2fa/recovery-codes/", security.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/download/",
        security.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("sessions/", security.Sessions.as_view(), name="usersessions_list"),
]
