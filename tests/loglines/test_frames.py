"""Which lines of a traceback are the service's own."""

import pytest

from hotfire.loglines.frames import files_of, own_frames, packages_of

OF_THE_SERVICE = """\
ERROR:    Exception in ASGI application
Traceback (most recent call last):
  File "/venv/lib/python3.12/site-packages/starlette/routing.py", line 74, in app
    response = await f(request)
  File "/srv/shop/orders.py", line 30, in create
    connection.execute(INSERT, (title,))
    ~~~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^^^
  File "/venv/lib/python3.12/site-packages/psycopg/cursor.py", line 97, in execute
    raise ex.with_traceback(None)
psycopg.DataError: PostgreSQL text fields cannot contain NUL (0x00) bytes
"""

OF_THE_FRAMEWORK = """\
Traceback (most recent call last):
  File "/srv/shop/main.py", line 12, in timed
    response = await call_next(request)
  File "/opt/hotfire/worlds/zygote/zygote.py", line 500, in watched
    await app(scope, receive, send)
  File "<frozen importlib._bootstrap>", line 488, in _call
  File "/usr/lib/python3.12/json/__init__.py", line 238, in dumps
    **kw).encode(obj)
ValueError: Out of range float values are not JSON compliant: nan
"""


def test_a_line_of_the_service_stands_between_those_of_libraries() -> None:
    (frame,) = own_frames(OF_THE_SERVICE)
    assert (frame.file, frame.line, frame.place) == ("/srv/shop/orders.py", 30, "orders.create")


def test_a_middleware_that_passes_on_is_not_at_work() -> None:
    assert own_frames(OF_THE_FRAMEWORK) == ()


def test_a_group_of_exceptions_is_read_behind_its_margin() -> None:
    group = "\n".join(f"  | {line}" for line in OF_THE_SERVICE.splitlines())
    assert [frame.place for frame in own_frames(group)] == ["orders.create"]


def test_what_an_exceptions_message_shows_is_no_frame() -> None:
    refused = """\
Traceback (most recent call last):
  File "/venv/lib/python3.12/site-packages/fastapi/routing.py", line 815, in app
    raise validation_error
fastapi.exceptions.RequestValidationError: 1 validation error:
  {'type': 'finite_number', 'loc': ('body', 'qty'), 'input': nan}

  File "/srv/shop/orders.py", line 62, in create
    POST /orders

During handling of the above exception, another exception occurred:

"""
    assert own_frames(refused + OF_THE_FRAMEWORK) == ()
    assert own_frames(refused + OF_THE_SERVICE) == own_frames(OF_THE_SERVICE)


INSTALLED = OF_THE_SERVICE.replace("/srv/shop/", "/venv/lib/python3.12/site-packages/shop/")


def test_a_service_may_be_installed_among_the_libraries() -> None:
    assert own_frames(INSTALLED) == own_frames(INSTALLED, ("sho", "shopping")) == ()
    assert [frame.place for frame in own_frames(INSTALLED, ("shop",))] == ["orders.create"]
    module = INSTALLED.replace("/shop/orders.py", "/orders.py")
    assert [frame.place for frame in own_frames(module, ("orders",))] == ["orders.create"]


def test_the_files_of_libraries_are_told_too() -> None:
    assert [file.rpartition("/")[2] for file in files_of(OF_THE_SERVICE)] == ["routing.py", "orders.py", "cursor.py"]


@pytest.mark.parametrize(
    ("words", "packages"),
    [
        (["shop.main:app", ""], ("shop",)),
        (["shop:create_app()"], ("shop",)),
        (["django.core.wsgi:get_wsgi_application()", "shop.settings"], ("shop",)),
        (["gunicorn", "-k", "uvicorn.workers.UvicornWorker", "--bind", "127.0.0.1:8000", "shop.wsgi"], ("shop",)),
        (["/venv/bin/python", "-m", "shop"], ("shop",)),
        (["sh", "-c", "uvicorn shop.main:app --port 8000"], ("sh", "shop")),
    ],
)
def test_what_an_app_or_a_command_names(words: list[str], packages: tuple[str, ...]) -> None:
    assert packages_of(words) == packages
