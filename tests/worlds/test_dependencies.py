"""Kinds of dependencies: one file each, found by scanning; each says to the service where it is."""

import asyncio
import inspect
import json
import sys
from pathlib import Path

import msgspec
import pytest

from hotfire.config import Config, Dependency, Service
from hotfire.errors import HotfireError, SetupError, UsageError
from hotfire.worlds import dependencies
from hotfire.worlds.dependencies import Holding, hold_all, kinds
from hotfire.worlds.dependencies.http import HttpHolding
from hotfire.worlds.dependencies.postgres import Grant as PostgresGrant
from hotfire.worlds.dependencies.sqlite import Grant as SqliteGrant
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.key import Project
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.stores.address import Address
from hotfire.worlds.stores.partner.stub import TEMPLATE

SERVER = Address(host="/run/pg", port=5432, user="super")
POSTGRES = PostgresGrant(superuser=SERVER, service=SERVER.as_user("plain", ""), version=18, database="w0", template="t")
SQLITE = SqliteGrant(path="/run/w0/cache.sqlite3", template="/run/template.sqlite3", first=1)


def held() -> dict[str, Holding]:
    names = {"db": "postgres", "other": "postgres", "cache": "sqlite"}
    grants: dict[str, PostgresGrant | SqliteGrant] = {"db": POSTGRES, "other": POSTGRES, "cache": SQLITE}
    return hold_all(
        [Dependency(name=name, kind=kind) for name, kind in names.items()],
        {name: msgspec.json.encode(grant).decode() for name, grant in grants.items()},
        "/run",
        lambda _: None,
        {},
    )


def test_every_file_is_a_kind_that_explains_itself() -> None:
    assert set(kinds()) == {"files", "http", "postgres", "redis", "smtp", "sqlite"}
    for name in kinds():
        module = sys.modules[f"{dependencies.__name__}.{name}"]
        assert (inspect.getdoc(module) or "").startswith(f"{name}: ")


def test_borders_of_one_kind_listen_at_ports_in_a_row() -> None:
    assert [held()[name].fields["port"] for name in ("db", "other")] == ["5432", "5433"]


def test_each_kind_says_where_it_is() -> None:
    assert held()["db"].fields["url"] == "postgresql://plain:hotfire@127.0.0.1:5432/app"
    assert held()["cache"].fields == {"path": "/run/w0/cache.sqlite3", "url": "sqlite:////run/w0/cache.sqlite3"}
    assert held()["cache"].settings == {"HOTFIRE_SQLITE_5800": "/run/w0/cache.sqlite3"}
    assert held()["db"].settings == {}


def test_only_what_is_inside_of_the_process_has_no_way_to_lose_messages_on() -> None:
    assert {name: each.embedded for name, each in held().items()} == {"db": False, "other": False, "cache": True}


@pytest.mark.parametrize("name", ["db", "cache"])
def test_what_a_person_looks_at(name: str) -> None:
    assert next(iter(held()[name].sights().values())).endswith({"db": "port=5432", "cache": "cache.sqlite3"}[name])


def no_reuse(run: RunDirectory, folder: Path | None = None) -> Reuse:
    project = Project(
        folder=folder or run.path, launch=run.path, config=Config(service=Service()), python=sys.executable
    )
    return Reuse(project=project, say=lambda _: None)


def test_each_file_of_a_run_has_a_folder_a_template_and_a_copy_for_each_world() -> None:
    async def story(run: RunDirectory) -> None:
        kind = kinds()["sqlite"]
        grounds = [await kind.begin(Dependency(name=name, kind="sqlite"), run, no_reuse(run)) for name in ("a", "b")]
        for ground in grounds:
            await ground.make_template()
            await ground.keep_template()
        grants = {ground.grant(world) for ground in grounds for world in ("", "w0", "w1")}
        assert len(grants) == 6
        for ground in grounds:
            await ground.stop()

    run = RunDirectory.open()
    try:
        asyncio.run(story(run))
    finally:
        run.close()


@pytest.mark.parametrize(
    ("declared", "said", "hint"),
    [
        (Dependency(name="media", kind="files"), "names no folder", "{media.path}"),
        (Dependency(name="media", kind="files", folder="a.txt"), "is no folder", "it lies in"),
        (Dependency(name="media", kind="files", folder="."), "holds the whole project", "its files only"),
        (Dependency(name="media", kind="files", folder="m", server="x"), "names a server", "{media.path}"),
    ],
)
def test_a_folder_of_files_must_be_one(tmp_path: Path, declared: Dependency, said: str, hint: str) -> None:
    (tmp_path / "a.txt").write_text("")
    run = RunDirectory.open()
    try:
        with pytest.raises(UsageError, match=said) as refused:
            asyncio.run(kinds()["files"].begin(declared, run, no_reuse(run, tmp_path)))
        assert hint in refused.value.hint
    finally:
        run.close()


def test_a_link_out_of_a_folder_is_refused_before_anything_can_be_changed_there(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "inside").symlink_to("elsewhere.txt")
    (tmp_path / "media" / "out").symlink_to("../a")
    run = RunDirectory.open()

    async def begin() -> None:
        declared = Dependency(name="media", kind="files", folder="media")
        ground = await kinds()["files"].begin(declared, run, no_reuse(run, tmp_path))
        await ground.make_template()

    try:
        with pytest.raises(SetupError, match=r"media/out is a link out of its folder, to \.\./a"):
            asyncio.run(begin())
    finally:
        run.close()


def test_a_file_has_no_server() -> None:
    run = RunDirectory.open()
    try:
        with pytest.raises(UsageError, match="names a server") as refused:
            asyncio.run(
                kinds()["sqlite"].begin(Dependency(name="db", kind="sqlite", server="/usr/bin"), run, no_reuse(run))
            )
        assert "{db.path}" in refused.value.hint
    finally:
        run.close()


def declared(**more: object) -> Dependency:
    return Dependency(name="images", kind="http", **more)


def begun(dependency: Dependency, launch: Path) -> HttpHolding:
    """A partner in a world, as far as that goes without a zygote."""
    run = RunDirectory.open()
    try:
        project = Project(folder=launch.parent, launch=launch, config=Config(service=Service()), python=sys.executable)
        ground = asyncio.run(kinds()["http"].begin(dependency, run, Reuse(project=project, say=lambda _: None)))
        holding = hold_all([dependency], {"images": ground.grant("w0")}, str(run.path), lambda _: None, {})["images"]
        assert isinstance(holding, HttpHolding)
        assert Path(holding.fields["ca"]).read_text().count("BEGIN CERTIFICATE") == 1
        return holding
    finally:
        run.close()


@pytest.mark.parametrize("stub", ["", "launch/stubs.py:images", "launch.stubs:images"])
def test_a_partner_says_where_it_is_and_which_hosts_lead_there(tmp_path: Path, stub: str) -> None:
    (tmp_path / "launch").mkdir()
    (tmp_path / "launch" / "stubs.py").write_text(TEMPLATE.format(name="images"))
    holding = begun(declared(hosts=("images.example",), stub=stub), tmp_path / "launch")
    assert {key: holding.fields[key] for key in ("url", "host", "port")} == {
        "url": "http://127.0.0.1:8443",
        "host": "127.0.0.1",
        "port": "8443",
    }
    told = json.loads(holding.settings["HOTFIRE_PARTNER_IMAGES"])
    assert told == {"hosts": {"images.example": 8443}, "ca": holding.fields["ca"]}


@pytest.mark.parametrize(
    ("text", "more", "problem", "hint"),
    [
        (None, {}, "images has no stand-in: there is no ", "async def images(scope, receive, send):"),
        ("x = 1", {}, "stubs.py has no images", "async def images("),
        ("import nowhere", {}, "stubs.py:1: ModuleNotFoundError: No module named 'nowhere'", "hotfire's Python"),
        ("images = 3", {}, "stubs.py: images is no ASGI application", "async def images("),
        (
            "",
            {"hosts": ("https://images.example",)},
            "'https://images.example' is no host",
            'hosts = ["images.example"]',
        ),
        (
            TEMPLATE.format(name="images"),
            {"hosts": ("-.a",)},
            "hosts: -.a cannot be certified",
            'hosts = ["images.example"]',
        ),
        ("", {"reads": ("/search",)}, "reads: '/search' is no method and path", 'reads = ["POST /v1/search"]'),
        ("", {"idempotency": "v3"}, "idempotency is 'v3'", "v1, v2, none"),
        ("", {"server": "/usr/bin"}, "names a server", "take the line out"),
    ],
)
def test_a_partner_that_cannot_be_played_is_refused(tmp_path: Path, text, more, problem: str, hint: str) -> None:
    if text is not None:
        (tmp_path / "stubs.py").write_text(text)
    with pytest.raises(HotfireError) as refused:
        begun(declared(**more), tmp_path)
    assert problem in refused.value.problem
    assert hint in refused.value.hint
    assert refused.value.exit_code == 4


def test_a_host_leads_to_one_partner(tmp_path: Path) -> None:
    (tmp_path / "stubs.py").write_text(TEMPLATE.format(name="images") + TEMPLATE.format(name="covers"))
    project = Project(folder=tmp_path, launch=tmp_path, config=Config(service=Service()), python=sys.executable)
    reuse, run = Reuse(project=project, say=lambda _: None), RunDirectory.open()
    try:
        asyncio.run(kinds()["http"].begin(declared(hosts=("*.images.example",)), run, reuse))
        covers = Dependency(name="covers", kind="http", hosts=("*.images.example",))
        with pytest.raises(UsageError, match="images and covers both have the host"):
            asyncio.run(kinds()["http"].begin(covers, run, reuse))
    finally:
        run.close()
