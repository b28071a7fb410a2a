"""A bulletin as a mail: plain text, minimal HTML, its PDF, and the fingerprint of the package it comes from."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from dashboard.domain.bulletin import Bulletin
from dashboard.domain.formatage import date_longue


def courriel_bulletin(
    bulletin: Bulletin, pdf: bytes | None, sceau: str, de: str, pour: str, quand: datetime
) -> EmailMessage:
    """The mail of one week to one address. ``sceau``: the seal of the package, told in full so that it can be proven
    later. ``quand``: moment of the sending, with its zone."""
    marque = hashlib.sha256("\n".join([pour, bulletin.semaine, sceau]).encode()).hexdigest()[:32]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = de, pour
    message["Subject"] = f"Boussole, {bulletin.region} : bulletin {bulletin.semaine}"
    message["Date"] = format_datetime(quand)
    message["Message-ID"] = f"<{marque}@{de.rpartition('@')[2]}>"
    message["List-Unsubscribe"] = f"<mailto:{de}?subject=desabonne%20bulletin>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_texte(bulletin, sceau), cte="base64")
    message.add_alternative(_html(bulletin, sceau), subtype="html", cte="base64")
    if pdf is not None:
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"bulletin-{bulletin.semaine}.pdf")
    return message


def _preuve(sceau: str) -> str:
    return f"Sceau de l'instantané (à conserver, il prouve ce qui a été publié) : {sceau}"


def _texte(bulletin: Bulletin, sceau: str) -> str:
    blocs = [f"{bulletin.region}, semaine {bulletin.semaine}, arrêté au {date_longue(bulletin.arrete)}", bulletin.texte]
    for cause, siennes in bulletin.par_cause().items():
        blocs.append("\n".join([cause.libelle.upper(), *(f"- {e.phrase}" for e in siennes)]))
    blocs.append(f"CE QUI N'A PAS BOUGÉ\n{bulletin.stables}")
    if bulletin.relances:
        blocs.append("\n".join(["À RELANCER", *(f"- {r.producteur} : {r.attendu}" for r in bulletin.relances)]))
    return "\n\n".join([*blocs, _preuve(sceau)]) + "\n"


def _html(bulletin: Bulletin, sceau: str) -> str:
    titre = escape(f"Bulletin {bulletin.semaine}, {bulletin.region}")
    groupes = "".join(
        f"<h2>{escape(cause.libelle)}</h2><ul>{''.join(f'<li>{escape(e.phrase)}</li>' for e in siennes)}</ul>"
        for cause, siennes in bulletin.par_cause().items()
    )
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{titre}</title></head>'
        f"<body><h1>{titre}</h1><p><strong>{escape(bulletin.texte)}</strong></p>{groupes}"
        f"<h2>Ce qui n'a pas bougé</h2><p>{escape(bulletin.stables)}</p><p>{escape(_preuve(sceau))}</p></body></html>\n"
    )
