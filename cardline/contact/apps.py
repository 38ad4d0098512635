from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "cardline.contact"
    label = "contact"
