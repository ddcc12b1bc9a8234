"""Which address shows what."""

from django.urls import path

from library import views

urlpatterns = [path("sign-in", views.sign_in), path("shelves", views.shelves)]
