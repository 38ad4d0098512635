from django.apps import AppConfig


class SelfserviceConfig(AppConfig):
    name = "cardline.selfservice"
    label = "selfservice"
