"""The home of the static site and its list of policies: the same sentence, rows and counts as the application's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.domain.formatage import compte, date_courte, en_phrase, liste, nombre, pourcentage, signe
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.periode import Frequence
from dashboard.domain.phrases import MOTS, TEINTES, TEINTES_EN_ORDRE, valeur
from dashboard.domain.phrases_programmes import action, constat_fraicheur, essentiel, manque_budget, note_cibles
from dashboard.domain.portrait import texte
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.tendance import POINTS_MIN
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports.portrait_donnees import periode
from dashboard.exports.portrait_programmes import carte_des_retards, ligne_programme
from dashboard.exports.site_lecture import Matiere, morceaux
from dashboard.exports.site_rendu import Page
from dashboard.figures.etincelle import etincelle

CITEES = 5
"""Sentences of the bulletin on the home; the bulletin has them all."""
JAUGE = ((Fraicheur.A_JOUR, "jour"), (Fraicheur.EN_ATTENTE, "attente"), (Fraicheur.PERIME, "perime"), (None, "sans"))


def pages(m: Matiere) -> Iterator[Page]:
    """``index.html`` and ``politiques.html``."""
    yield Page("index.html", "accueil.html", "L'essentiel", "accueil", accueil(m))
    yield Page("politiques.html", "politiques.html", "Politiques", "politiques", politiques(m))


def accueil(m: Matiere) -> dict[str, Any]:
    """Every programme under its statut, where they are late, how fresh the values are, the région in figures."""
    pires = {e.programme.id: next((d for d in m.departements(e.programme.id) if d.en_retard), None) for e in m.etats}
    noms = {p: m.noms[d.code] for p, d in pires.items() if d is not None}
    groupes: dict[str, list[EtatProgramme]] = {t: [] for t in TEINTES_EN_ORDRE}
    for e in m.etats:
        groupes[TEINTES[e.statut]].append(e)
    return {
        "phrase": morceaux(essentiel(m.etats, noms)) if m.etats else [],
        "precision": note_cibles(m.etats),
        "groupes": [
            {"teinte": t, "nombre": nombre(len(siens)), "mot": MOTS[t][len(siens) > 1],
             "lignes": [_ligne(m, e, pires[e.programme.id]) for e in sorted(siens, key=lambda e: e.retard_relatif)]}
            for t, siens in groupes.items() if siens
        ],
        "carte": carte_des_retards(m.fonds),
        "fraicheur": fraicheur(m.etats),
        "budget": _budget(m),
        "bulletin": _bulletin(m),
        "chiffres": _chiffres(m),
        "arrete_court": date_courte(m.contexte.arrete),
    }  # fmt: skip


def _ligne(m: Matiere, e: EtatProgramme, pire: EtatProgramme | None) -> dict[str, Any]:
    verbe, quoi = action(e, m.contexte.arrete, m.sigles, m.decisions(e.programme.id))
    ages = [s.age for s in e.situations if s.age]
    synthese = m.synthese(e.programme.id)
    return {
        **programme_en_ligne(e),
        "age": f"{nombre(max(ages))} mois" if ages else "",
        "ou": m.noms[pire.code].replace("Territoire de ", "") if pire else "",
        "ou_taux": pourcentage(pire.taux, 0) if pire else "",
        "verbe": verbe,
        "quoi": quoi,
        "meteo": synthese[1].meteo.value if synthese else "",
    }


def programme_en_ligne(e: EtatProgramme) -> dict[str, Any]:
    """One line of a list of programmes; ``l`` and ``g``: width and mark of its bar, in whole percent."""
    ligne = ligne_programme(e)
    return {
        **ligne,
        "id": e.programme.id,
        "l": None if ligne["taux"] is None else round(ligne["taux"]),
        "g": None if ligne["attendu"] is None else min(99, round(ligne["attendu"])),
        "ecart": signe(e.ecart, 0, "pt") if e.ecart is not None else "",
    }


def fraicheur(etats: Sequence[EtatProgramme]) -> dict[str, Any]:
    """How many values are up to date, and how old the others are."""
    tete, detail, comptes = constat_fraicheur(etats)
    total = max(1, sum(comptes.values()))
    jauge = [(cle, max(1, round(100 * comptes[f] / total) - 1)) for f, cle in JAUGE if comptes[f]]
    return {"tete": tete, "detail": detail, "jauge": jauge}


def _chiffres(m: Matiere) -> list[dict[str, str]]:
    """The région in figures: context, said to be context."""
    choisis = m.contexte.espace.vitrine.essentiel
    declares = [i for i in m.fonds.contexte(Maille.REGION) if i.id in choisis]
    lues = [(i, m.fonds.derniere(m.region, i.id)) for i in declares]
    return [
        {"id": i.id, "nom": i.libelle_court, "valeur": texte(i, v),
         "date": "" if v.frequence == Frequence.P else periode(v)}
        for i, v in lues if v is not None
    ]  # fmt: skip


def _bulletin(m: Matiere) -> dict[str, Any] | None:
    """What changed this week: its sentence, the first rows of the bulletin and where each leads."""
    if m.bulletin is None:
        return None
    connus = {"programme": {e.programme.id for e in m.etats}, "indicateur": {i.id for i in m.contexte.indicateurs}}
    entrees = []
    for e in m.bulletin.entrees[:CITEES]:
        cible = e.parametres.get(e.page, "")
        adresse = f"{e.page}s/{cible}.html" if cible in connus.get(e.page, ()) else ""
        entrees.append({"titre": e.titre, "adresse": adresse, "texte": morceaux(e.texte)})
    reste = len(m.bulletin.entrees) - len(entrees)
    suite = f", {compte(reste, 'autre ligne', 'autres lignes')}" if reste else ""
    return {"phrase": morceaux(m.bulletin.phrase), "entrees": entrees, "suite": suite}


def _budget(m: Matiere) -> dict[str, Any] | None:
    """The budget of the région and its parts of the same year; None when nothing is published."""
    voulus = [i for i in m.contexte.espace.vitrine.budget if i in m.situations]
    lues = [m.situations[i][m.region] for i in voulus if m.situations[i][m.region].serie]
    if not lues:
        return None
    tete, *parts = lues
    jour, montant = tete.serie[-1]
    return {
        "id": tete.indicateur.id,
        "nom": f"{tete.indicateur.libelle_court} {jour.year}",
        "montant": valeur(tete.indicateur, montant),
        "parts": [(s.indicateur.id, en_phrase(s.indicateur.libelle_court), valeur(s.indicateur, s.serie[-1][1]))
                  for s in parts if s.serie[-1][0].year == jour.year],
        "manque": manque_budget(m.contexte.espace),
    }  # fmt: skip


def politiques(m: Matiere) -> dict[str, Any]:
    """The policies with their programmes, the farthest from its path first in each."""
    groupes: list[dict[str, Any]] = []
    for p in m.contexte.espace.politiques:
        siens = [e for e in m.etats if e.programme.politique == p.id]
        siens.sort(key=lambda e: (e.ecart is None, e.ecart or 0.0, e.programme.id))
        if siens:
            groupes.append({"id": p.id, "nom": p.nom, "lignes": [_de_politique(m, e) for e in siens]})
    n, p_ = len(m.etats), len(groupes)
    meteos = any(x["meteo"] for g in groupes for x in g["lignes"])
    directions = any(x["direction"] for g in groupes for x in g["lignes"])
    manques = [*([] if meteos else ["aucune météo saisie"]),
               *([] if directions else ["direction responsable à désigner pour chacun"])]  # fmt: skip
    comptes = {t: sum(TEINTES[e.statut] == t for e in m.etats) for t in TEINTES_EN_ORDRE}
    return {
        "compte": f"{compte(n, 'programme', 'programmes')} de {compte(p_, 'politique', 'politiques')}, du plus loin au "
        "plus en avance sur sa trajectoire dans chacune.",
        "manque": f"{liste(manques)[:1].upper()}{liste(manques)[1:]}." if manques else "",
        "groupes": groupes,
        "avec_meteo": meteos,
        "avec_direction": directions,
        "comptes": [(t, MOTS[t][k > 1], nombre(k)) for t, k in comptes.items() if k],
    }


def _de_politique(m: Matiere, e: EtatProgramme) -> dict[str, Any]:
    s, synthese = e.principal, m.synthese(e.programme.id)
    va = s.serie[-1][1] if s and s.serie else None
    auteurs = ", ".join(sorted({s.objectif.auteur for s in e.situations if s.objectif}))
    signataire = synthese[0].signature.direction if synthese else ""
    return {
        **programme_en_ligne(e),
        "valeur": valeur(s.indicateur, va) if s and va is not None else "",
        "evolution": etincelle([v for _, v in s.serie]) if s and len(s.serie) >= POINTS_MIN else "",
        "points": f"série de {len(s.serie)} valeurs" if s else "",
        "cible": auteurs or "aucune",
        "meteo": synthese[1].meteo.value if synthese else "",
        "direction": e.programme.direction or signataire,
        "retards": sum(d.en_retard for d in m.departements(e.programme.id)),
        "mesures": sum(d.taux is not None for d in m.departements(e.programme.id)),
    }


def sorte(code: str) -> str:
    """« Département », « EPCI »: the level of a territory in a word."""
    return maille_de(code).libelle
