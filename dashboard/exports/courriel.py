"""The alerts as a mail: plain text, and the same in minimal HTML. The same alerts give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from itertools import groupby

from dashboard.domain.avis import Avis
from dashboard.domain.formatage import compte, date_longue

COMMANDE = "python -m dashboard desabonne"


def courriel(avis: Sequence[Avis], lieu: str, de: str, pour: str, jeton: str, quand: datetime) -> EmailMessage:
    """The mail of one subscription. ``avis``: those that are new, at least one. ``lieu``: name of the territory.

    ``quand``: moment of the sending, with its zone. ``jeton``: what ends the subscription.
    """
    sceau = hashlib.sha256("\n".join([pour, jeton, *(a.cle for a in avis)]).encode()).hexdigest()[:32]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = de, pour
    message["Subject"] = f"Boussole, {lieu} : {compte(len(avis), 'nouvelle alerte', 'nouvelles alertes')}"
    message["Date"] = format_datetime(quand)
    message["Message-ID"] = f"<{sceau}@{de.rpartition('@')[2]}>"
    message["List-Unsubscribe"] = f"<mailto:{de}?subject=desabonne%20{jeton}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_texte(avis, lieu, jeton), cte="base64")
    message.add_alternative(_html(avis, lieu, jeton), subtype="html", cte="base64")
    message.set_boundary(f"boussole-{sceau}")
    return message


def _titre(avis: Sequence[Avis], lieu: str) -> str:
    arrete = date_longue(avis[0].dossier.arrete)
    return f"{lieu}, au {arrete} : {compte(len(avis), 'nouvelle alerte', 'nouvelles alertes')}"


def _fin(jeton: str) -> str:
    return (
        "Pour ne plus recevoir ces messages, répondre à celui-ci, ou faire lancer par l'exploitant : "
        f"{COMMANDE} {jeton}"
    )


def _groupes(avis: Sequence[Avis]) -> list[tuple[str, list[str]]]:
    return [(libelle, [a.phrase for a in siens]) for libelle, siens in groupby(avis, key=lambda a: a.alerte.libelle)]


def _texte(avis: Sequence[Avis], lieu: str, jeton: str) -> str:
    blocs = [
        "\n".join([libelle.upper(), *(f"- {p}" for p in phrases)]) for libelle, phrases in _groupes(avis)
    ]  # fmt: skip
    return "\n\n".join([_titre(avis, lieu), *blocs, _fin(jeton)]) + "\n"


def _html(avis: Sequence[Avis], lieu: str, jeton: str) -> str:
    blocs = "".join(
        f"<h2>{escape(libelle)}</h2><ul>{''.join(f'<li>{escape(p)}</li>' for p in phrases)}</ul>"
        for libelle, phrases in _groupes(avis)
    )
    titre = escape(_titre(avis, lieu))
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{titre}</title></head>'
        f"<body><h1>{titre}</h1>{blocs}<p>{escape(_fin(jeton))}</p></body></html>\n"
    )
