"""The site's forms."""

import uuid

from django import forms
from django.contrib.auth.password_validation import validate_password

from library.models import Request


class SignUpForm(forms.Form):
    """An address to send the link to."""

    email = forms.EmailField()


class ConfirmForm(forms.Form):
    """The password of a new account."""

    password = forms.CharField(widget=forms.PasswordInput, validators=[validate_password])


class RequestForm(forms.ModelForm):
    """A book that is wanted."""

    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        """All that the reader writes."""

        model = Request
        fields = ["ticket", "title", "shelf", "urgent", "why"]


class ImportForm(forms.Form):
    """A reader's own shelf as CSV: isbn,title."""

    note = forms.CharField(required=False)
    file = forms.FileField()
