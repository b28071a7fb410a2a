"""A small real web server on the loopback address, whose answers each test writes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dashboard.domain.source import Source


@dataclass(frozen=True)
class Demande:
    """What the client asked."""

    chemin: str
    parametres: Mapping[str, str]
    entetes: Mapping[str, str]


@dataclass(frozen=True)
class Rep:
    """What is answered. ``longueur``: Content-Length, when it must lie."""

    corps: bytes | str = b""
    code: int = 200
    entetes: Mapping[str, str] = field(default_factory=dict)
    longueur: int | None = None
    attend: threading.Event | None = None


def rep_json(document: Any, code: int = 200, **entetes: str) -> Rep:
    return Rep(json.dumps(document), code, {"Content-Type": "application/json", **entetes})


def rep_csv(texte: str | bytes, **entetes: str) -> Rep:
    return Rep(texte, 200, {"Content-Type": "text/csv", **entetes})


class Serveur:
    """Answers with ``repond(demande)``; remembers what was asked."""

    def __init__(self) -> None:
        self.demandes: list[Demande] = []
        self.repond: Callable[[Demande], Rep] = lambda demande: Rep(code=404)
        self._serveur = _Ecoute(("127.0.0.1", 0), _gestionnaire(self))
        threading.Thread(target=self._serveur.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def hote(self) -> str:
        return f"127.0.0.1:{self._serveur.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.hote}"

    def suite(self, *reponses: Rep) -> None:
        """One answer after the other; the last for ever."""
        self.repond = lambda demande: reponses[min(len(self.demandes), len(reponses)) - 1]

    def source(self, ou: str = "/donnees", nature: str = "http", /, **lecture: Any) -> Source:
        """A source read on this server, which its record allows."""
        return source(f"{self.url}{ou}", nature, hotes=(self.hote,), **lecture)

    def ferme(self) -> None:
        self._serveur.shutdown()
        self._serveur.server_close()


def source(url: str, connecteur: str = "http", attentes: Mapping[str, Any] | None = None, **lecture: Any) -> Source:
    """A source whose record allows no other host than those given."""
    return Source.model_validate(
        {
            "id": "essai", "nom": "Essai", "connecteur": connecteur, "url": url, "lecture": lecture,
            "licence": "Licence Ouverte 2.0", "rythme_mois": 12, "attentes": dict(attentes or {}),
        }
    )  # fmt: skip


class _Ecoute(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments: Any) -> None:
        """A client that hangs up is what some tests want."""


def _gestionnaire(serveur: Serveur) -> type[BaseHTTPRequestHandler]:
    class Gestionnaire(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            partie = urlsplit(self.path)
            demande = Demande(partie.path, dict(parse_qsl(partie.query, keep_blank_values=True)), dict(self.headers))
            serveur.demandes.append(demande)
            self._envoie(serveur.repond(demande))

        def _envoie(self, rep: Rep) -> None:
            if rep.attend:
                rep.attend.wait(10)
            corps = rep.corps.encode() if isinstance(rep.corps, str) else rep.corps
            self.send_response(rep.code)
            for nom, valeur in rep.entetes.items():
                self.send_header(nom, valeur)
            if "Transfer-Encoding" not in rep.entetes:
                self.send_header("Content-Length", str(len(corps) if rep.longueur is None else rep.longueur))
            if rep.longueur is not None or "Transfer-Encoding" in rep.entetes:
                self.close_connection = True
            self.end_headers()
            self.wfile.write(corps)

        def log_message(self, *arguments: Any) -> None:
            """Silent."""

    return Gestionnaire
