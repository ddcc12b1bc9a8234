"""A border's certificate: made once for all worlds of a run, trusted for its names alone, and asked of openssl."""

import asyncio
import ssl
import stat

import pytest

from hotfire.errors import SetupError
from hotfire.worlds.proxy import certificate
from hotfire.worlds.proxy.certificate import Certificate


def test_worlds_that_make_it_at_once_have_the_same(tmp_path) -> None:
    async def make() -> None:
        await asyncio.gather(*(Certificate.of(tmp_path, "db").make() for _ in range(3)))

    asyncio.run(make())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tls-db"]
    made = Certificate.of(tmp_path, "db")
    first = made.end_point
    asyncio.run(made.make())
    assert made.end_point == first
    assert not (made.folder / "ca.key").exists()
    assert stat.S_IMODE((made.folder / "server.key").stat().st_mode) == 0o600
    made.context()
    kept = ssl.create_default_context(cafile=made.authority)
    assert kept.cert_store_stats()["x509_ca"] > 0


def test_it_is_valid_as_strictly_as_openssl_can_be_asked(tmp_path) -> None:
    made = Certificate.of(tmp_path, "db")

    async def verify() -> int:
        await made.make()
        arguments = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip", "127.0.0.1", "-CAfile"]
        process = await asyncio.create_subprocess_exec(
            "openssl", *arguments, made.authority, made.folder / "server.pem"
        )
        return await process.wait()

    assert asyncio.run(verify()) == 0


def test_without_openssl_it_says_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(certificate.shutil, "which", lambda _: None)
    with pytest.raises(SetupError, match="openssl is not there") as caught:
        asyncio.run(Certificate.of(tmp_path, "db").make())
    assert "apt-get install openssl" in caught.value.hint


def test_any_name_of_a_dependency_will_do(tmp_path) -> None:
    made = Certificate.of(tmp_path, "../the\n[db]")
    asyncio.run(made.make())
    assert made.authority.parent.parent == tmp_path
    made.context()


def test_the_words_of_openssl_are_passed_on(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(certificate, "_CONFIG", "[nothing]\n")
    with pytest.raises(SetupError, match="openssl req failed") as caught:
        asyncio.run(Certificate.of(tmp_path, "db").make())
    assert "section authority" in caught.value.problem
