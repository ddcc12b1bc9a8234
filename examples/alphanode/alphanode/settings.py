"""What the environment tells the service, read once at import."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's settings; times in seconds."""

    database_url: str
    secret_key: str
    token_lifetime: int
    password_cost: int
    """scrypt's n is 2 to this power."""
    demo_password: str | None
    """The seeded users' password; without it nothing is seeded."""
    answer_within: float
    """No request is left without an answer for longer."""
    redis_url: str
    media_root: Path
    image_host: str
    image_host_key: str
    mail_host: str
    mail_port: int
    editors: str
    """The address that is told of what is to be reviewed."""


settings = Settings(
    database_url=os.environ["DATABASE_URL"],
    secret_key=os.environ["SECRET_KEY"],
    token_lifetime=int(os.environ.get("TOKEN_LIFETIME", "3600")),
    password_cost=int(os.environ.get("PASSWORD_COST", "14")),
    demo_password=os.environ.get("DEMO_PASSWORD"),
    answer_within=float(os.environ.get("ANSWER_WITHIN", "3")),
    redis_url=os.environ["REDIS_URL"],
    media_root=Path(os.environ["MEDIA_ROOT"]),
    image_host=os.environ.get("IMAGE_HOST", "https://images.example"),
    image_host_key=os.environ["IMAGE_HOST_KEY"],
    mail_host=os.environ.get("MAIL_HOST", "localhost"),
    mail_port=int(os.environ.get("MAIL_PORT", "25")),
    editors=os.environ.get("EDITORS", "editors@alphanode.example"),
)
