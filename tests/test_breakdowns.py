"""What broke behind an answer."""

from dataclasses import replace

import pytest

from hotfire.breakdowns import Breakdown, breakdown_of
from hotfire.model.history import History, LogLine
from hotfire.testing.baselines import history
from hotfire.testing.rows import reply
from tests.loglines.test_frames import OF_THE_FRAMEWORK, OF_THE_SERVICE


def logged(text: str) -> History:
    lines = [LogLine(process="web.0", text=line, at=0.1) for line in text.splitlines()]
    return replace(history(replies=[reply(500)]), logs=tuple(lines))


def of(history: History) -> Breakdown:
    return breakdown_of(history, history.replies[0])


def test_the_log_tells_the_exception_and_whose_code_it_came_from() -> None:
    told = of(logged(OF_THE_SERVICE))
    assert (told.kind, told.place, told.by_library) == ("DataError", "orders.create DataError", False)


def test_a_framework_may_fail_by_itself() -> None:
    assert of(logged(OF_THE_FRAMEWORK)).by_library


COMMITTED_BEHIND = """\
Traceback (most recent call last):
  File "/venv/lib/python3.12/site-packages/litestar/middleware/exceptions.py", line 158, in __call__
    await self.app(scope, receive, capture_response_started)
  File "/venv/lib/python3.12/site-packages/advanced_alchemy/extensions/litestar/plugins/asyncio.py", line 90, in handler
    await session.commit()
sqlalchemy.exc.DBAPIError: invalid byte sequence for encoding "UTF8": 0x00
"""
BARE_VIEW = """\
Traceback (most recent call last):
  File "/venv/lib/python3.12/site-packages/rest_framework/mixins.py", line 19, in create
    self.perform_create(serializer)
  File "/venv/lib/python3.12/site-packages/django/db/backends/utils.py", line 89, in _execute
    return self.cursor.execute(sql, params)
ValueError: A string literal cannot contain NUL (0x00) characters.
"""
IN_C = """\
Traceback (most recent call last):
  File "/venv/lib/python3.12/site-packages/somebodys/crud.py", line 5, in create
    cursor.execute(query)
psycopg2.errors.IntegrityError: a check
"""


@pytest.mark.parametrize("text", [COMMITTED_BEHIND, BARE_VIEW, IN_C])
def test_what_came_as_far_as_a_database_is_no_frameworks_failure(text: str) -> None:
    told = of(logged(text))
    assert told.behind
    assert not told.by_library


def test_a_frameworks_own_requests_are_no_client() -> None:
    text = OF_THE_FRAMEWORK.replace("/usr/lib/python3.12/json/", "/venv/site-packages/starlette/requests/")
    assert of(logged(text)).by_library


def test_a_service_that_is_installed_is_no_framework() -> None:
    failed = logged(OF_THE_SERVICE.replace("/srv/", "/venv/lib/python3.12/site-packages/").replace("psycopg", "other"))
    assert breakdown_of(failed, failed.replies[0]).frames == ()
    assert breakdown_of(failed, failed.replies[0], ("shop",)).place == "orders.create DataError"


def test_else_the_answer_shows_it() -> None:
    shown = of(history(replies=[reply(500, f"<pre>{OF_THE_SERVICE}</pre>")]))
    assert shown.exception.startswith("psycopg.DataError")
    assert shown.place == "orders.create DataError"


def test_nobody_told() -> None:
    told = of(history(replies=[reply(500)]))
    assert (told.told, told.by_library, told.place) == (False, False, "")
