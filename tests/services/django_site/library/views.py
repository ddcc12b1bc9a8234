"""The site's pages and its API."""

import csv
import io
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from library.forms import ConfirmForm, ImportForm, RequestForm, SignUpForm
from library.models import Book, Key, Request, SignUp


def page(request: HttpRequest, title: str, form: Any, **more: Any) -> HttpResponse:
    """A page with one form."""
    return render(request, "page.html", {"title": title, "form": form, **more})


def sign_up(request: HttpRequest) -> HttpResponse:
    """Keep the address, and mail the link; who asks again is sent it again."""
    form = SignUpForm(request.POST or None)
    if not form.is_valid():
        return page(request, "Sign up", form)
    wanted, _ = SignUp.objects.get_or_create(email=form.cleaned_data["email"])
    link = request.build_absolute_uri(reverse("confirm", args=[wanted.token]))
    send_mail("Your account", f"Welcome! Choose a password at {link}.", None, [wanted.email])
    return redirect("sent")


def sent(request: HttpRequest) -> HttpResponse:
    """Say that the mail is under way."""
    return render(request, "sent.html")


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account that a mailed link stands for; the link stays good, and makes it once."""
    wanted = get_object_or_404(SignUp, token=token)
    form = ConfirmForm(request.POST or None)
    if not form.is_valid():
        return page(request, "Choose a password", form)
    with transaction.atomic():
        SignUp.objects.select_for_update().get(pk=wanted.pk)
        if not User.objects.filter(username=wanted.email).exists():
            user = User.objects.create_user(wanted.email, wanted.email, form.cleaned_data["password"])
            Key.objects.create(reader=user)
    return redirect("login")


@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """The reader's own wishes, and the key for the API."""
    own = Request.objects.filter(reader=request.user).order_by("title")
    return render(request, "requests.html", {"requests": own, "key": Key.objects.get(reader=request.user).secret})


@login_required
def new_request(request: HttpRequest) -> HttpResponse:
    """Take a wish, once for each form that was shown."""
    form = RequestForm(request.POST or None)
    if not form.is_valid():
        return page(request, "Wish for a book", form)
    values = dict(form.cleaned_data)
    Request.objects.get_or_create(reader=request.user, ticket=values.pop("ticket"), defaults=values)
    return redirect("requests")


@login_required
def import_books(request: HttpRequest) -> HttpResponse:
    """Import a shelf."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return page(request, "Import", form, upload=True)
    take(request.user, form.cleaned_data["file"].read().decode())
    return redirect("requests")


def take(reader: Any, text: str) -> int:
    """Keep the books of a CSV file that are not there yet."""
    rows = list(csv.DictReader(io.StringIO(text)))
    books = [Book(reader=reader, isbn=row["isbn"], title=row["title"]) for row in rows]
    Book.objects.bulk_create(books, ignore_conflicts=True)
    return len(books)


def reader_of(request: HttpRequest) -> Any:
    """Whose key a request to the API has."""
    return get_object_or_404(Key, secret=request.headers.get("X-Api-Key", "")).reader


@csrf_exempt
def api_books(request: HttpRequest) -> JsonResponse:
    """The reader's books; POST imports a file of them."""
    reader = reader_of(request)
    if request.method == "POST":
        take(reader, request.FILES["file"].read().decode())
    books = Book.objects.filter(reader=reader).order_by("isbn")
    return JsonResponse({"source": request.POST.get("source"), "books": [book.isbn for book in books]})
