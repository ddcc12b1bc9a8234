"""The tables of the other services."""

# ruff: noqa: DJ008  # nobody reads them in an admin's page

from django.db import models


class Note(models.Model):
    title = models.TextField(unique=True)
    state = models.TextField(default="draft")

    class Meta:
        db_table = "notes"

    def told(self):
        return {"id": self.id, "title": self.title, "state": self.state}


class Announcement(models.Model):
    note = models.OneToOneField(Note, models.PROTECT, primary_key=True)
    text = models.TextField()

    class Meta:
        db_table = "announcements"
