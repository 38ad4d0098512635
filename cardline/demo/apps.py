from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "cardline.demo"
    label = "demo"
