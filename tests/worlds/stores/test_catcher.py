"""The mails of a world as a store, over a real socket and the standard library's client."""

import asyncio
import smtplib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hotfire.worlds.proxy.border import Border
from hotfire.worlds.stores.smtp.catcher import Catcher
from tests.worlds.stores.conftest import Run


@asynccontextmanager
async def catching() -> AsyncIterator[tuple[Catcher, int, Border]]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    catcher, border = Catcher("mail"), Border("mail", lambda _name: None)
    await catcher.serve(listener, border)
    try:
        yield catcher, listener.getsockname()[1], border
    finally:
        await catcher.close()


def send(port: int, text: str, header: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.login("hotfire", "hotfire")
        client.sendmail("shop@example.org", ["ann@example.org"], f"{header}Subject: {text}\r\n\r\n{text}\r\n.dot\r\n")


def test_mails_are_rows_that_a_restore_takes_back(run: Run) -> None:
    async def play() -> None:
        async with catching() as (catcher, port, _):
            await asyncio.to_thread(send, port, "first")
            checkpoint = await catcher.checkpoint()
            await asyncio.to_thread(send, port, "second")
            (row,) = (await catcher.changes(checkpoint)).rows
            assert (row.store, row.table, row.before) == ("mail", "mail.messages", None)
            assert row.after is not None
            assert (row.after["subject"], row.after["body"]) == ("second", "second\n.dot")
            assert [letter.subject for letter in await catcher.letters(0)] == ["first", "second"]
            await catcher.restore(checkpoint)
            assert not (await catcher.changes(checkpoint)).rows
            await catcher.restore(0)
            assert not await catcher.letters(0)

    run(play())


def test_a_frozen_start_keeps_what_came_before(run: Run) -> None:
    async def play() -> None:
        async with catching() as (catcher, port, _):
            await asyncio.to_thread(send, port, "before")
            await catcher.freeze()
            await asyncio.to_thread(send, port, "after")
            assert len((await catcher.changes(0)).rows) == 1
            await catcher.restore(0)
            assert [letter.subject for letter in await catcher.letters(0)] == ["before"]
            await catcher.thaw()
            await catcher.restore(0)
            assert not await catcher.letters(0)

    run(play())


def test_a_client_that_dies_after_the_last_line_has_sent(run: Run) -> None:
    async def play() -> None:
        async with catching() as (catcher, port, border):
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall(
                b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\nSubject: s\r\n\r\nx\r\n.\r\n"
            )
            line.close()
            half = socket.create_connection(("127.0.0.1", port))
            half.sendall(b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\nSubject: half\r\n")
            half.close()
            await asyncio.to_thread(send, port, "later")
            border.cut_all()
            assert await border.drained(10.0)
            assert sorted(letter.subject for letter in await catcher.letters(0)) == ["later", "s"]

    run(play())


def test_one_mail_sent_again_is_one_and_two_that_read_alike_are_two(run: Run) -> None:
    async def play() -> None:
        async with catching() as (catcher, port, _):
            for header in ("Message-ID: <receipt-7@shop.example>\r\n", "Message-ID: <receipt-8@shop.example>\r\n", ""):
                await asyncio.to_thread(send, port, "receipt", header)
                await asyncio.to_thread(send, port, "receipt", header)
            assert len(await catcher.letters(0)) == 6
            assert len((await catcher.changes(0)).rows) == 1 + 1 + 2
            assert len((await catcher.changes(1)).rows) == 1 + 2

    run(play())
