"""Members who are welcomed by a mail (psycopg on threads, smtplib).

Who has been welcomed is not welcomed again; a mail that may have been sent is sent under the same Message-ID.
"""

import os
import smtplib
from email.message import EmailMessage

import psycopg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    """Who becomes a member."""

    email: str


def connect() -> psycopg.Connection:
    """A connection of this request's own."""
    return psycopg.connect(os.environ["DATABASE_URL"])


def welcome(email: str) -> None:
    """Send the welcome mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "members@example.org", email, "Welcome"
    mail["Message-ID"] = f"<welcome-{email}>"
    mail.set_content(f"Hello! Begin at https://members.example/welcome/{email}.\n")
    with smtplib.SMTP(os.environ["MAIL_HOST"], int(os.environ["MAIL_PORT"])) as client:
        client.send_message(mail)


@app.post("/users", status_code=201)
def sign_up(user: User) -> dict[str, str]:
    """Keep a user, and welcome it."""
    with connect() as connection:
        connection.execute("INSERT INTO users (email) VALUES (%s) ON CONFLICT DO NOTHING", [user.email])
    with connect() as connection:
        one = connection.execute("SELECT welcomed FROM users WHERE email = %s FOR UPDATE", [user.email]).fetchone()
        if one and not one[0]:
            welcome(user.email)
            connection.execute("UPDATE users SET welcomed = true WHERE email = %s", [user.email])
    return {"email": user.email}


@app.get("/welcome/{email}")
def begin(email: str) -> dict[str, str]:
    """Where the mail leads."""
    with connect() as connection:
        if connection.execute("SELECT 1 FROM users WHERE email = %s", [email]).fetchone() is None:
            raise HTTPException(404)
    return {"email": email}
