"""Addresses of a program administrator's pages."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.program import views

urlpatterns = [
    path("program", views.program, name="program"),
    path("program.csv", views.file, name="program_file"),
    path("program/cards/<str:employee_card>", views.card, name="program_card"),
    path("program/cards/<str:employee_card>/freeze", views.freeze, name="program_freeze"),
    path("program/cards/<str:employee_card>/unfreeze", views.unfreeze, name="program_unfreeze"),
    path("program/cards/<str:employee_card>/limit", views.limit, name="program_limit"),
    path("program/cards/<str:employee_card>/replacement", views.replacement, name="program_replacement"),
    path("program/cards/<str:employee_card>/leaver", views.leaver, name="program_leaver"),
    path("program/leavers/<int:departure>", views.left, name="program_left"),
]
