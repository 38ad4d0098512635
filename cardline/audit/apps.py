from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "cardline.audit"
    label = "audit"
