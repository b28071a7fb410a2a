"""The Données page: where each source stands, the lots it gave, the work under way. For agents only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.domain.formatage import compte, date_courte, date_heure, jour_local, mois_annee, nombre
from dashboard.domain.lots import LotPublie, en_vigueur, lots_annules
from dashboard.domain.ponctualite import Etat, Ponctualite, ponctualite
from dashboard.domain.source import Source
from dashboard.figures.palette import forme
from dashboard.store.taches import Tache
from dashboard.store.tirages import REUSSIS
from dashboard.views import blocs, cached, filtres
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, image_svg, joint

TEINTES = {Etat.A_JOUR: "trajectoire", Etat.ATTENDUE: "surveiller", Etat.EN_RETARD: "retard",
           Etat.JAMAIS_EN_DIRECT: "nonmesure", Etat.JAMAIS: "nonmesure"}  # fmt: skip
ORDRE = (Etat.EN_RETARD, Etat.JAMAIS, Etat.JAMAIS_EN_DIRECT, Etat.ATTENDUE, Etat.A_JOUR)
NOMBRES = {Etat.A_JOUR: ("à jour", "à jour"), Etat.EN_RETARD: ("en retard", "en retard"),
           Etat.ATTENDUE: ("attendue", "attendues"), Etat.JAMAIS: ("jamais tirée", "jamais tirées"),
           Etat.JAMAIS_EN_DIRECT: ("jamais tirée en direct ici", "jamais tirées en direct ici")}  # fmt: skip
GENRES = {"sql": "Base de données", "fichier": "Fichier", "http": "Adresse web", "ogc": "Service géographique",
          "sdmx": "Service statistique (SDMX)"}  # fmt: skip
TACHES = {"verification": "Vérification", "publication": "Publication", "annulation": "Annulation",
          "tirage": "Tirage"}  # fmt: skip
ETATS_TACHE = {
    "attente": ("en attente", "nonmesure"), "en_cours": ("en cours", "surveiller"),
    "terminee": ("terminée", "trajectoire"), "refusee": ("refusée", "retard"), "echouee": ("échouée", "retard"),
    "annulee": ("annulée", "echu"), "interrompue": ("interrompue", "retard"),
}  # fmt: skip
LOTS_MONTRES, TACHES_MONTREES = 60, 8


def garde() -> None:
    """Stops here for whoever may not write: the page is not for him, even run by another way."""
    if not cached.app().auteur.peut_ecrire:
        st.stop()
    filtres.revient_au_present("Cette page agit sur les données d'aujourd'hui")


def source(identifiant: str) -> Source | None:
    """The declared source of this id."""
    return next((s for s in cached.app().sources if s.id == identifiant), None)


def nom_source(identifiant: str) -> str:
    """The name of a source; its id when it is no longer declared."""
    declaree = source(identifiant)
    return declaree.nom if declaree else "toutes les sources" if identifiant == "*" else identifiant


def instant(quand: Any) -> str:
    """« 23 nov. 2026 à 14:05 », from an instant of the store (UTC)."""
    return date_heure(pd.Timestamp(quand).to_pydatetime().replace(tzinfo=UTC))


def pastille(mot: str, teinte: str) -> Sur:
    """Shape, colour and word of a state."""
    return balise("span", image_svg(forme(teinte), ""), mot, classe=f"b-statut b-{teinte}")


# ------------------------------------------------------------------------------------------- sources


def etats(vue: Vue) -> dict[str, Ponctualite]:
    """Is each source on time, at the date d'arrêté?"""
    lots, tirages = cached.lots(vue.version), cached.tirages()
    return {s.id: _etat(vue, s, lots, tirages[tirages["source"] == s.id]) for s in cached.app().sources}


def _etat(vue: Vue, s: Source, lots: pd.DataFrame, siens: pd.DataFrame) -> Ponctualite:
    publie = _publies(lots, s.id)
    echec = None
    if len(siens) and siens.iloc[0]["etat"] not in REUSSIS:
        echec = (pd.Timestamp(siens.iloc[0]["quand"]).date(), str(siens.iloc[0]["message"]))
        if len(publie) and publie.iloc[0]["cree_le"] > siens.iloc[0]["quand"]:
            echec = None  # a file given by hand came after
    fin = _fin(vue, s, publie)
    return ponctualite(s, fin, vue.arrete, echec=echec, tiree=bool(siens["etat"].isin(REUSSIS).any()))


def _publies(lots: pd.DataFrame, identifiant: str) -> pd.DataFrame:
    """Deliveries of a source that were not undone, latest first."""
    siens = lots[(lots["source"] == identifiant) & (lots["statut"] == "publie")]
    annules = lots_annules(LotPublie(n, a) for n, a in _numeros(siens))
    return siens[(siens["genre"] == "livraison") & ~siens["id"].isin(list(annules))]


def _fin(vue: Vue, s: Source, publies: pd.DataFrame) -> date | None:
    """End of the last period that a source gave; the day of its last lot for targets, which have no rhythm of
    their own."""
    if publies.empty:
        return None
    if s.nature == "objectifs":
        return jour_local(pd.Timestamp(publies.iloc[0]["cree_le"]))
    siens = [i for i in cached.app().espace.indicateurs if s.id in (i.source, i.source_directe)]
    periodes = (cached.periodes(vue.lecteur, vue.version, i.id, i.mailles[-1]) for i in siens)
    return max((p[0].fin for p in periodes if p), default=None)


def phrase(vue: Vue) -> list[tuple[str, bool]]:
    """« 7 sources : 6 à jour, 1 en retard (INSEE, depuis octobre) »."""
    juges = etats(vue)
    if not juges:
        return [("Aucune source déclarée. Les sources se déclarent dans l'espace, dossier sources.", False)]
    morceaux = [(compte(len(juges), "source", "sources"), True), (" : ", False)]
    for rang, (etat, mots) in enumerate((e, m) for e, m in NOMBRES.items() if e in {p.etat for p in juges.values()}):
        siens = {i: p for i, p in juges.items() if p.etat is etat}
        morceaux += [(", ", False)] if rang else []
        morceaux.append((compte(len(siens), *mots), etat is Etat.EN_RETARD))
        if etat is Etat.EN_RETARD:
            noms = [_qui(i, p, vue.arrete) for i, p in siens.items()]
            reste = [f"{nombre(len(noms) - 3)} de plus"] if len(noms) > 3 else []
            morceaux.append((f" ({' ; '.join([*noms[:3], *reste])})", False))
    return [*morceaux, (".", False)]


def _qui(identifiant: str, p: Ponctualite, arrete: date) -> str:
    declaree = source(identifiant)
    espace = cached.app().espace
    nom = nom_source(identifiant)
    siens = {i.producteur for i in espace.indicateurs if identifiant in (i.source, i.source_directe)}
    producteurs = {declaree.producteur} if declaree and declaree.producteur else siens
    sigles = [p.sigle for p in espace.producteurs if p.id in producteurs]
    nom = sigles[0] if len(sigles) == 1 else nom
    return f"{nom}, depuis {_mois(p.depuis, arrete)}" if p.depuis else nom


def _mois(jour: date, arrete: date) -> str:
    texte = mois_annee(jour, court=False)
    return texte.removesuffix(f" {jour.year}") if jour.year == arrete.year else texte


def sources(vue: Vue) -> Sur:
    """Every source, those that ask for an act first: what it is, its last lot, how it stands, what can be done."""
    lots, juges = cached.lots(vue.version), etats(vue)
    lignes = [
        [
            joint(balise("strong", s.nom), balise("div", s.description, classe="b-second") if s.description else ""),
            balise("span", GENRES[s.connecteur], classe="b-fixe"),
            _dernier(lots, s.id),
            _ponctualite(juges[s.id]),
            f"{nombre(s.rythme_mois)} mois",
            _actions(s),
        ]
        for s in sorted(cached.app().sources, key=lambda s: ORDRE.index(juges[s.id].etat))
    ]  # fmt: skip
    colonnes = [("Source", False), ("Genre", False), ("Dernier lot", False), ("État", False), ("Rythme", True),
                ("Alimenter", False)]  # fmt: skip
    return blocs.table(colonnes, lignes, "Sources, leur dernier lot et leur état", "b-table b-fiches")


def _actions(s: Source) -> Sur:
    importe = balise("a", "Importer", href=lien("donnees", source=s.id), aria_label=f"Importer un fichier : {s.nom}")
    tire = balise("a", "Tirer maintenant", href=lien("donnees", source=s.id, agir="tirer"),
                  aria_label=f"Tirer maintenant : {s.nom}")  # fmt: skip
    return balise("span", importe, "" if s.a_la_main else tire, classe="b-actions")


def _dernier(lots: pd.DataFrame, identifiant: str) -> Sur | str:
    publies = _publies(lots, identifiant)
    if publies.empty:
        return "aucun"
    numero = int(publies.iloc[0]["id"])
    jour = date_courte(jour_local(pd.Timestamp(publies.iloc[0]["cree_le"])))
    adresse = lien("donnees", lot=str(numero))
    return balise("span", balise("a", f"lot {numero}", href=adresse), f" · {jour}", classe="b-fixe")


def _ponctualite(p: Ponctualite) -> Sur:
    depuis = f" depuis le {date_courte(p.depuis)}" if p.depuis and p.etat is Etat.EN_RETARD else ""
    raison = balise("div", p.raison, classe="b-second") if p.raison else ""
    return joint(pastille(p.etat.libelle + depuis, TEINTES[p.etat]), raison)


# ---------------------------------------------------------------------------------------------- lots


def etats_lots(lots: pd.DataFrame) -> dict[int, tuple[str, str]]:
    """State of each lot in words, with its colour: en vigueur, remplacé, annulé, refusé."""
    trouves: dict[int, tuple[str, str]] = {}
    for identifiant, siens in lots.groupby("source"):
        publies = [LotPublie(n, a) for n, a in _numeros(siens[siens["statut"] == "publie"])]
        declaree = source(str(identifiant))
        vigueur = set(en_vigueur(publies, complete=declaree is None or declaree.livraison == "complete"))
        annules = lots_annules(publies)
        for ligne in siens.itertuples():
            trouves[int(str(ligne.id))] = _etat_lot(ligne, vigueur, annules)
    return trouves


def _numeros(lots: pd.DataFrame) -> Iterable[tuple[int, int | None]]:
    for numero, annule, genre in zip(lots["id"], lots["annule"], lots["genre"], strict=True):
        if genre in ("livraison", "annulation"):
            yield int(numero), None if pd.isna(annule) else int(annule)


def _etat_lot(ligne: Any, vigueur: set[int], annules: Mapping[int, int]) -> tuple[str, str]:
    numero = int(ligne.id)
    if ligne.statut == "refuse":
        return "refusé", "retard"
    if numero in annules:
        return f"annulé par le lot {annules[numero]}", "echu"
    if ligne.genre == "annulation":
        return f"annule le lot {int(ligne.annule)}", "echu"
    if ligne.genre == "reconstruction":
        return "reconstruction", "nonmesure"
    return ("en vigueur", "trajectoire") if numero in vigueur else ("remplacé", "nonmesure")


def annulable(mot: str) -> bool:
    """Would undoing a lot in this state change anything?"""
    return mot == "en vigueur" or mot.startswith("annule le")


def lots(vue: Vue) -> Sur:
    """The latest lots, with what each received and whether it counts today."""
    tous = cached.lots(vue.version)
    mots = etats_lots(tous)
    lignes = []
    for ligne in tous.head(LOTS_MONTRES).itertuples():
        numero = int(str(ligne.id))
        mot, teinte = mots[numero]
        annuler = balise("a", "Annuler", href=lien("donnees", lot=str(numero), agir="annuler"),
                         aria_label=f"Annuler le lot {numero}")  # fmt: skip
        lignes.append([
            balise("a", f"Lot {numero}", href=lien("donnees", lot=str(numero)), classe="b-fixe"),
            nom_source(str(ligne.source)),
            joint(balise("span", instant(ligne.cree_le), classe="b-fixe"),
                  balise("div", f"par {ligne.auteur}", classe="b-second")), nombre(int(str(ligne.recues))),
            nombre(int(str(ligne.rejetees))), pastille(mot, teinte), annuler if annulable(mot) else "",
        ])  # fmt: skip
    colonnes = [("Lot", False), ("Source", False), ("Reçu", False), ("Lignes", True),
                ("Refusées", True), ("État", False), ("Action", False)]  # fmt: skip
    return blocs.table(colonnes, lignes, "Lots publiés et refusés", "b-table b-fiches")


# --------------------------------------------------------------------------------------------- tasks


def objet(tache: Tache) -> str:
    """What a task is about: a file, a source, a lot."""
    parametres = tache.parametres
    if tache.genre == "annulation":
        return f"lot {parametres.get('lot', '?')}"
    fichier = f"« {parametres['nom']} » pour " if parametres.get("nom") else ""
    return f"{fichier}{nom_source(str(parametres.get('source', '')))}"


def taches() -> Sur:
    """The latest work, each with its state; to be found again after leaving."""
    lignes = [
        [
            balise("a", f"{TACHES.get(t.genre, t.genre)} {t.id}", classe="b-fixe",
                   href=lien("donnees", tache=str(t.id))),
            joint(balise("span", objet(t)), balise("div", instant(t.cree_le), classe="b-second")),
            pastille(*ETATS_TACHE[t.etat]),
        ]
        for t in cached.taches(TACHES_MONTREES)
    ]  # fmt: skip
    if not lignes:
        return balise("p", "Aucune tâche encore : choisir une source ci-dessus pour commencer.", classe="b-note")
    colonnes = [("Tâche", False), ("Objet", False), ("État", False)]
    return blocs.table(colonnes, lignes, "Dernières tâches", "b-table b-fiches")
