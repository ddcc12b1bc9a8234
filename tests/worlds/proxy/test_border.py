"""What a border knows of its connections, whatever their protocol."""

import asyncio

from hotfire.worlds.proxy.border import Border


class Connection:
    """One that does nothing."""


def test_connections_that_are_cut_have_ended_though_a_pool_opens_another_at_once():
    async def ended() -> tuple[bool, set[object]]:
        border, dead, new = Border("db", lambda _: None), Connection(), Connection()
        border.opened(dead)
        waiting = asyncio.ensure_future(border.ended({dead}, 60.0))  # noqa: TID251
        await asyncio.sleep(0)
        border.opened(new)
        border.closed(dead)
        return await waiting, border.sessions - {new}

    assert asyncio.run(ended()) == (True, set())


def test_connections_that_have_not_ended_at_the_deadline_are_told():
    async def ended() -> bool:
        border, stuck = Border("db", lambda _: None), Connection()
        border.opened(stuck)
        return await border.ended({stuck}, 0.0)

    assert asyncio.run(ended()) is False
