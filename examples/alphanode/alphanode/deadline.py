"""Every request is answered in time: where the work does not come to an end, the answer is 503."""

import asyncio
import logging

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class Deadline:
    """Middleware: answers 503 for the application once `seconds` have passed without a response."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and wait for its response no longer than that."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False
        late = False

        async def pass_on(message: Message) -> None:
            nonlocal begun
            if not late:
                begun = True
                await send(message)

        work = asyncio.ensure_future(self.app(scope, receive, pass_on))
        await asyncio.wait({work}, timeout=self.seconds)
        if begun or work.done():
            await work
            return
        late = True
        log.error("%s %s: no answer within %g s", scope["method"], scope["path"], self.seconds)
        work.cancel()  # a driver whose server is silent may not let go, so it is not waited for
        work.add_done_callback(_forget)
        refusal = JSONResponse(
            {"detail": "This takes too long. Please send it again."}, status_code=503, headers={"Retry-After": "1"}
        )
        await refusal(scope, receive, send)


def _forget(work: asyncio.Future[None]) -> None:
    if not work.cancelled() and (problem := work.exception()):
        log.warning("ended after its deadline: %r", problem)
