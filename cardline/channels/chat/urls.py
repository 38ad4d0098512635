"""Addresses of conversations: one a contact, by its reference (7K4-29QM-1)."""

from __future__ import annotations

from django.urls import path

from cardline.channels.chat import guided_views as guided
from cardline.channels.chat import views

urlpatterns = [
    path("chat", views.start_a_chat, name="chat_start"),
    path("messages", views.leave_a_message, name="message_start"),
    path("chat/<str:reference>", views.chat, name="chat"),
    path("chat/<str:reference>/entries", views.entries, name="chat_entries"),
    path("chat/<str:reference>/messages", views.send, name="chat_send"),
    path("chat/<str:reference>/summary", views.summary, name="chat_summary"),
    path("chat/<str:reference>/flows", guided.begin, name="chat_flows"),
    path("chat/<str:reference>/step", guided.step, name="chat_step"),
    path("chat/<str:reference>/verdict", views.verdict, name="chat_verdict"),
]
