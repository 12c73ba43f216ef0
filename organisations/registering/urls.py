"""Addresses of these pages, put together in `config.urls`."""

from django.urls import URLPattern, path

from organisations.registering import logo_views, team_views, views

urlpatterns: list[URLPattern] = [
    path("register/", views.register, name="register"),
    path("register/new/", views.new, name="new"),
    path("register/unlisted/<str:key>/", views.claim_unlisted, name="claim-unlisted"),
    path("register/requests/<int:pk>/withdraw/", views.withdraw_request, name="withdraw-request"),
    path("invitations/<str:token>/", team_views.invitation, name="team-invitation"),
    path("<slug:slug>/claim/", views.claim, name="claim"),
    path("<slug:slug>/team/", team_views.team, name="team"),
    path("<slug:slug>/team/leave/", team_views.leave, name="team-leave"),
    path("<slug:slug>/team/<int:pk>/role/", team_views.change_role, name="team-role"),
    path("<slug:slug>/team/<int:pk>/remove/", team_views.remove, name="team-remove"),
    path("<slug:slug>/team/invitations/<int:pk>/resend/", team_views.resend, name="team-resend"),
    path(
        "<slug:slug>/team/invitations/<int:pk>/withdraw/",
        team_views.withdraw,
        name="team-withdraw",
    ),
    path("<slug:slug>/team/requests/<int:pk>/grant/", team_views.grant, name="team-grant"),
    path("<slug:slug>/team/requests/<int:pk>/refuse/", team_views.refuse, name="team-refuse"),
    path("<slug:slug>/logo/", logo_views.edit, name="logo-edit"),
    path("<slug:slug>/logo/remove/", logo_views.remove, name="logo-remove"),
    path("<slug:slug>/logo/<str:digest>.png", logo_views.logo, name="logo"),
]
