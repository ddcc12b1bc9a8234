"""The basket, and what is said when the database is not there."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from bookshop.models import Item


class ItemForm(forms.Form):
    """A book to be put into the basket."""

    title = forms.CharField(max_length=100)


@login_required
def basket(request: HttpRequest) -> HttpResponse:
    """Show the basket with its form; put one more book into it."""
    form = ItemForm(request.POST or None)
    if form.is_valid():
        Item.objects.get_or_create(reader=request.user, title=form.cleaned_data["title"])
        return redirect("/basket")
    items = Item.objects.filter(reader=request.user).order_by("title")
    return render(request, "page.html", {"items": items, "form": form})


@login_required
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take a book out of the basket."""
    Item.objects.filter(reader=request.user, title=request.POST.get("title", "")).delete()
    return redirect("/basket")


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that it may be tried again; Django has logged what went wrong."""
    return HttpResponse("Try again later.", status=503)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django takes each session that cannot be saved for one that was deleted: that is not the reader's fault."""
    if isinstance(exception, SessionInterrupted):
        return unavailable(request)
    return HttpResponse("This makes no sense.", status=400)
