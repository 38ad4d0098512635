"""Addresses of guided conversations: one a flow, one a conversation under way."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.flows import views

urlpatterns = [
    path("do/<slug:slug>", views.begin, name="flow"),
    path("do/<slug:slug>/person", views.person_instead, name="flow_person"),
    path("do/<slug:slug>/<str:run>", views.step, name="flow_step"),
    path("do/<slug:slug>/<str:run>/person", views.person, name="flow_step_person"),
]
