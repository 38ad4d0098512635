from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "cardline.identity"
    label = "identity"
