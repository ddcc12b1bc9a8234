"""What is answered."""

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.views.decorators.csrf import csrf_exempt

from library.models import Shelf

PAGE = engines["django"].from_string(
    "<form method=post>{% csrf_token %}<input name=name></form>"
    "<ul>{% for shelf in shelves %}<li>{{ shelf.name }}{% endfor %}</ul>"
)


@csrf_exempt
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session."""
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    if user is None:
        return HttpResponse(status=403)
    login(request, user)
    return HttpResponse(status=204)


@login_required
def shelves(request: HttpRequest) -> HttpResponse:
    """Show the shelves with the form; take a new one."""
    if request.method == "POST":
        Shelf.objects.get_or_create(reader=request.user, name=request.POST["name"])
        return redirect("/shelves")
    mine = Shelf.objects.filter(reader=request.user).order_by("name")
    return HttpResponse(PAGE.render({"shelves": mine}, request))
