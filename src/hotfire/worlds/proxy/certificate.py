"""A certificate for a border, and the authority that signed it: made for one run, trusted by nobody else.

The service reads the authority at `{db.ca}`. Made by the program `openssl` (1.1.1 or newer): Python's standard library
can read certificates and cannot make them.
"""

import asyncio
import hashlib
import os
import re
import shutil
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hotfire.errors import SetupError

_HINT = "install it (apt-get install openssl), or let the service's configuration do without TLS"
_CONFIG = """\
[req]
distinguished_name = name
prompt = no
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
# libpq before 15 looks for an address among the names
subjectAltName = IP:127.0.0.1, IP:::1, DNS:localhost, DNS:127.0.0.1, DNS:{name}
"""
_HOST = re.compile(r"[A-Za-z0-9_-]{1,60}")
_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -config config"
_SIGNED = "-CA ca.pem -CAkey ca.key -set_serial 2 -sha256 -days 3650"
_COMMANDS = (
    f"req -x509 {_KEY} -extensions authority -days 3650 -subj /CN=hotfire -keyout ca.key -out ca.pem",
    f"req -new {_KEY} -subj /CN={{name}} -keyout server.key -out server.csr",
    f"x509 -req {_SIGNED} -extfile config -extensions server -in server.csr -out server.pem",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A border's, in the folder of its run; all worlds of the run have the same."""

    folder: Path
    name: str

    @classmethod
    def of(cls, run_directory: Path, dependency: str) -> "Certificate":
        """Where it lies; it need not be there."""
        name = dependency if _HOST.fullmatch(dependency) else "localhost"
        return cls(folder=run_directory / f"tls-{name}", name=name)

    @property
    def authority(self) -> Path:
        """The file that the service trusts."""
        return self.folder / "ca.pem"

    @property
    def end_point(self) -> bytes:
        """What SCRAM binds to: the certificate's SHA-256 (RFC 5929 section 4.1; it is signed with SHA-256)."""
        text = (self.folder / "server.pem").read_text(encoding="ascii")
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).digest()

    def context(self) -> ssl.SSLContext:
        """TLS as a PostgreSQL server speaks it: ALPN for libpq's sslnegotiation=direct, no session tickets."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        context.set_alpn_protocols(["postgresql"])
        context.num_tickets = 0
        return context

    async def make(self) -> None:
        """Make it, unless another world of the run has.

        Raises:
            SetupError: there is no `openssl`, or it fails.
        """
        if self.authority.exists():
            return
        fresh = Path(tempfile.mkdtemp(prefix=".tls-", dir=self.folder.parent))
        (fresh / "config").write_text(_CONFIG.format(name=self.name), encoding="ascii")
        for command in _COMMANDS:
            await _openssl(fresh, command.format(name=self.name).split())
        self._keep(fresh)

    def _keep(self, fresh: Path) -> None:
        (fresh / "ca.key").unlink()  # signs nothing any more
        fresh.chmod(0o711)
        try:
            fresh.rename(self.folder)
        except OSError:  # another world was faster: its certificate is ours too
            shutil.rmtree(fresh)


async def _openssl(folder: Path, arguments: list[str]) -> None:
    program = shutil.which("openssl")
    if program is None:
        raise SetupError("the service wants TLS to its database, and openssl is not there to certify it", hint=_HINT)
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        cwd=folder,
        env={**os.environ, "OPENSSL_CONF": "config"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise SetupError(f"openssl {arguments[0]} failed:\n{said.decode(errors='replace')}", hint=_HINT)
