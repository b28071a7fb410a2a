"""A mail server of our own on the loopback, that keeps what it is given and refuses what it is told to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

MOT_DE_PASSE = "Tr0uv@ble"
SANS_TLS = "ignore:Requiring AUTH while not requiring TLS:UserWarning"
"""A password without encryption: on the loopback, that is what these tests want."""


@dataclass
class Boite:
    """``recus``: messages by recipient, in order. ``refus``: recipient -> answer. ``reponse``: to every message."""

    refus: dict[str, str] = field(default_factory=dict)
    reponse: str = "250 OK"
    recus: list[tuple[str, EmailMessage]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, _s: Any, _c: Any, enveloppe: Any, adresse: str, _o: Any) -> str:
        if adresse in self.refus:
            return self.refus[adresse]
        enveloppe.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, _s: Any, _c: Any, enveloppe: Any) -> str:
        if self.reponse.startswith("250"):
            lu = message_from_bytes(enveloppe.content, policy=default)
            assert isinstance(lu, EmailMessage)
            self.recus += [(a, lu) for a in enveloppe.rcpt_tos]
        return self.reponse


def port_libre() -> int:
    """A port of the loopback on which nothing listens."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@contextmanager
def serveur_courrier(*, mot_de_passe: str | None = None) -> Iterator[Boite]:
    """The server, on a free port; ``mot_de_passe``: what it asks of anyone before taking a message."""
    boite = Boite()

    def verifie(_serveur: Any, _session: Any, _enveloppe: Any, _mecanisme: str, donnees: Any) -> AuthResult:
        return AuthResult(success=donnees.password == (mot_de_passe or "").encode(), handled=False)

    ferme = {"authenticator": verifie, "auth_required": True, "auth_require_tls": False} if mot_de_passe else {}
    boite.port = port_libre()
    controleur = Controller(boite, hostname="127.0.0.1", port=boite.port, **ferme)
    controleur.start()
    try:
        yield boite
    finally:
        controleur.stop()
