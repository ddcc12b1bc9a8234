"""Where everything is."""

from django.contrib.auth.views import LoginView
from django.urls import path

from bookshop import views

handler400 = views.bad_request
handler500 = views.unavailable
urlpatterns = [
    path("sign-in", LoginView.as_view(template_name="page.html")),
    path("basket", views.basket),
    path("basket/remove", views.remove),
]
