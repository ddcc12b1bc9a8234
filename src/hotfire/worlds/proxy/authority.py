"""The authority of one run, which certifies partners' stand-ins: trusted by nobody else, gone with the run.

Made by trustme (the extra `partners`). The service reads it at `{images.ca}`, one certificate in one file: a client
that loads no bundle starts sooner.
"""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self, cast

from hotfire.errors import SetupError

_HERE = ("localhost", "127.0.0.1", "::1")


class _Blob(Protocol):
    def bytes(self) -> bytes: ...


class _Leaf(Protocol):
    @property
    def private_key_and_cert_chain_pem(self) -> _Blob: ...


class _Ca(Protocol):
    @property
    def cert_pem(self) -> _Blob: ...
    def issue_cert(self, *identities: str) -> _Leaf: ...


class Authority:
    """In a folder of the run's own."""

    def __init__(self, folder: Path, ca: _Ca) -> None:
        self._folder = folder
        self._ca = ca

    @classmethod
    def make(cls, run_directory: Path) -> Self:
        """Make it.

        Raises:
            SetupError: trustme is not installed.
        """
        try:
            import trustme  # noqa: PLC0415  # an extra: only services with partners over HTTP need it
        except ImportError:
            hint = 'install it beside hotfire: pip install "hotfire[partners]"'
            raise SetupError("a partner over HTTP is declared, and trustme is not installed", hint=hint) from None
        folder = run_directory / "partners"
        folder.mkdir(mode=0o711)
        authority = cls(folder, cast("_Ca", trustme.CA(organization_name="hotfire")))
        authority.file.write_bytes(authority._ca.cert_pem.bytes())
        return authority

    @property
    def file(self) -> Path:
        """What the service trusts."""
        return self._folder / "ca.pem"

    def certify(self, name: str, hosts: Sequence[str]) -> Path:
        """A key with its certificate for these hosts, and for this machine's own loopback, in one file.

        Raises:
            ValueError: one of them is no host.
        """
        file = self._folder / f"{name}.pem"
        file.touch(mode=0o600)
        leaf = self._ca.issue_cert(*dict.fromkeys((*hosts, *_HERE)))
        file.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
        return file


def serving(file: Path) -> ssl.SSLContext:
    """TLS with a certificate of the authority's, for HTTP/1.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.set_alpn_protocols(["http/1.1"])
    return context
