from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "cardline.trust"
    label = "trust"
