"""A twin's service behind its seal is served to another tool, which changes it as it likes."""

import asyncio

import httpx

from hotfire.cli.project import find_site
from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import Case, cases
from tests.corpus.served import served


def case(name: str) -> Case:
    return next(each for each in cases() if each.name == name)


async def ordered(nursery: Nursery) -> tuple[list[str], dict[str, object]]:
    """The paths of the document, and what the service says of an order that was made from outside."""
    with case("spent_voucher/good").laid_out() as project:
        async with served(find_site(project), nursery) as service:
            assert service
            async with httpx.AsyncClient(base_url=service.document.removesuffix("/openapi.json")) as client:
                document = (await client.get("/openapi.json")).json()
                made = (await client.post("/orders", json={"guest": "eve", "voucher": "FRIENDS"})).json()
                return list(document["paths"]), (await client.get(f"/orders/{made['code']}")).json()


def test_it_is_reached_from_outside_and_keeps_what_it_is_sent() -> None:
    with Nursery() as nursery:
        paths, order = asyncio.run(ordered(nursery))
    assert paths == ["/orders", "/orders/{code}"]
    assert order == {"guest": "eve", "cents": 1900}
