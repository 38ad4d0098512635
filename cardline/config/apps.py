from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Stands last in INSTALLED_APPS: when it is ready, every model is loaded and the plugs can be filled."""

    name = "cardline.config"
    label = "config"

    def ready(self) -> None:
        from cardline.config import checks, plugs, signals  # noqa: F401 - registers system checks and receivers

        plugs.plug_in()
