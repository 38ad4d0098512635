from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "cardline.payments"
    label = "payments"
