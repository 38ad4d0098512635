"""Addresses of a member's statements."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.statements import views

urlpatterns = [
    path("statements", views.statements, name="statements"),
    # Before the page's own, which would take the ending for a part of the token.
    path("statements/<str:statement>.pdf", views.paper, name="statement_paper"),
    path("statements/<str:statement>.csv", views.file, name="statement_file"),
    path("statements/<str:statement>", views.statement, name="statement"),
]
