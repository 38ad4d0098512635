from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cardline.cases"
    label = "cases"
