from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "cardline.promises"
    label = "promises"
