from django.apps import AppConfig


class EmbeddedCoreConfig(AppConfig):
    name = "cardline.issuer.embedded"
    label = "embedded_core"
