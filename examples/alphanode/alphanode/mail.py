"""Mail, over the relay beside us."""

import asyncio
import smtplib
from email.message import EmailMessage

from alphanode.settings import settings

SENDER = "alphanode <site@alphanode.example>"
PATIENCE = 0.5


async def send(recipient: str, subject: str, body: str) -> None:
    """Send a mail, and return when the relay has taken it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, recipient, subject
    message.set_content(body)
    await asyncio.to_thread(_hand_over, message)


def _hand_over(message: EmailMessage) -> None:
    with smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=PATIENCE) as relay:
        relay.send_message(message)
