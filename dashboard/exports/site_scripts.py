"""The data of the static site as classic scripts, read only when a page needs them: values, communes, search.

A figure is written as it is shown, rounded to the decimals that its indicator declares; the CSV of the package has
every digit. « s » stands for a value hidden by secrecy, null for a missing one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from dashboard.domain.formatage import nombre, pluriel, pourcentage
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence
from dashboard.domain.phrases import valeur
from dashboard.domain.rattachement import departement_de
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports.instantane_dernieres import Colonne
from dashboard.exports.portrait_lecture import Contours
from dashboard.exports.site_lecture import Matiere
from dashboard.figures.carte import RAYON_MAXIMAL
from dashboard.figures.classes import decoupe
from dashboard.figures.trace import traces
from dashboard.store import queries
from dashboard.store.moteur import lecture

CARTES = (Maille.DEPARTEMENT, Maille.EPCI, Maille.COMMUNE)
HAUTES = (Maille.REGION, Maille.DEPARTEMENT, Maille.EPCI)
Script = tuple[str, Any]


def scripts(m: Matiere, contours: Mapping[Maille, Contours], postaux: Mapping[str, Sequence[str]]) -> Iterator[Script]:
    """(key, content) of each file of ``donnees/``. ``postaux``: postcodes by code of commune."""
    for maille in CARTES:
        if maille in contours:
            yield f"contours/{maille.value}", traces(contours[maille], contours.get(Maille.DEPARTEMENT))
        for c in m.colonnes[maille]:
            yield f"valeurs/{maille.value}/{c.declare.id}", valeurs(m, maille, c)
    yield from communes(m)
    yield "recherche", recherche(m, postaux)


def arrondi(v: float | None, decimales: int) -> float | int | None:
    """The figure as it is shown: half away from zero, an integer without decimals; None when missing."""
    if v is None or pd.isna(v):
        return None
    rond = Decimal(repr(float(v))).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    return float(rond) + 0.0 if decimales else int(rond)


def _codes(m: Matiere, maille: Maille) -> list[str]:
    places = m.fonds.places
    return sorted(places.loc[places["maille"] == maille.value, "code"].astype(str))


def valeurs(m: Matiere, maille: Maille, c: Colonne) -> dict[str, Any]:
    """One indicator over a maille, in the order of the codes, with the classes that the application cuts."""
    codes, declare = _codes(m, maille), c.declare
    lues, statuts = c.valeurs.reindex(codes).astype("float64"), c.statuts.reindex(codes)
    d = decoupe(declare, lues, statuts)
    rondes = [arrondi(v, declare.decimales) for v in lues]
    region = m.colonne(Maille.REGION, declare.id)
    memes = region is not None and region.periode == c.periode
    return {
        "libelle": declare.libelle,
        "titre": titre(c),
        "unite": declare.unite,
        "decimales": declare.decimales,
        "signe": declare.carte.divergente,
        "contexte": declare.est_contexte,
        "periode": c.periode.texte,
        "fin": c.periode.fin.isoformat(),
        "frequence": c.periode.frequence.value,
        "source": m.sigles[declare.producteur],
        "phrase": phrase(m, maille, c, region if memes else None),
        "codes": codes,
        "valeurs": rondes,
        "chiffres": d.chiffres,
        "palette": d.palette,
        "libelles": d.libelles,
        "effectifs": d.effectifs,
        "absents": d.absents,
        "secrets": d.secrets,
        "detail": detail(maille, c, d.phrase),
        "cercles": _cercles(maille, rondes) if declare.en_cercles else None,
    }


def titre(c: Colonne) -> str:
    """« Densité de population, 2023 »; a span of years is already in the name of what it measures."""
    return c.declare.libelle + ("" if c.periode.frequence is Frequence.P else f", {c.periode.texte}")


def _cercles(maille: Maille, rondes: Sequence[float | None]) -> dict[str, float]:
    """Radius in pixels of the largest circle, and its value."""
    rayon = RAYON_MAXIMAL if maille is not Maille.COMMUNE else RAYON_MAXIMAL * 0.8
    return {"rayon": rayon, "maximum": max((v for v in rondes if v is not None), default=0)}


def detail(maille: Maille, c: Colonne, classes: str) -> str:
    """How to read the legend."""
    if not c.declare.en_cercles:
        return f"{classes}. Nombre de {maille.pluriel} par classe."
    return "Surface du cercle proportionnelle à la valeur."


def phrase(m: Matiere, maille: Maille, c: Colonne, region: Colonne | None) -> list[tuple[str, bool]]:
    """The map in one sentence, as (text, strong) pieces."""
    connues, declare = c.valeurs.dropna(), c.declare
    if connues.empty:
        secret = c.statuts.eq("Q").any()
        return [("Toutes les valeurs sont couvertes par le secret à ce niveau." if secret else
                 "Aucune valeur publiée à ce niveau.", False)]  # fmt: skip
    if declare.carte.divergente:
        baisse = int((connues < 0).sum())
        mot = pluriel(baisse, maille.libelle.lower() if maille is not Maille.EPCI else "EPCI", maille.pluriel)
        dits = [
            (f"{nombre(baisse)} {mot} sur {nombre(len(connues))}", True),
            (f" {pluriel(baisse, 'est', 'sont')} en baisse ({pourcentage(100 * baisse / len(connues), 0)})", False),
        ]
    elif connues.nunique() == 1:
        dits = [(valeur(declare, float(connues.iloc[0])), True), (" partout où une valeur est publiée", False)]
    else:
        triees = connues.sort_index(kind="stable").sort_values(kind="stable")
        dits = [("De ", False), *_bout(m, declare, triees, 0), (" à ", False), *_bout(m, declare, triees, -1)]
    entier = region.valeurs.get(m.region) if region is not None else None
    if entier is not None and pd.notna(entier):
        dits.append((f" ; la région : {valeur(declare, float(entier))}", False))
    return [*dits, ("" if dits[-1][0].endswith(".") else ".", False)]


def _bout(m: Matiere, declare: Indicateur, triees: pd.Series, rang: int) -> list[tuple[str, bool]]:
    nom = m.noms[str(triees.index[rang])]
    return [(valeur(declare, float(triees.iloc[rang])), True), (f" ({nom})", False)]


def communes(m: Matiere) -> Iterator[Script]:
    """One file a département: its communes, and what they are read against at the same periods."""
    colonnes, places = m.colonnes[Maille.COMMUNE], m.fonds.places
    reperes = _reperes(m, colonnes)
    cases = {c.declare.id: _cases(c.declare, c.valeurs, c.statuts) for c in colonnes}
    siennes = places[places["maille"] == Maille.COMMUNE.value]
    for departement, lot in siennes.groupby("departement", sort=True):
        codes = sorted(lot["code"].astype(str))
        epci = {c: e if isinstance(e, str) else None for c, e in zip(lot["code"], lot["epci"], strict=True)}
        utiles = [m.region, str(departement), *sorted({e for e in epci.values() if e})]
        yield f"communes/{str(departement).partition('-')[2]}", {
            "departement": str(departement),
            "indicateurs": [_colonne(m, c) for c in colonnes],
            "reperes": {c: [m.noms[c], *(reperes[x.declare.id].get(c) for x in colonnes)] for c in utiles},
            "communes": {
                c: [m.noms[c], epci[c], *(cases[x.declare.id].get(c) for x in colonnes)] for c in codes
            },
        }  # fmt: skip


def _colonne(m: Matiere, c: Colonne) -> dict[str, Any]:
    d = c.declare
    return {
        "id": d.id, "libelle": d.libelle_court, "unite": d.unite, "decimales": d.decimales,
        "signe": d.carte.divergente, "nombre": d.en_cercles, "periode": c.periode.texte,
        "fin": c.periode.fin.isoformat(), "frequence": c.periode.frequence.value, "source": m.sigles[d.producteur],
    }  # fmt: skip


def _cases(declare: Indicateur, valeurs_: pd.Series, statuts: pd.Series) -> dict[str, Any]:
    paires = zip(valeurs_.index, valeurs_, statuts, strict=True)
    return {str(c): "s" if s == "Q" else arrondi(v, declare.decimales) for c, v, s in paires}


def _reperes(m: Matiere, colonnes: Sequence[Colonne]) -> dict[str, dict[str, Any]]:
    """By indicator, the value of every wider territory for the period that its communes show."""
    codes = dict(zip(m.fonds.places["id"], m.fonds.places["code"].astype(str), strict=True))
    trouves: dict[str, dict[str, Any]] = {}
    with lecture(m.contexte.moteur) as connexion:
        for c in colonnes:
            siens = trouves.setdefault(c.declare.id, {})
            for maille in HAUTES:
                cadre = queries.load_dernieres(connexion, m.contexte.lecteur, c.declare.id, maille, c.periode.fin)
                lieux = cadre["territoire_id"].map(codes)
                connus = cadre[lieux.notna()].set_index(lieux[lieux.notna()])
                siens |= _cases(c.declare, connus["valeur"], connus["statut"])
    return trouves


def recherche(m: Matiere, postaux: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Everything that has a page: programmes, indicators, territories; communes with département and postcodes."""
    places = m.fonds.places
    habitants = places["population"].astype("float64").fillna(0.0)
    departements = [c for c in m.codes if maille_de(c) is Maille.DEPARTEMENT]
    rangs = {c: i for i, c in enumerate(departements)}
    lignes = [
        [c.partition("-")[2], m.noms[c], rangs.get(departement_de(places, c) or "", -1), int(habitants[c]),
         " ".join(postaux.get(c, ()))]
        for c in _codes(m, Maille.COMMUNE)
    ]  # fmt: skip
    return {
        "programmes": [[e.programme.id, e.programme.nom, m.contexte.espace.politique(e.programme.politique).nom]
                       for e in m.etats],
        "indicateurs": [[i.id, i.libelle, m.sigles[i.producteur]] for i in m.contexte.indicateurs],
        "territoires": [[c, m.noms[c], maille_de(c).libelle, int(habitants[c])] for c in m.codes],
        "departements": [m.noms[c] for c in departements],
        "communes": lignes,
    }  # fmt: skip
