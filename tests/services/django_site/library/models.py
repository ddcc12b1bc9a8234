"""What the library keeps."""

import secrets

from django.conf import settings
from django.db import models


def new_key() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(24)


class SignUp(models.Model):
    """Somebody who wants an account and has not followed the mailed link yet."""

    email = models.EmailField(unique=True)
    token = models.CharField(max_length=64, default=new_key)
    asked = models.DateTimeField(auto_now_add=True)


class Key(models.Model):
    """A reader's key for the API."""

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    secret = models.CharField(max_length=64, default=new_key, unique=True)


class Request(models.Model):
    """A book that a reader wants the library to buy; `ticket` is the form's own number."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    ticket = models.UUIDField()
    title = models.CharField(max_length=200)
    shelf = models.CharField(max_length=20, choices=[("novels", "Novels"), ("science", "Science")])
    urgent = models.BooleanField(default=False)
    why = models.TextField(blank=True)

    class Meta:
        """A form is taken once."""

        constraints = [models.UniqueConstraint("reader", "ticket", name="one_request_a_form")]


class Book(models.Model):
    """A book of a reader's own shelf, as imported."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    isbn = models.CharField(max_length=13)
    title = models.CharField(max_length=200)

    class Meta:
        """A reader has each book once."""

        constraints = [models.UniqueConstraint("reader", "isbn", name="one_book_a_reader")]
