from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="freeze",
            name="until",
            field=models.DateTimeField(null=True),
        ),
    ]
