"""The endpoints, plain views: over ASGI, Django runs them in a thread."""

import json

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from on_django.models import Announcement, Note


@csrf_exempt
@require_POST
def add(request):
    title = json.loads(request.body)["title"]
    note, _ = Note.objects.get_or_create(title=title)
    Announcement.objects.get_or_create(note=note, defaults={"text": f"new: {title}"})
    return JsonResponse(note.told(), status=201)


@csrf_exempt
@require_POST
def publish(_request, number):
    note = get_object_or_404(Note, pk=number)
    note.state = "public"
    note.save(update_fields=["state"])
    return JsonResponse(note.told())


@require_GET
def show(_request, number):
    return JsonResponse(get_object_or_404(Note, pk=number).told())


urlpatterns = [path("notes", add), path("notes/<int:number>/publish", publish), path("notes/<int:number>", show)]
