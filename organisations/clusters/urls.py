"""Addresses of these pages, put together in `config.urls`."""

from django.urls import URLPattern, path

from organisations.clusters import answering, describing, lists, views

urlpatterns: list[URLPattern] = [
    path("invitations/cluster/<str:token>/", answering.invitation, name="cluster-invitation"),
    path("<slug:slug>/members/", views.members, name="members"),
    path("<slug:slug>/members/invite/", views.invite, name="members-invite"),
    path("<slug:slug>/members/<int:pk>/remove/", views.remove, name="members-remove"),
    path("<slug:slug>/members/invitations/<int:pk>/resend/", views.resend, name="members-resend"),
    path(
        "<slug:slug>/members/invitations/<int:pk>/withdraw/",
        views.withdraw,
        name="members-withdraw",
    ),
    path("<slug:slug>/members/file/", lists.upload, name="members-file"),
    path("<slug:slug>/members/file/confirm/", lists.confirm, name="members-confirm"),
    path("<slug:slug>/members/file/template/", lists.template, name="members-template"),
    path("<slug:slug>/cluster/", describing.describe, name="cluster"),
    path("<slug:slug>/cluster/sectors/add/", describing.add_sector, name="sector-add"),
    path(
        "<slug:slug>/cluster/sectors/<int:pk>/remove/",
        describing.remove_sector,
        name="sector-remove",
    ),
    path("<slug:slug>/memberships/", answering.own_memberships, name="memberships"),
    path("<slug:slug>/memberships/<int:pk>/leave/", answering.leave, name="memberships-leave"),
    path(
        "<slug:slug>/memberships/invitations/<int:pk>/",
        answering.answer,
        name="memberships-answer",
    ),
]
