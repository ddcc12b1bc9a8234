"""The benched services: one shop, written by three teams, each with the server that it is started by."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
UVICORN = ("uvicorn", "service:app", "--port", "{port}")
GUNICORN = ("gunicorn", "--workers", "1", "--bind", "127.0.0.1:{port}", "--no-control-socket")


@dataclass(frozen=True, slots=True, kw_only=True)
class Benched:
    """A project, the module and arguments by which its team starts it, and its database URL's scheme."""

    folder: Path
    command: tuple[str, ...]
    scheme: str = "postgresql://"

    @property
    def launch(self) -> Path:
        """The critical path, which is the same for all."""
        return HERE / "service" / "launch"


FASTAPI = Benched(folder=HERE / "service", command=UVICORN, scheme="postgresql+psycopg://")
SERVICES = {
    "fastapi": FASTAPI,
    "django": Benched(folder=HERE / "services" / "django", command=(*GUNICORN, "shop.wsgi:application")),
    "flask": Benched(folder=HERE / "services" / "flask", command=(*GUNICORN, "service:app")),
}
