"""A service whose .env names other hosts for Postgres, HTTP and SMTP sends no packet there (DESIGN §7)."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from hotfire.reports.archive import load_run
from tests.robust.project import PATHS, SERVICE, project

OUTSIDE = "192.0.2.1"  # kept for documentation (RFC 5737): nobody lives there
AT_ONCE = 3.0  # seconds: a sealed try fails in microseconds, one that waits for an answer takes ten times this

PROBES = """\

import smtplib
import socket
import time
import urllib.request
from pathlib import Path

SETTINGS = dict(line.split("=", 1) for line in Path(".env").read_text().splitlines())
os.environ.update({name: value for name, value in SETTINGS.items() if name != "DATABASE_URL"})  # as dotenv does
HOSTS = SETTINGS["HOSTS"].split(",")
POSTGRES, HTTP, SMTP, DNS = (int(SETTINGS[name]) for name in ("POSTGRES", "HTTP", "SMTP", "DNS"))


def ask_names(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(10)
        line.connect((host, DNS))
        line.send(b"\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x01a\\x00\\x00\\x01\\x00\\x01")
        line.recv(512)


TRIES = {
    "libpq": lambda host: psycopg.connect(f"host={host} port={POSTGRES} dbname=app user=app", connect_timeout=10),
    "http": lambda host: urllib.request.urlopen(f"http://{host}:{HTTP}/", timeout=10),
    "smtp": lambda host: smtplib.SMTP(host, SMTP, timeout=10),
    "dns": ask_names,
    "resolver": lambda host: socket.getaddrinfo(f"{host.replace('.', '-')}.example.org", 80),
}


@app.get("/probe")
def probe() -> dict:
    said = {}
    for name, attempt in TRIES.items():
        for host in HOSTS:
            begun = time.monotonic()
            try:
                attempt(host)
                problem = ""
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            said[f"{name} {host}"] = [problem, time.monotonic() - begun]
    return said
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """Sockets of this machine, outside of the seal, that hear whatever comes."""

    hosts: list[str]
    ports: dict[str, int]
    sockets: list[socket.socket]

    def heard(self) -> list[str]:
        """The addresses that were reached."""
        found = []
        for ear in self.sockets:
            ear.setblocking(False)
            try:
                ear.recvfrom(512) if ear.type == socket.SOCK_DGRAM else ear.accept()[0].close()
            except BlockingIOError:
                continue
            found.append(str(ear.getsockname()))
        return found


@contextmanager
def listening() -> Iterator[Ears]:
    """Ears on the loopback and on the address that this machine has in a network, if it is in one."""
    hosts = ["127.0.0.1"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        try:
            asker.connect((OUTSIDE, 9))  # sends nothing: it asks for the address that would be used
            hosts.append(asker.getsockname()[0])
        except OSError:
            pass  # no network at all
    with ExitStack() as stack:
        sockets, ports = [], {}
        for name in ("POSTGRES", "HTTP", "SMTP", "DNS"):
            kind = socket.SOCK_DGRAM if name == "DNS" else socket.SOCK_STREAM
            for host in hosts:
                ear = stack.enter_context(socket.socket(socket.AF_INET, kind))
                ear.bind((host, ports.get(name, 0)))
                ports[name] = ear.getsockname()[1]
                if kind == socket.SOCK_STREAM:
                    ear.listen()
                sockets.append(ear)
        yield Ears(hosts=hosts, ports=ports, sockets=sockets)


def test_nothing_is_sent_to_the_hosts_of_a_dot_env():
    with listening() as ears, project(service=SERVICE + PROBES, paths=PATHS + '    author.get("/probe")\n') as target:
        hosts = [*ears.hosts, OUTSIDE]
        lines = [f"HOSTS={','.join(hosts)}", *(f"{name}={port}" for name, port in ears.ports.items())]
        lines += [f"PGHOST={OUTSIDE}", f"HTTP_PROXY=http://{OUTSIDE}:3128", f"SMTP_HOST={OUTSIDE}"]
        (target.folder / ".env").write_text("\n".join([*lines, f"DATABASE_URL=postgresql://app@{OUTSIDE}/app"]) + "\n")
        ended = target.run("check", "-j", "1", "-p", "publish")
        assert "not sealed" not in ended.out, "this machine's kernel refuses the seal"
        assert ears.heard() == [], ended
        record = load_run(target.folder / ".hotfire")
        probes = [
            json.loads(history.replies[0].body)
            for baseline in record.baselines()
            if baseline.step.route == "/probe"
            for history in baseline.clean
        ]
    assert probes, ended
    for said in probes:
        assert len(said) == 5 * len(hosts)
        for attempt, (problem, seconds) in said.items():
            assert problem, f"{attempt} came through"
            assert seconds < AT_ONCE, (attempt, problem, seconds)


def test_a_service_that_takes_its_database_from_a_dot_env_is_told_why_it_fails():
    with listening() as ears:
        other = f'"postgresql://app@{ears.hosts[-1]}:{ears.ports["POSTGRES"]}/app"'
        with project(service=SERVICE.replace('os.environ["DATABASE_URL"]', other)) as target:
            ended = target.run("check", "-j", "1")
        assert ears.heard() == [], ended
    assert ended.code == 1, ended
    assert "answered 500" in ended.out
    assert "Network is unreachable" in ended.out or "Connection refused" in ended.out
