from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "cardline.channels.chat"
    label = "chat"
