"""The form, the page behind it, and what is said when the database is not there."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from club.models import Booking


class BookingForm(forms.ModelForm):
    """All that a guest writes."""

    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        """A booking's fields."""

        model = Booking
        fields = ("ticket", "room", "guest", "email", "first_day", "last_day", "seats", "remark")

    def validate_unique(self) -> None:
        """A form that was taken before is taken to be the same."""

    def clean(self) -> dict[str, Any]:
        """The days are in their order."""
        cleaned = super().clean()
        if "first_day" in cleaned and "last_day" in cleaned and cleaned["last_day"] < cleaned["first_day"]:
            self.add_error("last_day", "The last day is before the first.")
        return cleaned


def book(request: HttpRequest) -> HttpResponse:
    """Take a booking, once for each form that was shown; show it again with what is wrong."""
    form = BookingForm(request.POST or None)
    if not form.is_valid():
        return render(request, "page.html", {"form": form})
    values = dict(form.cleaned_data)
    booking, _ = Booking.objects.get_or_create(ticket=values.pop("ticket"), defaults=values)
    messages.success(request, "We look forward to you.")
    return redirect(f"/bookings/{booking.ticket}")


def booked(request: HttpRequest, ticket: uuid.UUID) -> HttpResponse:
    """Show a booking to whoever has its number."""
    return render(request, "booked.html", {"booking": get_object_or_404(Booking, ticket=ticket)})


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that it may be tried again; Django has logged what went wrong."""
    return HttpResponse("Try again later.", status=503)
