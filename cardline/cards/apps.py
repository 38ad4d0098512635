from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "cardline.cards"
    label = "cards"
