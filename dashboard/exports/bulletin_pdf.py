"""A bulletin as a PDF: tagged (PDF/UA-1), in French, the same bytes for the same week, nothing fetched."""

from __future__ import annotations

from typing import Any

from dashboard.domain.bulletin import Bulletin, Entree
from dashboard.domain.formatage import date_longue
from dashboard.exports.bulletin_html import TEINTES
from dashboard.exports.code_qr import cachet_instantane
from dashboard.exports.portrait_pdf import Imprimeur


def bulletin_pdf(bulletin: Bulletin, contenu: str = "") -> bytes:
    """The PDF. ``contenu``: digest of the package it is part of, whose stamp it carries."""
    cachet = cachet_instantane(bulletin.semaine, bulletin.audience, contenu) if contenu else None
    return Imprimeur("bulletin.typ").pdf(_donnees(bulletin), cachet)


def _donnees(bulletin: Bulletin) -> dict[str, Any]:
    """Plain data: a label is text whatever it holds."""
    groupes = [
        {"mot": c.libelle, "encre": TEINTES[c][0], "fond": TEINTES[c][1], "entrees": [_entree(e) for e in siennes]}
        for c, siennes in bulletin.par_cause().items()
    ]
    arrete = bulletin.arrete
    return {
        "titre": f"Bulletin {bulletin.semaine}", "region": bulletin.region, "arrete": date_longue(arrete),
        "jour": [arrete.year, arrete.month, arrete.day], "semaine": bulletin.semaine,
        "phrase": bulletin.phrase, "groupes": groupes, "stables": bulletin.stables,
        "relances": [[r.producteur, r.attendu] for r in bulletin.relances],
    }  # fmt: skip


def _entree(e: Entree) -> dict[str, Any]:
    return {"titre": e.titre, "texte": e.texte, "droite": [x for x in (e.source, e.effet) if x]}
