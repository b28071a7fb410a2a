"""The territories of the static site: their list, and the portrait of each of them above the commune."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.domain.formatage import avec_unite, compte, nombre
from dashboard.domain.rattachement import departement_de, parents
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports.portrait_donnees import portrait
from dashboard.exports.site_accueil import programme_en_ligne
from dashboard.exports.site_lecture import Matiere, morceaux
from dashboard.exports.site_rendu import Page

PAS_DE_CARTE = {"svg": "", "alt": "", "legende": ""}


def pages(m: Matiere) -> Iterator[Page]:
    """``territoires.html``, ``territoires/<code>.html`` and the one page of all the communes."""
    yield Page("territoires.html", "territoires.html", "Territoires", "territoires", _liste(m))
    for code in m.codes:
        yield Page(f"territoires/{code}.html", "portrait.html", m.noms[code], "territoires", _portrait(m, code))
    yield Page("territoire.html", "commune.html", "Commune", "territoires", {})


def _liste(m: Matiere) -> dict[str, Any]:
    """Départements with their EPCI, each EPCI under the département where most of its communes are."""
    groupes: dict[str, list[str]] = {c: [] for c in m.codes if maille_de(c) is Maille.DEPARTEMENT}
    sans: list[str] = []
    for code in m.codes:
        if maille_de(code) is Maille.EPCI:
            groupes.get(departement_de(m.fonds.places, code) or "", sans).append(code)
    communes = int((m.fonds.places["maille"] == Maille.COMMUNE).sum())
    epci = sum(len(c) for c in groupes.values()) + len(sans)
    return {
        "t_region": {"code": m.region, "nom": m.noms[m.region]},
        "compte": f"{compte(len(groupes), 'département', 'départements')}, {nombre(epci)} EPCI et "
        f"{compte(communes, 'commune', 'communes')}.",
        "groupes": [{"code": d, "nom": m.noms[d], "epci": _ranges(m, codes)} for d, codes in groupes.items()],
        "sans": _ranges(m, sans),
    }


def _ranges(m: Matiere, codes: list[str]) -> list[dict[str, str]]:
    habitants = m.fonds.places["population"].astype("float64").to_dict()
    triees = sorted(codes, key=lambda c: (-habitants[c] if habitants[c] == habitants[c] else 0.0, c))
    return [{"code": c, "nom": m.noms[c], "population": avec_unite(habitants[c], "hab.")} for c in triees]


def _portrait(m: Matiere, code: str) -> dict[str, Any]:
    """The same data as the portrait in PDF, and where each name leads."""
    fonds, maille = m.fonds, maille_de(code)
    lu = portrait(fonds, code)
    ou = fonds.code_programmes(code)
    noms = {e.programme.nom: programme_en_ligne(e) for e in fonds.etats[ou]}
    hauts = list(reversed(parents(fonds.places, code, m.region)))
    ids = {i.libelle_court: i.id for i in m.contexte.indicateurs}
    return {
        "t": lu,
        "code": code,
        "sorte": maille.libelle,
        "fil": [(c, m.noms[c]) for c in hauts],
        "phrase": morceaux(lu["phrase"]),
        "carte": lu["carte"] or PAS_DE_CARTE,
        "lignes": [
            {**x, "id": ids.get(x["libelle"], ""), "p": _place(x["place"])} for x in lu["comparaison"]["lignes"]
        ],
        "programmes": [noms[x["nom"]] for x in lu["programmes"]["lignes"] if noms[x["nom"]]["texte"]],
        "non_mesures": [noms[x["nom"]] for x in lu["programmes"]["lignes"] if not noms[x["nom"]]["texte"]],
        "contexte": [{**x, "id": ids.get(x["libelle"], "")} for x in lu["contexte"]],
        "communes": _communes(m, code) if maille is Maille.EPCI else [],
        "epci": _epci(m, code) if maille is Maille.DEPARTEMENT else [],
    }


def _place(place: float | None) -> int | None:
    return None if place is None else round(place)


def _communes(m: Matiere, code: str) -> list[tuple[str, str]]:
    places = m.fonds.places
    siennes = places.loc[places["epci"] == code]
    return sorted(zip(siennes["code"].astype(str), siennes["nom"].astype(str), strict=True), key=lambda x: (x[1], x[0]))


def _epci(m: Matiere, code: str) -> list[tuple[str, str]]:
    places = m.fonds.places
    siens = places.loc[places["departement"] == code, "epci"].dropna().astype(str).unique()
    return sorted(((c, m.noms[c]) for c in siens), key=lambda x: (x[1], x[0]))
