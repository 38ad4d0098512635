from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "cardline.notify"
    label = "notify"
