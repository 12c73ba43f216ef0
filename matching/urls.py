"""Addresses of what an organisation makes of its suggestions, below the organisation's own."""

from django.urls import path

from matching.views import feedback

organisation_pages = [
    path("<slug:slug>/choices/", feedback.choices_page, name="choices"),
    path("<slug:slug>/choices/leave-out/", feedback.leave_out, name="leave-out"),
    path("<slug:slug>/choices/leave-out/<int:pk>/undo/", feedback.bring_back, name="bring-back"),
    path("<slug:slug>/choices/chosen/<int:pk>/undo/", feedback.take_back, name="take-back"),
    path("<slug:slug>/choices/<slug:other>/save/", feedback.save, name="save"),
    path("<slug:slug>/choices/<slug:other>/dismiss/", feedback.dismiss, name="dismiss"),
    path("<slug:slug>/choices/<slug:other>/undo/", feedback.withdraw, name="withdraw"),
]
