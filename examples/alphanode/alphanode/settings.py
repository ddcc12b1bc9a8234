"""What the environment tells the service, read once at import."""

import os
from dataclasses import dataclass


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


settings = Settings(
    database_url=os.environ["DATABASE_URL"],
    secret_key=os.environ["SECRET_KEY"],
    token_lifetime=int(os.environ.get("TOKEN_LIFETIME", "3600")),
    password_cost=int(os.environ.get("PASSWORD_COST", "14")),
    demo_password=os.environ.get("DEMO_PASSWORD"),
)
