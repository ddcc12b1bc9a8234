"""What is kept."""

from django.conf import settings
from django.db import models


class Task(models.Model):
    """One thing to be done."""

    planner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    title = models.CharField(max_length=200)

    class Meta:
        """Which application it belongs to."""

        app_label = "tasks"
