"""Where everything is."""

from django.contrib.auth.views import LoginView
from django.urls import path

from library import views

urlpatterns = [
    path("sign-up", views.sign_up),
    path("sign-up/sent", views.sent, name="sent"),
    path("confirm/<str:token>", views.confirm, name="confirm"),
    path("sign-in", LoginView.as_view(template_name="page.html", extra_context={"title": "Sign in"}), name="login"),
    path("requests", views.requests, name="requests"),
    path("requests/new", views.new_request),
    path("import", views.import_books),
    path("api/books", views.api_books),
]
