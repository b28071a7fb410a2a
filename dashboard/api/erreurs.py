"""What the interface answers when it cannot: RFC 9457, one French sentence: thing, value, remedy."""

from __future__ import annotations

import json

from starlette.responses import Response

TYPE_PROBLEME = "application/problem+json"
TITRES = {
    304: "Inchangé", 400: "Demande mal formée", 404: "Introuvable", 405: "Méthode non admise", 406: "Format non servi",
    503: "Indisponible",
}  # fmt: skip
EN_PANNE = "Les données ne peuvent pas être lues en ce moment. Réessayer plus tard, puis prévenir l'exploitant."
OCCUPEE = "Trop de demandes en même temps. Réessayer dans une seconde."
_LONGUEUR = 80


class Probleme(Exception):
    """A request that cannot be served as it is. ``detail``: what the reader gets."""

    def __init__(self, statut: int, detail: str) -> None:
        super().__init__(detail)
        self.statut, self.detail = statut, detail


def cite(valeur: str) -> str:
    """A value as it may be told back: one short line between guillemets."""
    plat = "".join(c if c.isprintable() else "�" for c in valeur[:_LONGUEUR])
    return f"« {plat}{'…' if len(valeur) > _LONGUEUR else ''} »"


def introuvable(quoi: str, valeur: str, ou: str) -> Probleme:
    """Unknown and closed look the same: nothing here depends on which. ``ou``: where the known ones are listed."""
    return Probleme(404, f"{quoi} {cite(valeur)} introuvable. La liste est à {ou}.")


def reponse_probleme(probleme: Probleme, entetes: dict[str, str] | None = None) -> Response:
    """The problem as JSON, never kept by a cache."""
    contenu = {
        "type": "about:blank",
        "title": TITRES[probleme.statut],
        "status": probleme.statut,
        "detail": probleme.detail,
    }
    corps = json.dumps(contenu, ensure_ascii=False).encode()
    attente = {503: {"Retry-After": "1" if probleme.detail == OCCUPEE else "300"}}.get(probleme.statut, {})
    communs = {"Cache-Control": "no-store", **attente, **(entetes or {})}
    return Response(corps, probleme.statut, headers=communs, media_type=TYPE_PROBLEME)
