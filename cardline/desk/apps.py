from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "cardline.desk"
    label = "desk"
