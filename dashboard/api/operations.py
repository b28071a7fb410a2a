"""Every address of the interface, declared once: it is routed, checked and documented from here."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.api import lectures, modeles, valeurs
from dashboard.api import parametres as p
from dashboard.api.demande import Lecture
from dashboard.domain.declaration import Modele

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "geojson": "application/geo+json",
         "html": "text/html; charset=utf-8"}  # fmt: skip
_PAGES = (p.LIMITE, p.PAGE, p.FORMAT)


@dataclass(frozen=True)
class Operation:
    """One address. ``chemin``, ``demandes``: the parameters of the path and of the query.

    ``fixe``: it needs no store. ``reponse``: None for a page to read.
    """

    id: str
    adresse: str
    resume: str
    lis: Lecture
    reponse: type[Modele] | None
    demandes: tuple[p.Parametre, ...] = ()
    chemin: tuple[p.Parametre, ...] = ()
    formats: tuple[str, ...] = ("json",)
    fixe: bool = False


_LISTE = ("json", "csv")
OPERATIONS = (
    Operation("accueil", "/", "Les adresses de l'interface.", lectures.accueil, modeles.Accueil),
    Operation(
        "indicateurs", "/indicateurs", "Les indicateurs ouverts.", lectures.indicateurs, modeles.Indicateurs,
        (p.CHERCHE, p.PROGRAMME, p.POLITIQUE, *_PAGES), formats=_LISTE,
    ),
    Operation(
        "indicateur", "/indicateurs/{id}", "Un indicateur : définition, formule, producteur, licence, périodes.",
        lectures.indicateur, modeles.Fiche, (p.SEMAINE,), (p.ID,),
    ),
    Operation(
        "valeurs", "/indicateurs/{id}/valeurs", "Les valeurs d'un indicateur, la période la plus récente d'abord.",
        valeurs.liste, modeles.Valeurs,
        (p.MAILLE, p.TERRITOIRE, p.PERIODE, p.DEBUT, p.FIN, p.SEMAINE, *_PAGES), (p.ID,), _LISTE,
    ),
    Operation(
        "geojson", "/indicateurs/{id}/valeurs.geojson", "Les valeurs d'une période et leurs contours (WGS 84).",
        valeurs.geojson, modeles.Collection, (p.MAILLE, p.PERIODE, p.SEMAINE), (p.ID,), ("geojson",),
    ),
    Operation(
        "territoires", "/territoires", "Les territoires du découpage en vigueur.", lectures.territoires, modeles.Lieux,
        (p.MAILLE, p.CHERCHE, p.PARENT, *_PAGES), formats=_LISTE,
    ),
    Operation(
        "territoire", "/territoires/{code}", "Un territoire et ceux dont il fait partie.", lectures.territoire,
        modeles.FicheLieu, chemin=(p.CODE,),
    ),
    Operation(
        "valeurs_du_lieu", "/territoires/{code}/valeurs", "La dernière valeur de chaque indicateur dans un territoire.",
        valeurs.du_lieu, modeles.ValeursDuLieu, (p.SEMAINE, *_PAGES), (p.CODE,), _LISTE,
    ),
    Operation(
        "programmes", "/programmes", "Les programmes régionaux et leurs indicateurs.", lectures.programmes,
        modeles.Programmes, _PAGES, formats=_LISTE,
    ),
    Operation(
        "semaines", "/semaines", "Les semaines publiées, la plus récente d'abord.", lectures.semaines, modeles.Semaines,
        _PAGES, formats=_LISTE,
    ),
)  # fmt: skip
