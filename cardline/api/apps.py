from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cardline.api"
    label = "api"
