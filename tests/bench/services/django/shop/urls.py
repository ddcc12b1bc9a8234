"""The endpoints."""

from django.urls import path

from shop import views

urlpatterns = [path("alive", views.alive), path("products", views.products), path("orders", views.place)]
