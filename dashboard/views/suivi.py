"""The Suivi page: its filters, in the URL as ids, and the rows that they keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.domain import suivi as regles
from dashboard.domain.apports import METEOS
from dashboard.domain.avancement import comparables
from dashboard.domain.evaluation import FRAICHEURS, evalue_tous
from dashboard.domain.formatage import liste, nombre
from dashboard.domain.situation import ORDRE
from dashboard.domain.suivi import TRIS, Choix
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Lecture
from dashboard.views import blocs, cached, filtres, selecteurs
from dashboard.views.filtres import Vue

CLES = ("maille", "programme", "politique", "statut", "fraicheur", "producteur", "meteo", "q", "contexte", "tri")
HAUTES = (Maille.REGION, Maille.DEPARTEMENT)
SERIES_MAX = 12_000
"""Series judged at once: what a page can read in about two seconds."""
MOTS_METEO = {m.value: mot for m, (mot, _) in METEOS.items()}


@dataclass(frozen=True)
class Donnees:
    """Rows before any filter, and the values behind each (indicator, territory id)."""

    cadre: pd.DataFrame
    fins: Sequence[object] = ()
    valeurs: Sequence[float] = ()
    bornes: Mapping[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    def trait(self, indicateur: str, territoire_id: int, lecture: str) -> list[float]:
        """Values that a line may join: those of a running total are taken at the same month of each year."""
        debut, fin = self.bornes.get((indicateur, territoire_id), (0, 0))
        points = [(j, v) for j, v in zip(self.fins[debut:fin], self.valeurs[debut:fin], strict=True) if np.isfinite(v)]
        cumul = Lecture(lecture) is Lecture.CUMUL_ANNUEL
        return comparables(points, Lecture.CUMUL_ANNUEL if cumul else Lecture.STOCK)  # type: ignore[arg-type]


def options(vue: Vue, meteos: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What each filter admits: id -> words shown."""
    espace, visibles = cached.app().espace, set(cached.visibles(vue.lecteur, vue.version))
    producteurs = {i.producteur for i in espace.indicateurs if i.id in visibles}
    programmes = espace.programmes_visibles(visibles)
    mailles = {m for i in espace.indicateurs if i.id in visibles for m in i.mailles} | set(HAUTES)
    return {
        "maille": {m.value: m.libelle if m is Maille.REGION else m.pluriel.capitalize() if m is not Maille.EPCI
                   else m.libelle for m in Maille if m in mailles},
        "programme": {p.id: p.nom for p in programmes},
        "politique": {p.id: p.nom for p in espace.politiques if p.id in {g.politique for g in programmes}},
        "statut": {s.value: s.libelle[:1].upper() + s.libelle[1:] for s in ORDRE},
        "fraicheur": {f.value: f.libelle[:1].upper() + f.libelle[1:] for f in FRAICHEURS},
        "producteur": {p.id: p.sigle for p in espace.producteurs if p.id in producteurs},
        "meteo": {m: mot for m, mot in MOTS_METEO.items() if m in set(meteos.values())},
    }  # fmt: skip


def lis(vue: Vue, meteos: Mapping[str, str]) -> Choix:
    """What the address asks; what does not exist is told, at full width, before the filters are drawn."""
    noms = {"maille": "échelle", "fraicheur": "fraîcheur", "meteo": "météo"}
    lus = {c: filtres.choix_multiple(c, o, noms.get(c, c)) for c, o in options(vue, meteos).items()}
    return Choix(
        mailles=tuple(Maille(m) for m in lus["maille"]) or HAUTES,
        politiques=lus["politique"], programmes=lus["programme"], statuts=lus["statut"], fraicheurs=lus["fraicheur"],
        producteurs=lus["producteur"], meteos=lus["meteo"], cherche=filtres.texte_libre("q", 80).strip(),
        contexte=filtres.choix("contexte", ["0", "1"], "0", "contexte") == "1",
        tri=filtres.choix("tri", list(TRIS), "ecart", "tri"),
    )  # fmt: skip


def filtre(vue: Vue, meteos: Mapping[str, str]) -> bool:
    """The filters, on one line that wraps. On a phone the less used ones are folded: True once unfolded."""
    admis = options(vue, meteos)
    ligne = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with ligne.container(width=165):
        selecteurs.cherche("q", "Rechercher", "Programme, lieu…")
    with ligne.container(width=165):
        selecteurs.plusieurs("statut", admis["statut"], "Statut", "statut")
    with ligne.container(key="telephone_seul", width="content"):
        deplie = st.toggle("Plus de filtres", key="plus_de_filtres")
    with ligne, selecteurs.pliable("filtres", deplie=deplie):
        for cle, libelle, tous, largeur in SECONDS:
            if admis[cle]:
                with st.container(width=largeur):
                    selecteurs.plusieurs(cle, admis[cle], libelle, libelle.lower(), tous=tous)
    return deplie


SECONDS = [("programme", "Programme", "Tous", 190), ("politique", "Politique", "Toutes", 190),
           ("fraicheur", "Fraîcheur", "Toutes", 150), ("producteur", "Producteur", "Tous", 165),
           ("meteo", "Météo", "Toutes", 140)]  # fmt: skip


def echelle(vue: Vue) -> None:
    """The levels in view."""
    selecteurs.pastilles("maille", options(vue, {})["maille"], "Échelle", "échelle", [m.value for m in HAUTES])


def affichage() -> None:
    """Order, and context."""
    with st.container(width=185):
        selecteurs.un("tri", TRIS, "Trier par")
    aide = "Population, parité, mairies… : ils décrivent les territoires et ne jugent aucun programme."
    selecteurs.interrupteur("contexte", "Contexte aussi", aide)


def charge(vue: Vue, choix: Choix) -> Donnees | None:
    """The rows of the levels in view; None, with what to do, when that is too many series at once."""
    ids, codes = _indicateurs(vue, choix, ()), _codes(vue, choix.mailles)
    if len(ids) * len(codes) > SERIES_MAX and choix.programmes:
        ids = _indicateurs(vue, choix, choix.programmes)
    if len(ids) * len(codes) > SERIES_MAX:
        blocs.vide(
            f"{nombre(len(ids) * len(codes))} séries demandées, {nombre(SERIES_MAX)} au plus à la fois.",
            "Choisir un département ou un EPCI en haut de la page, ou un programme.",
        )
        return None
    return _donnees(vue, tuple(ids), tuple(codes), choix.contexte)


def _indicateurs(vue: Vue, choix: Choix, programmes: Sequence[str]) -> list[str]:
    """Ids to judge: those of the programmes, and of context when it is asked; only what this reader may see."""
    espace, visibles = cached.app().espace, set(cached.visibles(vue.lecteur, vue.version))
    connus = espace.programmes_visibles(visibles)
    suivis = {i for p in connus if not programmes or p.id in programmes for i in p.tous}
    tous = {i for p in espace.programmes for i in p.tous}
    mailles = set(choix.mailles)
    return [
        i.id for i in espace.ordonnes
        if i.id in visibles and mailles & set(i.mailles)
        and (i.id in suivis or (choix.contexte and not programmes and i.id not in tous))
    ]  # fmt: skip


def _codes(vue: Vue, mailles: Sequence[Maille]) -> list[str]:
    """Région and départements all of them; EPCI and communes of the territory in view."""
    places = vue.territoires
    hautes = places["maille"].isin([m for m in mailles if m in HAUTES])
    gardees = [m for m in mailles if m not in HAUTES]
    basses = places["maille"].isin(gardees) & _dans(vue) if gardees else False
    gardes = places[hautes | basses].reset_index(drop=True)
    ordre = gardes["maille"].map({m.value: m.rang for m in Maille})
    return [str(c) for c in gardes.assign(ordre=ordre).sort_values(["ordre", "code"])["code"]]


def _dans(vue: Vue) -> pd.Series:
    """Which places are the territory in view, or inside it, or hold it when it is a commune."""
    places, ici = vue.territoires, vue.territoire
    maille = Maille(str(ici["maille"]))
    if maille is Maille.REGION:
        return pd.Series(True, index=places.index)
    if maille is Maille.COMMUNE:
        return places["code"].isin([vue.code, ici["epci"]])
    communes = places[places["departement" if maille is Maille.DEPARTEMENT else "epci"] == vue.code]
    return places["code"].isin([vue.code, *communes["code"], *communes["epci"].dropna()])


@st.cache_resource(
    max_entries=12,
    show_spinner="Calcul du suivi…",
    hash_funcs={Vue: lambda v: (v.lecteur.cle, v.version, v.arrete)},
)
def _donnees(vue: Vue, ids: tuple[str, ...], codes: tuple[str, ...], contexte: bool) -> Donnees:
    """Shared by the readers of the same perimeter: never modify it."""
    espace = cached.app().espace
    places = vue.territoires.loc[list(codes)]
    par_id = {int(i): str(c) for i, c in zip(places["id"], places["code"], strict=True)}
    series = cached.lis_series(vue.lecteur, ids, list(par_id))
    objectifs = cached.objectifs(vue.lecteur, vue.version, ids)
    declares = [espace.indicateur(i) for i in ids]
    juges = evalue_tous(declares, par_id, series, objectifs, vue.arrete, espace.seuils)
    cadre = regles.assemble(espace, juges, places, {}, contexte=contexte)
    montrees = series[(series["fin"] <= vue.arrete)] if len(series) else series
    return Donnees(cadre, montrees["fin"].tolist(), montrees["valeur"].tolist(), _bornes(montrees))


def _bornes(series: pd.DataFrame) -> dict[tuple[str, int], tuple[int, int]]:
    """Where the rows of each (indicator, territory) begin and end: the store gives them together."""
    indicateurs, lieux = series["indicateur"].tolist(), series["territoire_id"].tolist()
    bornes: dict[tuple[str, int], tuple[int, int]] = {}
    for rang, cle in enumerate(zip(indicateurs, lieux, strict=True)):
        bornes[cle] = (bornes[cle][0] if cle in bornes else rang, rang + 1)
    return bornes


def garde(donnees: Donnees, choix: Choix, meteos: Mapping[str, str]) -> pd.DataFrame:
    """The rows that pass the filters, sorted, with the météo of each programme."""
    cadre = donnees.cadre
    if meteos:
        cadre = cadre.assign(meteo=[meteos.get(p, "") for p in cadre["programme"]])
    return regles.filtre(cadre, choix)


def vide(donnees: Donnees, choix: Choix) -> None:
    """No row passes: which filters to loosen."""
    noms = {"politiques": "politique", "programmes": "programme", "statuts": "statut", "fraicheurs": "fraîcheur",
            "producteurs": "producteur", "meteos": "météo", "cherche": "recherche"}  # fmt: skip
    actifs = [mot for nom, mot in noms.items() if getattr(choix, nom)]
    if actifs and not regles.filtre(donnees.cadre, Choix(choix.mailles, contexte=choix.contexte)).empty:
        blocs.vide("Aucune ligne ne passe ces filtres.", f"En retirer un : {liste(actifs, 'ou')}.")
    else:
        blocs.vide("Aucun indicateur de programme à cette échelle.",
                   "Choisir une autre échelle, ou afficher le contexte aussi.")  # fmt: skip
