"""What is answered."""

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_POST

from tasks.models import Task

render = engines["django"].from_string
LOGIN = render(
    "<form id=login method=post>{% csrf_token %}<input name=username><input name=password type=password></form>"
)
TASKS = render(
    "{% if planner %}<form id=new method=post>{% csrf_token %}<input name=title></form>"
    "{% else %}<a href=/login>Sign in</a>{% endif %}"
    "{% for task in tasks %}<p><a href=/tasks/{{ task.id }}>{{ task.title }}</a>"
    "<form id=delete method=post action=/tasks/{{ task.id }}/delete>{% csrf_token %}<button>Done</button></form>"
    "{% endfor %}"
)
TASK = render("<h1>{{ task.title }}</h1>")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session."""
    if request.method != "POST":
        return HttpResponse(LOGIN.render({}, request))
    user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
    if user is None:
        return HttpResponse(LOGIN.render({}, request), status=403)
    login(request, user)
    return redirect("/tasks")


def tasks(request: HttpRequest) -> HttpResponse:
    """The planner's tasks, and a new one; a visitor may sign in."""
    if not request.user.is_authenticated:
        return redirect("/login") if request.method == "POST" else HttpResponse(TASKS.render({}, request))
    if request.method == "POST":
        task = Task.objects.create(planner=request.user, title=request.POST["title"])
        return redirect(f"/tasks/{task.id}")
    return HttpResponse(TASKS.render({"planner": request.user, "tasks": request.user.task_set.all()}, request))


@login_required
def show(request: HttpRequest, number: int) -> HttpResponse:
    """One of the planner's tasks."""
    return HttpResponse(TASK.render({"task": get_object_or_404(Task, pk=number, planner=request.user)}, request))


@login_required
@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """A task that is done."""
    get_object_or_404(Task, pk=number, planner=request.user).delete()
    return redirect("/tasks")


urlpatterns = [
    path("login", sign_in),
    path("tasks", tasks),
    path("tasks/<int:number>", show),
    path("tasks/<int:number>/delete", delete),
]
