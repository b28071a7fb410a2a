"""What each address of the declarations and of the places reads: one function an operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.api import modeles
from dashboard.api.demande import RACINE, Contenu, Demande
from dashboard.api.erreurs import introuvable
from dashboard.api.matiere import Matiere
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.rattachement import parents
from dashboard.store import queries
from dashboard.store.moteur import lecture


def accueil(d: Demande) -> Contenu:
    espace = d.matiere.espace
    suites = {
        n: f"{RACINE}/{n}" for n in ("indicateurs", "programmes", "territoires", "semaines", "openapi.json", "docs")
    }
    return Contenu(
        modeles.Accueil(
            titre=espace.nom, attribution=espace.attribution, millesime_cog=espace.millesime_cog, liens=suites
        )
    )


def indicateurs(d: Demande) -> Contenu:
    m = d.matiere
    trouves = m.cherche(d["q"]) if d["q"] else list(m.indicateurs.values())
    if (programme := d["programme"]) is not None:
        if programme not in m.programmes:
            raise introuvable("Programme", programme, f"{RACINE}/programmes")
        trouves = [i for i in trouves if i.id in m.programmes[programme].tous]
    if (politique := d["politique"]) is not None:
        siens = [p for p in m.programmes.values() if p.politique == politique]
        if not siens:
            raise introuvable("Politique", politique, f"{RACINE}/programmes")
        trouves = [i for i in trouves if any(i.id in p.tous for p in siens)]
    resumes = [_resume(m, i) for i in d.coupe(trouves)]
    return Contenu(modeles.Indicateurs(**d.page(len(trouves)), indicateurs=resumes), "indicateurs", modeles.Resume)


def _resume(m: Matiere, i: Indicateur) -> modeles.Resume:
    programme = m.programme_de(i.id)
    return modeles.Resume(
        id=i.id, libelle=i.libelle, unite=i.unite, nature=i.nature, mailles=i.mailles, licence=i.licence,
        programme=programme.id if programme else None, politique=programme.politique if programme else None,
        producteur=m.producteur(i).sigle, liens=_liens(i.id),
    )  # fmt: skip


def _liens(identifiant: str) -> dict[str, str]:
    ici = f"{RACINE}/indicateurs/{identifiant}"
    return {"fiche": ici, "valeurs": f"{ici}/valeurs", "geojson": f"{ici}/valeurs.geojson"}


def indicateur(d: Demande) -> Contenu:
    i, m = d.indicateur(), d.matiere
    programme, producteur = m.programme_de(i.id), m.producteur(i)
    with lecture(d.donnees.moteur) as connexion:
        periodes = {x: [p.code for p in queries.list_periodes(connexion, d.lecteur, i.id, x)] for x in i.mailles}
    communs = i.model_dump(include={
        "id", "libelle", "libelle_court", "definition", "formule", "unite", "decimales", "nature", "sens", "lecture",
        "licence", "rythme_mois", "delai_mois", "mailles", "note",
    })  # fmt: skip
    return Contenu(
        modeles.Fiche(
            **communs, agregation=i.agregation.value, periodes=periodes, liens=_liens(i.id),
            programme=programme.id if programme else None, politique=programme.politique if programme else None,
            producteur=modeles.Contact(**producteur.model_dump()),
            sources=[
                modeles.Origine(id=s.id, nom=s.nom, licence=s.licence, page=s.fiche.page)
                for n in i.sources if (s := m.sources.get(n))
            ],
        )
    )  # fmt: skip


def territoires(d: Demande) -> Contenu:
    m, places = d.matiere, d.matiere.places
    if d["parent"]:
        d.lieu(d["parent"])
        places = m.dans(d["parent"])
    if d["maille"]:
        places = places[places["maille"] == d["maille"].value]
    if d["q"]:
        codes = [c for c in m.annuaire.cherche(d["q"], len(m.places)) if c in places.index]
        places = places.loc[codes]
    lieux = [_lieu(ligne) for ligne in d.coupe(places.to_dict("records"))]
    return Contenu(
        modeles.Lieux(**d.page(len(places)), territoires=[modeles.Lieu(**x) for x in lieux]),
        "territoires",
        modeles.Lieu,
    )


def _lieu(ligne: Mapping[Any, Any]) -> dict[str, Any]:
    ici = f"{RACINE}/territoires/{ligne['code']}"
    return {
        "code": ligne["code"], "nom": ligne["nom"], "maille": ligne["maille"],
        "type": ligne["type"] if isinstance(ligne["type"], str) else None,
        "population": int(ligne["population"]) if pd.notna(ligne["population"]) else None,
        "superficie_km2": float(ligne["superficie_km2"]) if pd.notna(ligne["superficie_km2"]) else None,
        "liens": {"fiche": ici, "valeurs": f"{ici}/valeurs"},
    }  # fmt: skip


def territoire(d: Demande) -> Contenu:
    ligne = d.lieu(d["code"])
    au_dessus = parents(d.matiere.places, d["code"], d.matiere.espace.code_region)
    return Contenu(modeles.FicheLieu(**_lieu(ligne), parents=au_dessus))


def programmes(d: Demande) -> Contenu:
    m = d.matiere
    publies = [
        modeles.ProgrammePublie(
            id=p.id, nom=p.nom, cadre=p.cadre, politique=p.politique, politique_nom=m.espace.politique(p.politique).nom,
            indicateurs=[i for i in p.indicateurs if i in m.indicateurs],
            lies=[i for i in p.lies if i in m.indicateurs],
            liens={"indicateurs": f"{RACINE}/indicateurs?programme={p.id}"},
        )
        for p in m.programmes.values()
    ]  # fmt: skip
    return Contenu(
        modeles.Programmes(**d.page(len(publies)), programmes=d.coupe(publies)), "programmes", modeles.ProgrammePublie
    )


def semaines(d: Demande) -> Contenu:
    publiees = [
        modeles.SemainePubliee(semaine=nom, arrete=i.arrete, publiee_le=i.cree_le.date())
        for nom, i in reversed(list(d.matiere.semaines.items()))
    ]
    return Contenu(
        modeles.Semaines(**d.page(len(publiees)), semaines=d.coupe(publiees)), "semaines", modeles.SemainePubliee
    )
