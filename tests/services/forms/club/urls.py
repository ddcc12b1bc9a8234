"""Where everything is."""

from django.urls import path

from club import views

handler500 = views.unavailable
urlpatterns = [path("book", views.book), path("bookings/<uuid:ticket>", views.booked)]
