"""The application, for ASGI."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "on_django.settings")
application = get_asgi_application()
