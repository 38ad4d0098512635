"""Private notes. They live up here, in a table of the desk, so that nothing that talks to members can import them."""

from __future__ import annotations

from django.db import models


class Note(models.Model):
    """What colleagues write for each other about a case. Only grows; the text has passed the redactor."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("contact.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="notes_of_case")]

    def __str__(self) -> str:
        return f"note {self.pk}"
