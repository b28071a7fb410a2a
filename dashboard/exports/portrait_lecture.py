"""All that the portraits of some territories rest on, read once for all of them and never again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.domain.indicateur import Espace, Indicateur
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.periode import Frequence
from dashboard.domain.portrait import Valeur
from dashboard.domain.programme import EtatProgramme, etat_programme
from dashboard.domain.rattachement import departement_de, parents, rattache
from dashboard.domain.situation import Situation, situe_tous
from dashboard.domain.territoire import Maille, maille_de
from dashboard.figures.portrait import FondDeCarte, fond_de_carte
from dashboard.store import queries

if TYPE_CHECKING:
    from dashboard.store.moteur import Connection

HAUTES = (Maille.REGION, Maille.DEPARTEMENT)
Contours = Mapping[str, Any]
Pairs = Mapping[tuple[str, Maille, date], Mapping[str, float]]


@dataclass(frozen=True)
class Fonds:
    """What every portrait shares, and the series of the territories it was loaded for.

    ``places``: territories by code, with their parents. ``etats``: programmes by territory (région and départements).
    ``contours``: light geometry by maille, of which ``carte`` is drawn; None when the espace has none.
    ``series``: every value by (indicator, territory), oldest first. ``pairs``: the values of a whole maille by
    (indicator, maille, end of period).
    """

    lecteur: Lecteur
    espace: Espace
    arrete: date
    places: pd.DataFrame
    visibles: frozenset[str]
    situations: Mapping[str, Mapping[str, Situation]]
    etats: Mapping[str, Sequence[EtatProgramme]]
    contours: Mapping[Maille, Contours]
    carte: FondDeCarte | None
    series: Mapping[tuple[str, str], Sequence[Valeur]]
    pairs: Pairs

    def contexte(self, maille: Maille) -> list[Indicateur]:
        """Context indicators that this reader may see at a maille, in the order of the espace."""
        return [i for i in self.espace.ordonnes if i.est_contexte and i.id in self.visibles and maille in i.mailles]

    def serie(self, code: str, indicateur: str) -> list[Valeur]:
        """Values of one indicator, oldest first, those that the date d'arrêté may know: the year under way is shown,
        a change over several years waits for its end.
        """
        lues = self.series.get((indicateur, code), ())
        return [v for v in lues if (v.fin if v.frequence == Frequence.P else v.debut) <= self.arrete]

    def derniere(self, code: str, indicateur: str) -> Valeur | None:
        """The latest value, None when nothing was published."""
        lues = self.serie(code, indicateur)
        return lues[-1] if lues else None

    def meme_periode(self, code: str, indicateur: str, v: Valeur | None) -> Valeur | None:
        """The value of another territory for the same period: two years are never compared."""
        if v is None:
            return None
        return next((x for x in self.serie(code, indicateur) if (x.debut, x.fin) == (v.debut, v.fin)), None)

    @cached_property
    def ordres(self) -> dict[tuple[str, Maille, date], list[float]]:
        """The values of ``pairs``, lowest first: a place is looked for by halves, once a territory and an indicator."""
        return {cle: sorted(valeurs.values()) for cle, valeurs in self.pairs.items()}

    @cached_property
    def _traits(self) -> dict[str, Any]:
        return {t["properties"]["code"]: t["geometry"] for c in self.contours.values() for t in c["features"]}

    def trait(self, code: str) -> Any | None:
        """The geometry of a territory; None when the espace does not draw it."""
        return self._traits.get(code)

    def compares(self, code: str) -> list[str]:
        """The territories whose population is drawn beside: the départements for the région."""
        if maille_de(code) is not Maille.REGION:
            return []
        return sorted(c for c in self.etats if maille_de(c) is Maille.DEPARTEMENT)

    def code_programmes(self, code: str) -> str:
        """The territory whose programmes are shown: itself, or its département when they stop there."""
        if code in self.etats:
            return code
        return departement_de(self.places, code) or self.espace.code_region


def charge(
    connexion: Connection, lecteur: Lecteur, espace: Espace, arrete: date, contours: Mapping[Maille, Contours]
) -> Fonds:
    """Places and programmes; :func:`avec_series` adds the figures of some territories."""
    places = rattache(queries.list_territoires(connexion), queries.list_liens(connexion))
    visibles = frozenset(queries.list_indicateurs(connexion, lecteur))
    hautes = places[places["maille"].isin(HAUTES)]
    comptes = sorted({i for p in espace.programmes for i in p.indicateurs if p.poids_de(i)} & visibles)
    series = queries.load_series(connexion, lecteur, comptes, hautes["id"].tolist())
    cibles = queries.load_objectifs(connexion, lecteur, comptes)
    lieux = {int(i): str(c) for i, c in zip(hautes["id"], hautes["code"], strict=True)}
    jugees = situe_tous([espace.indicateur(i) for i in comptes], lieux, series, cibles, arrete, espace.seuils)
    montres = [p for p in espace.programmes if not p.indicateurs or visibles & set(p.indicateurs)]
    etats = {
        code: [
            etat_programme(p, code, {i: jugees[i][code] for i in p.indicateurs if i in jugees}, espace.seuils)
            for p in montres
        ]
        for code in lieux.values()
    }
    return Fonds(lecteur, espace, arrete, places, visibles, jugees, etats, contours, _carte(contours), {}, {})


def _carte(contours: Mapping[Maille, Contours]) -> FondDeCarte | None:
    departements, region = contours.get(Maille.DEPARTEMENT), contours.get(Maille.REGION)
    return fond_de_carte(departements, region) if departements and region else None


def avec_series(connexion: Connection, fonds: Fonds, codes: Sequence[str]) -> Fonds:
    """The same with the context of ``codes``, of their parents and of those they are compared with."""
    places, region = fonds.places, fonds.espace.code_region
    utiles = sorted({c for code in codes for c in (code, *parents(places, code, region), *fonds.compares(code))})
    mailles = {maille_de(c) for c in utiles}
    declares = {i.id for m in mailles for i in fonds.contexte(m)}
    numeros = places["id"].to_dict()
    lieux = {int(numeros[c]): c for c in utiles}
    cadre = queries.load_series(connexion, fonds.lecteur, sorted(declares), sorted(lieux))
    complet = replace(fonds, series=en_valeurs(cadre, lieux))
    return replace(complet, pairs=_pairs(connexion, complet, codes))


def en_valeurs(cadre: pd.DataFrame, lieux: Mapping[int, str]) -> dict[tuple[str, str], list[Valeur]]:
    """Values by (indicator, territory), oldest first. One pass: selecting rows for each would cost more than all."""
    colonnes = ("valeur", "numerateur", "denominateur", "completude")
    chiffres = [[None if pd.isna(x) else float(x) for x in cadre[c]] for c in colonnes]
    textes = [cadre[c].tolist() for c in ("indicateur", "territoire_id", "debut", "fin", "frequence", "statut")]
    rangees: dict[tuple[str, str], list[Valeur]] = {}
    for indicateur, lieu, debut, fin, frequence, statut, v, n, d, c in zip(*textes, *chiffres, strict=True):
        rangees.setdefault((indicateur, lieux[lieu]), []).append(Valeur(debut, fin, frequence, v, n, d, c, statut))
    return rangees


def _pairs(connexion: Connection, fonds: Fonds, codes: Iterable[str]) -> Pairs:
    """Every known value of a maille, for each period that one of ``codes`` shows; the départements for the région."""
    demandes: set[tuple[str, Maille, date]] = set()
    for code in codes:
        maille = maille_de(code)
        comparee = Maille.DEPARTEMENT if maille is Maille.REGION else maille
        for declare in fonds.contexte(maille):
            v = fonds.derniere(code, declare.id)
            if v is not None and comparee in declare.mailles:
                demandes.add((declare.id, comparee, v.fin))
    codes_par_id = dict(zip(fonds.places["id"], fonds.places["code"], strict=True))
    resultat: dict[tuple[str, Maille, date], dict[str, float]] = {}
    for indicateur, maille, fin in sorted(demandes):
        cadre = queries.load_dernieres(connexion, fonds.lecteur, indicateur, maille, fin).dropna(subset="valeur")
        ids, valeurs = cadre["territoire_id"], cadre["valeur"]
        resultat[indicateur, maille, fin] = {
            codes_par_id[i]: float(v) for i, v in zip(ids, valeurs, strict=True) if i in codes_par_id
        }
    return resultat
