from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "cardline.files"
    label = "files"
