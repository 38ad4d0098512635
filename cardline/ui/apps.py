from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "cardline.ui"
    label = "ui"
