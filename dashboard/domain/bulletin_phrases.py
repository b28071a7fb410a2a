"""The sentences of a bulletin on statuts and values: what, how much, since when, and what it does to the statut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from dashboard.domain.bulletin import Constat, Entree, EtatLu, Matiere, Point, entree, periode
from dashboard.domain.ecarts import SECRET, Cause
from dashboard.domain.formatage import compte, en_phrase, liste, nombre, pluriel, pourcentage, sans_accent, signe
from dashboard.domain.indicateur import Espace, Indicateur, Programme
from dashboard.domain.periode import Periode
from dashboard.domain.phrases import unite_ecart, valeur
from dashboard.domain.territoire import Maille

CITES = 4
"""Territories named in one sentence; the others are counted."""
AILLEURS = "région inchangée"
"""Effect of a statut that changes in parts of the région only."""
OBSERVATIONS = "donnees/observations/{}.csv"


def statuts(m: Matiere) -> Iterator[Entree]:
    """Programmes whose statut changes, in the région or in some of its parts."""
    for programme in m.espace.programmes:
        avant, apres, ailleurs = m.etat(programme.id, avant=True), m.etat(programme.id), _ailleurs(m, programme)
        la = _parties(m, ailleurs) if ailleurs else ""
        if avant and apres and avant.statut is not apres.statut:
            de_a = f"de « {avant.statut.libelle} » à « {apres.statut.libelle} »"
            motif = f" ; {apres.motif}" if apres.motif else ""
            suite = f" ; aussi {la}" if la else ""
            texte = [("passe ", False), (de_a, True), (f"{_chemin(apres)}{motif}{suite}.", False)]
            yield _sur_programme(m, programme, texte, effet=apres.statut.libelle, lignes=1 + len(ailleurs))
        elif ailleurs:
            combien = _combien(m, [c for c, _, _ in ailleurs])
            mot = pluriel(len(ailleurs), "change", "changent")
            texte = [(combien, True), (f" {mot} de statut{la.removeprefix(combien)}.", False)]
            yield _sur_programme(m, programme, texte, effet=AILLEURS, lignes=len(ailleurs))


def _parties(m: Matiere, changes: Sequence[tuple[str, EtatLu, EtatLu]]) -> str:
    """« 8 départements : Jura (atteint → en retard), … »."""
    noms = [f"{m.places[c][0]} ({a.statut.libelle} → {b.statut.libelle})" for c, a, b in changes[:CITES]]
    reste = len(changes) - CITES
    noms += [f"{nombre(reste)} {pluriel(reste, 'autre', 'autres')}"] if reste > 0 else []
    return f"{_combien(m, [c for c, _, _ in changes])} : {liste(noms)}"


def _ailleurs(m: Matiere, programme: Programme) -> list[tuple[str, EtatLu, EtatLu]]:
    """Territories other than the région whose statut changes, those that both weeks judge."""
    avant = m.etats_avant.get(programme.id, {})
    paires = [(c, avant[c], e) for c, e in m.etats.get(programme.id, {}).items() if c != m.region and c in avant]
    return sorted(((c, a, b) for c, a, b in paires if a.statut is not b.statut and c in m.places), key=lambda x: x[0])


def valeurs(m: Matiere) -> Iterator[Entree]:
    """What entered, was revised or withdrawn: the results of programmes first, then the context."""
    for declare in m.espace.ordonnes:
        constat = m.constats.get(declare.id)
        if constat is None:
            continue
        for cause in (Cause.NOUVELLE, Cause.REVISION, Cause.RETIREE):
            if constat.combien(cause):
                yield _valeur(m, declare, constat, cause)


def _valeur(m: Matiere, declare: Indicateur, constat: Constat, cause: Cause) -> Entree:
    region = constat.region[constat.region["cause"] == cause.value].sort_values("fin")
    masse = constat.comptes[(constat.comptes["cause"] == cause.value) & (constat.comptes["maille"] != "region")]
    programme = m.espace.programme_de(declare.id)
    if region.empty:
        texte, effet = _en_masse(declare, masse, cause), ""
    else:
        dit = {Cause.NOUVELLE: _nouvelle, Cause.REVISION: _revision, Cause.RETIREE: _retiree}[cause]
        texte, effet = dit(declare, constat, region)
        texte += [(_aussi(masse), False), (".", False)]
    if programme is not None and declare.id in programme.indicateurs and not region.empty:
        suite, change = _statut(m.etat(programme.id, avant=True), m.etat(programme.id))
        texte, effet = [*texte, (suite, False)], effet or change
    effet = effet or ("contexte" if declare.est_contexte else AILLEURS if region.empty else "")
    return _sur_indicateur(m, cause, declare, texte, masse if region.empty else None, effet, constat.combien(cause))


def _nouvelle(declare: Indicateur, constat: Constat, region: pd.DataFrame) -> tuple[list[tuple[str, bool]], str]:
    ligne = list(region.itertuples())[-1]
    quand = periode(ligne)
    avant = _precedent(constat.serie, quand)
    lu = _figure(declare, ligne, "_apres")
    if avant is None:
        texte = [(lu, True), (f" ({quand.texte})", False)]
    else:
        ancien = nombre(avant.valeur, declare.decimales, secret=avant.secret)
        texte = [(f"{ancien} → ", False), (lu, True), (f" (de {avant.periode.texte} à {quand.texte})", False)]
    return [*texte, (_autres(len(region) - 1, "période entre aussi", "périodes entrent aussi"), False)], ""


def _revision(declare: Indicateur, constat: Constat, region: pd.DataFrame) -> tuple[list[tuple[str, bool]], str]:
    ligne: Any = list(region.itertuples())[-1]
    ancien, neuf = _figure(declare, ligne, "_avant"), _figure(declare, ligne, "_apres")
    autres = (_autres(len(region) - 1, "période révisée aussi", "périodes révisées aussi"), False)
    quand = (f" ({periode(ligne).texte})", False)
    if "valeur" not in ligne.champs.split(",") and SECRET not in (ligne.statut_avant, ligne.statut_apres):
        return [
            (neuf, True),
            quand,
            (" ne change pas, ses précisions sont révisées", False),
            autres,
        ], "valeur inchangée"
    ecart = ligne.valeur_apres - ligne.valeur_avant
    if ancien == neuf and pd.notna(ecart):
        return [(neuf, True), quand, (", révisé au-delà de ce qui s'affiche", False), autres], "écart sous l'arrondi"
    effet = signe(ecart, declare.decimales, unite_ecart(declare)) if pd.notna(ecart) else ""
    return [(f"{ancien} devient ", False), (neuf, True), quand, autres], effet


def _retiree(declare: Indicateur, constat: Constat, region: pd.DataFrame) -> tuple[list[tuple[str, bool]], str]:
    ligne = list(region.itertuples())[-1]
    texte = [("la valeur ", False), (_figure(declare, ligne, "_avant"), True),
             (f" ({periode(ligne).texte}) est retirée", False)]  # fmt: skip
    return [*texte, (_autres(len(region) - 1, "autre période retirée", "autres périodes retirées"), False)], ""


def _figure(declare: Indicateur, ligne: Any, cote: str) -> str:
    """« 9,9 % », or in words what a figure is not."""
    if getattr(ligne, "statut" + cote) == SECRET:
        return "couvert par le secret"
    lue = getattr(ligne, "valeur" + cote)
    return valeur(declare, lue) if pd.notna(lue) else "non disponible"


def _precedent(serie: Sequence[Point], quand: Periode) -> Point | None:
    """The value of the period before, of the same rhythm."""
    avant = [p for p in serie if p.periode.fin < quand.fin and p.periode.frequence is quand.frequence]
    return max(avant, key=lambda p: p.periode.fin) if avant else None


def _autres(n: int, un: str, des: str) -> str:
    return f" ; {nombre(n)} {pluriel(n, un, des)}" if n > 0 else ""


def _en_masse(declare: Indicateur, masse: pd.DataFrame, cause: Cause) -> list[tuple[str, bool]]:
    """« 3 685 communes ont une nouvelle valeur de population municipale (2023). »"""
    derniere = periode(next(masse.sort_values("fin", ascending=False).itertuples()))
    combien = masse.groupby("fin").ngroups
    quand = f"{derniere.texte}" if combien == 1 else f"{nombre(combien)} périodes, jusqu'à {derniere.texte}"
    siens = masse[masse["fin"] == masse["fin"].max()]
    n = int(siens["n"].sum())
    mots = {
        Cause.NOUVELLE: ("a une nouvelle valeur", "ont une nouvelle valeur"),
        Cause.REVISION: ("a une valeur révisée", "ont une valeur révisée"),
        Cause.RETIREE: ("perd sa valeur", "perdent leur valeur"),
    }[cause]
    return [(par_maille(siens), True), (f" {pluriel(n, *mots)} ({quand}).", False)]


def _aussi(masse: pd.DataFrame) -> str:
    """What the sentence on the région leaves out."""
    return f" ; aussi pour {par_maille(masse[masse['fin'] == masse['fin'].max()])}" if len(masse) else ""


def par_maille(comptes: pd.DataFrame) -> str:
    """« 8 départements et 3 685 communes » from rows of (maille, n)."""
    total = comptes.groupby("maille", observed=True)["n"].sum()
    mailles = sorted((Maille(str(x)) for x in total.index), key=lambda x: x.rang)
    return liste([_territoires(x, int(total[x.value])) for x in mailles])


def _territoires(maille: Maille, n: int) -> str:
    singulier = maille.libelle if maille is Maille.EPCI else maille.libelle.lower()
    return compte(n, singulier, maille.pluriel)


def _combien(m: Matiere, codes: Sequence[str]) -> str:
    cadre = pd.DataFrame({"maille": [m.places[c][1] for c in codes], "n": 1})
    return par_maille(cadre)


def _statut(avant: EtatLu | None, apres: EtatLu | None) -> tuple[str, str]:
    """(« Toujours à surveiller : 63 % du chemin, 51 % attendus. », « statut inchangé »)."""
    if apres is None:
        return "", ""
    mot = apres.statut.libelle
    if avant is None:
        return f" {mot[:1].upper()}{mot[1:]}{_chemin(apres)}.", mot
    if avant.statut is apres.statut:
        return f" Toujours {mot}{_chemin(apres)}.", "statut inchangé"
    return f" Le programme passe de « {avant.statut.libelle} » à « {mot} »{_chemin(apres)}.", mot


def _chemin(etat: EtatLu) -> str:
    if etat.taux is None:
        return ""
    attendu = f", {pourcentage(etat.attendu, 0)} attendus" if etat.attendu is not None else ""
    return f" : {pourcentage(etat.taux, 0)} du chemin{attendu}"


def _sur_programme(
    m: Matiere, programme: Programme, texte: Iterable[tuple[str, bool]], *, effet: str, lignes: int = 1
) -> Entree:
    """Leads to the programme, or to its rows in the départements."""
    page, ou = "programme", {"programme": programme.id, "territoire": m.region}
    if effet == AILLEURS:
        page, ou = "suivi", {"programme": programme.id, "maille": Maille.DEPARTEMENT.value}
    source, donnees = producteurs(m.espace, programme), "donnees/etats.csv"
    return entree(
        Cause.STATUT, programme.nom, page, ou, texte, source=source, effet=effet, lignes=lignes, donnees=donnees
    )


def nomme(declare: Indicateur, programme: Programme | None) -> list[tuple[str, bool]]:
    """Which indicator of a programme speaks, unless both have one name."""
    nom = declare.libelle_court
    if programme is None or sans_accent(nom) in sans_accent(programme.nom):
        return []
    return [(f"{en_phrase(nom)}, ", False)]


def producteurs(espace: Espace, programme: Programme) -> str:
    """Who publishes what a programme counts."""
    sigles = [espace.producteur(espace.indicateur(i).producteur).sigle for i in programme.indicateurs]
    return ", ".join(dict.fromkeys(sigles))


def _sur_indicateur(
    m: Matiere, cause: Cause, declare: Indicateur, texte: Iterable[tuple[str, bool]], masse: pd.DataFrame | None,
    effet: str, lignes: int,
) -> Entree:  # fmt: skip
    """Leads to the indicator, or to the map of the finest level when only parts of the région changed."""
    programme = m.espace.programme_de(declare.id)
    titre = programme.nom if programme else declare.libelle_court
    debut = nomme(declare, programme)
    page, ou = "indicateur", {"indicateur": declare.id, "territoire": m.region}
    if masse is not None and len(masse):
        fine = max((Maille(str(x)) for x in masse["maille"]), key=lambda x: x.rang)
        derniere = periode(next(masse.sort_values("fin", ascending=False).itertuples()))
        page, ou = "carte", {"indicateur": declare.id, "maille": fine.value, "periode": derniere.code}
    source = m.espace.producteur(declare.producteur).sigle
    donnees = OBSERVATIONS.format(declare.id)
    return entree(cause, titre, page, ou, [*debut, *texte], source=source, effet=effet, lignes=lignes, donnees=donnees)
