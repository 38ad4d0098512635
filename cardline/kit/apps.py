from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "cardline.kit"
    label = "kit"
