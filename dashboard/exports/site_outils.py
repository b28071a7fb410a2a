"""The pages of the static site that serve the others: map, search, how to verify, accessibility and mentions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.domain.indicateur import Indicateur
from dashboard.domain.territoire import Maille
from dashboard.exports.site_lecture import Matiere
from dashboard.exports.site_rendu import Page
from dashboard.exports.site_scripts import CARTES

MOTS = {Maille.DEPARTEMENT: "Département", Maille.EPCI: "EPCI", Maille.COMMUNE: "Commune"}


def pages(m: Matiere) -> Iterator[Page]:
    """``carte.html``, ``recherche.html``, ``verifier.html``, ``mentions.html``."""
    commun = {"millesime": m.contexte.espace.millesime_cog}
    yield Page("carte.html", "carte.html", "Carte", "carte", _carte(m))
    yield Page("recherche.html", "recherche.html", "Recherche", "recherche", {})
    yield Page("verifier.html", "verifier.html", "Vérifier", "verifier", {**commun, "contenu": m.contexte.contenu})
    mentions = {**commun, "code": m.contexte.code, "sources": _sources(m)}
    yield Page("mentions.html", "mentions.html", "Accessibilité et mentions", "", mentions)


def _carte(m: Matiere) -> dict[str, Any]:
    """Every indicator that can be mapped, with the levels where it has values and outlines."""
    tracees = [x for x in CARTES if x in m.fonds.contours]
    possibles = [(i, [x.value for x in tracees if m.colonne(x, i.id) is not None]) for i in m.contexte.indicateurs]
    connus = [(i, mailles) for i, mailles in possibles if mailles]
    vitrine = m.contexte.espace.vitrine.carte
    ids = [i.id for i, _ in connus]
    groupes = [
        ("Contexte", [_choix(i, x) for i, x in connus if i.est_contexte]),
        ("Programmes", [_choix(i, x) for i, x in connus if not i.est_contexte]),
    ]
    return {
        "groupes": [(nom, lignes) for nom, lignes in groupes if lignes],
        "choisi": vitrine if vitrine in ids else next(iter(ids), ""),
        "mailles": [(x.value, MOTS[x]) for x in tracees],
    }


def _choix(i: Indicateur, mailles: list[str]) -> dict[str, str]:
    return {"id": i.id, "nom": i.libelle, "mailles": " ".join(mailles)}


def _sources(m: Matiere) -> list[dict[str, str]]:
    """Who publishes what the site shows, and under which licence; each said once."""
    paires = dict.fromkeys((i.producteur, i.licence) for i in m.contexte.indicateurs)
    tous = [(m.contexte.espace.producteur(p), licence) for p, licence in paires]
    return [{"sigle": p.sigle, "nom": p.nom, "licence": licence} for p, licence in tous]
