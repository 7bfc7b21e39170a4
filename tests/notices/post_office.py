"""A real SMTP server for tests, which can be told to fail."""

from __future__ import annotations

import asyncio
import socket
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class PostOffice:
    """Keeps what it accepted. `answers` are given to the next mails in turn: "250 …", "451 …", "550 …", "hang" or "drop"; then all are accepted."""

    def __init__(self) -> None:
        self.accepted: list[Message] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else "250 kept"
        if answer == "hang":
            await asyncio.sleep(3)
            return "451 too late"
        if answer == "drop" or answer.startswith("250"):
            self.accepted.append(message_from_bytes(envelope.content, policy=default))
        if answer == "drop":
            server.transport.abort()
        return answer


def opened(office: PostOffice) -> Controller:
    """The server, listening on a free port of the loopback interface."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    return controller
