"""What ``rapport.pdf`` says: the essential of the région, then every policy with each of its programmes. Plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.domain.apports import Apport, Genre
from dashboard.domain.formatage import compte, date_longue, mois_annee, nombre, pourcentage
from dashboard.domain.instantane import empreinte_courte
from dashboard.domain.phrases import TEINTES, detail_situation
from dashboard.domain.phrases_programmes import essentiel
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import ORDRE
from dashboard.domain.statut import Statut
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.portrait_donnees import COULEURS
from dashboard.exports.portrait_lecture import Fonds
from dashboard.exports.portrait_programmes import carte_des_retards, ligne_programme, multiple
from dashboard.figures.palette import STATUTS, TEXTES_STATUTS, forme
from dashboard.store.apports import load_apports
from dashboard.store.moteur import lecture


def rapport(contexte: Contexte, fonds: Fonds) -> dict[str, Any]:
    """The data of the report, from what the portraits of the région rest on."""
    region = contexte.espace.code_region
    etats, mots = fonds.etats[region], _mots(contexte)
    return {
        "titre": contexte.espace.nom,
        "semaine": str(contexte.semaine),
        "arrete": date_longue(contexte.arrete),
        "jour": [contexte.arrete.year, contexte.arrete.month, contexte.arrete.day],
        "empreinte": empreinte_courte(contexte.contenu),
        "motif": contexte.motif,
        "pied": f"Boussole, {contexte.espace.nom}. Instantané {contexte.semaine}, arrêté au "
        f"{date_longue(contexte.arrete)}. Empreinte {empreinte_courte(contexte.contenu)}.",
        "phrase": essentiel(etats),
        "comptes": _comptes(etats),
        "carte": carte_des_retards(fonds),
        "programmes": [ligne_programme(e) for e in _ranges(etats)],
        "politiques": [_politique(contexte, fonds, etats, mots, p.id, p.nom) for p in contexte.espace.politiques],
        "sources": _sources(contexte, etats),
        "attribution": contexte.espace.attribution,
        "formes": {t: forme(t) for t in (*STATUTS, "perime")},
        "teintes": STATUTS,
        "textes_teintes": TEXTES_STATUTS,
        "couleurs": COULEURS,
    }


def _ranges(etats: Sequence[EtatProgramme]) -> list[EtatProgramme]:
    return sorted(etats, key=lambda e: (ORDRE.index(e.statut), e.retard_relatif, e.programme.nom))


def _comptes(etats: Sequence[EtatProgramme]) -> list[dict[str, Any]]:
    """How many programmes have each statut, the worst first."""
    presents = [(s, sum(e.statut is s for e in etats)) for s in ORDRE]
    return [{"teinte": TEINTES[s], "statut": s.libelle, "nombre": nombre(n)} for s, n in presents if n]


def _politique(
    contexte: Contexte,
    fonds: Fonds,
    etats: Sequence[EtatProgramme],
    mots: Mapping[str, Sequence[Apport]],
    politique: str,
    nom: str,
) -> dict[str, Any]:
    siens = [e for e in _ranges(etats) if e.programme.politique == politique]
    retards = sum(e.en_retard for e in siens)
    resume = compte(len(siens), "programme suivi", "programmes suivis")
    resume += f", {nombre(retards)} en retard" if retards else ""
    return {
        "nom": nom,
        "resume": resume if siens else "aucun programme suivi",
        "programmes": [_programme(contexte, fonds, e, mots.get(e.programme.id, ())) for e in siens],
    }


def _programme(contexte: Contexte, fonds: Fonds, e: EtatProgramme, mots: Sequence[Apport]) -> dict[str, Any]:
    """A programme: its statut, the sentence of each indicator it counts, a drawing, what was said of it."""
    region = contexte.espace.code_region
    departements = [x for code, tous in fonds.etats.items() if code != region for x in tous]
    loin = [x for x in departements if x.programme.id == e.programme.id and x.en_retard]
    loin.sort(key=lambda x: x.retard_relatif)
    lieux = fonds.places["nom"].to_dict()
    noms = [f"{lieux[x.code]} ({pourcentage(x.taux, 0)})" for x in loin[:3]]
    return {
        **ligne_programme(e),
        "cadre": e.programme.cadre,
        "direction": e.programme.direction or "",
        "phrases": [detail_situation(s) for s in e.situations],
        "dessin": multiple(fonds, e),
        "ou": f"En retard d'abord : {', '.join(noms)}." if noms else "",
        "mots": [_dit(a) for a in mots],
        "mesure": e.statut is not Statut.NON_MESURE,
    }


def _mots(contexte: Contexte) -> dict[str, list[Apport]]:
    """The synthèses and open decisions of the région, by programme."""
    ids = [p.id for p in contexte.programmes]
    with lecture(contexte.moteur) as connexion:
        lus = load_apports(connexion, contexte.lecteur, ids, (Genre.SYNTHESE, Genre.DECISION))
    par_programme: dict[str, list[Apport]] = {}
    for a in sorted(lus, key=lambda a: (a.genre.value != Genre.SYNTHESE.value, a.fil)):
        if a.code == contexte.espace.code_region:
            par_programme.setdefault(a.sujet, []).append(a)
    return par_programme


def _dit(a: Apport) -> dict[str, str]:
    contenu = a.contenu.model_dump(mode="json")
    if a.genre is Genre.SYNTHESE:
        titre, texte = f"Météo : {contenu['meteo']}", contenu["texte"]
    else:
        titre, texte = f"Décision : {contenu['titre']}", f"{contenu['responsable']}, avant le {contenu['echeance']}."
    signe = f"{a.signature.fonction}, {a.signature.direction}, {mois_annee(a.cree_le.date())}"
    return {"titre": titre, "texte": texte, "signe": signe}


def _sources(contexte: Contexte, etats: Sequence[EtatProgramme]) -> list[dict[str, str]]:
    """Who publishes what the report shows, each said once."""
    paires = dict.fromkeys((s.indicateur.producteur, s.indicateur.licence) for e in etats for s in e.situations)
    tous = [(contexte.espace.producteur(p), licence) for p, licence in paires]
    return [{"sigle": p.sigle, "nom": p.nom, "licence": licence} for p, licence in tous]
