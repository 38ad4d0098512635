from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "cardline.staff"
    label = "staff"
