"""Processor time from the fork of a process to its first response: zygote's share and child's."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hotfire.worlds.driver import http
from hotfire.worlds.processes import NotWarm, ServiceProcess, Zygote
from tests.bench.bare import DEADLINE, get
from tests.bench.benched import FASTAPI
from tests.bench.figures import Figures, middle
from tests.bench.machine import parent, threads_ms

PORT, ROUNDS = 8000, 15


@asynccontextmanager
async def standing() -> AsyncIterator[dict[str, Zygote]]:
    """A clean zygote that has learned what children import late, and a warm generation of it."""
    clean = await Zygote.launch(
        sys.executable, FASTAPI.folder, {"DATABASE_URL": f"{FASTAPI.scheme}127.0.0.1:5432/none"}
    )
    try:
        await clean.import_app("service:app")
        process = await _start(clean)
        await _ask(clean)
        await clean.preload(await process.modules())
        warm = await clean.warm(process)
        if isinstance(warm, NotWarm):
            raise RuntimeError(f"no warm generation: {warm.reason}")  # noqa: TRY004  # no mistake of a caller's
        yield {"clean": clean, "warm": warm}
        await warm.close()
    finally:
        await clean.close()


async def _start(zygote: Zygote) -> ServiceProcess:
    process = await zygote.start("web.0", PORT)
    await process.ready(DEADLINE)
    return process


async def _ask(zygote: Zygote) -> None:
    answered = await http.finish(await http.begin(get("/alive"), PORT, zygote.socket), DEADLINE)
    if answered.status != 200:
        raise RuntimeError(f"no first response: {answered.status} {answered.cut}")


async def measure(zygotes: dict[str, Zygote], figures: Figures) -> None:
    """The figure of starts, by turns from either zygote; the clean one's is the one with a goal."""
    spans: dict[str, list[float]] = {name: [] for name in zygotes}
    for _ in range(ROUNDS):
        for name, zygote in zygotes.items():
            spans[name].append(await _start_ms(zygote))
    figures.values["start_cpu_ms"] = middle(spans["clean"])
    figures.details |= {f"start_{name}_cpu_ms": middle(values) for name, values in spans.items()}


async def _start_ms(zygote: Zygote) -> float:
    process = await _start(zygote)
    await _ask(zygote)
    await process.quiet(DEADLINE)
    taken = threads_ms(process.pid)
    process.kill()
    await process.exited(DEADLINE)
    return taken + await _fork_ms(zygote)


async def _fork_ms(zygote: Zygote) -> float:
    """What one start costs the zygote itself."""
    process = await zygote.start("web.0", PORT)
    pid = parent(process.pid)
    process.kill()
    await process.exited(DEADLINE)
    before = threads_ms(pid)
    process = await zygote.start("web.0", PORT)
    taken = threads_ms(pid) - before
    process.kill()
    await process.exited(DEADLINE)
    return taken
