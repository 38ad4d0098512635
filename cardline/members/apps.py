from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "cardline.members"
    label = "members"
