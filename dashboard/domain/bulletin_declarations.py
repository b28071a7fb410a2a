"""The sentences of a bulletin on what is declared or decided: targets, methods, perimeter, words of the agents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from dashboard.domain.bulletin import Entree, Matiere, entree
from dashboard.domain.bulletin_phrases import nomme, par_maille, producteurs
from dashboard.domain.ecarts import AJOUT, MODIFICATION, RETRAIT, Cause
from dashboard.domain.formatage import compte, liste, nombre, pluriel
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille

CITES = 3
"""Names given in one sentence; the others are counted."""
CHAMPS = {
    "libelle": "libellé", "libelle_court": "libellé court", "definition": "définition", "formule": "formule",
    "unite": "unité", "decimales": "décimales", "nature": "nature", "sens": "sens voulu", "lecture": "lecture",
    "agregation": "agrégation", "facteur": "facteur", "mailles": "échelles", "source": "source", "sources": "sources",
    "complements": "sources complémentaires", "source_directe": "source directe", "producteur": "producteur",
    "licence": "licence", "rythme_mois": "rythme", "delai_mois": "délai", "min_unites": "seuil de secret",
    "dominance": "règle de dominance", "acces": "accès", "carte": "classes de la carte",
    "ordre": "rang dans les listes",
    "note": "note", "acte": "acte", "date_acte": "date de l'acte", "date_initiale": "date de départ",
    "valeur_initiale": "valeur de départ", "jalons": "jalons", "source_url": "adresse de la source",
    "indicateurs": "indicateurs comptés", "poids": "poids", "lies": "indicateurs liés", "nom": "nom",
    "nom_court": "nom court", "cadre": "cadre", "direction": "direction", "credits": "crédits",
    "non_mesure": "ce qui manque pour le mesurer", "politique": "politique",
}  # fmt: skip
PRESENTATION = frozenset({"libelle", "libelle_court", "decimales", "carte", "ordre", "note", "nom", "nom_court"})
"""Fields that change how a figure is shown, not what it is."""
DITS = frozenset({"unite", "sens", "lecture", "agregation", "producteur", "formule", "facteur", "min_unites"})
"""Fields short enough to be told before and after."""
GENRES = {"synthese": "une synthèse", "decision": "une décision", "evenement": "un événement",
          "commentaire": "un commentaire", "intention": "une intention", "proposition": "une contestation"}  # fmt: skip


def cibles(m: Matiere) -> Iterator[Entree]:
    """Targets, an indicator and an author at a time: the région in figures, the other levels counted."""
    lignes = m.tables.get("objectifs", pd.DataFrame())
    for (indicateur, auteur), groupe in lignes.groupby(["indicateur", "auteur"], sort=True) if len(lignes) else ():
        declares = [i for i in m.espace.indicateurs if i.id == indicateur]
        if not declares:
            continue
        declare, programme = declares[0], m.espace.programme_de(str(indicateur))
        ici = groupe[groupe["territoire"] == m.region].sort_values("echeance")
        autres = groupe[groupe["territoire"] != m.region]
        texte = nomme(declare, programme)
        if len(ici):
            texte += _cible(m, declare, next(ici.iloc[::-1].itertuples()))
            texte.append((f" ; aussi pour {_lieux(m, autres['territoire'])}." if len(autres) else ".", False))
        else:
            mot = pluriel(autres["territoire"].nunique(), "voit sa cible changer", "voient leur cible changer")
            texte += [(_lieux(m, autres["territoire"]), True), (f" {mot}.", False)]
        etat = m.etat(programme.id) if programme and str(indicateur) in programme.indicateurs else None
        page = ("programme", {"programme": programme.id}) if programme else ("indicateur", {"indicateur": declare.id})
        yield entree(
            Cause.CIBLE, programme.nom if programme else declare.libelle_court, page[0],
            {**page[1], "territoire": m.region}, texte, source=str(auteur), effet=etat.statut.libelle if etat else "",
            lignes=len(groupe), donnees="donnees/objectifs.csv",
        )  # fmt: skip


def _cible(m: Matiere, declare: Any, ligne: Any) -> list[tuple[str, bool]]:
    """The target of the région: new, corrected or withdrawn."""
    annee = str(ligne.echeance)[:4]
    if ligne.nature == RETRAIT:
        return [("la cible de ", False), (f"{valeur(declare, _reel(ligne.valeur_avant))} fin {annee}", True),
                (" est retirée", False)]  # fmt: skip
    neuve = f"{valeur(declare, _reel(ligne.valeur_apres))} fin {annee}"
    if ligne.nature == AJOUT:
        ancienne = _ancienne(m, ligne)
        if ancienne is None:
            return [("une cible entre : ", False), (neuve, True), (f" ({ligne.acte_apres})", False)]
        de = f"{valeur(declare, _reel(ancienne.valeur))} fin {str(ancienne.echeance)[:4]}"
        return [(f"la cible de {de} laisse place à ", False), (neuve, True)]
    champs = ligne.champs.split(",")
    if "valeur" in champs:
        return [(f"la cible fin {annee} passe de {valeur(declare, _reel(ligne.valeur_avant))} à ", False),
                (valeur(declare, _reel(ligne.valeur_apres)), True)]  # fmt: skip
    return [(f"la cible de {neuve} garde sa valeur ; changent : ", False), (mots(champs), True)]


def _ancienne(m: Matiere, ligne: Any) -> Any:
    """The target of the same author that the new one follows."""
    o = m.objectifs
    memes = o[(o["indicateur"] == ligne.indicateur) & (o["territoire"] == m.region) & (o["auteur"] == ligne.auteur)]
    avant = memes[memes["echeance"].astype(str) < str(ligne.echeance)].sort_values("echeance")
    return next(avant.iloc[::-1].itertuples(), None)


def definitions(m: Matiere) -> Iterator[Entree]:
    """Declarations of indicators, programmes and politiques that enter, leave or change."""
    for ligne in _lignes(m, "indicateurs"):
        titre = _texte(ligne, "libelle_court") or str(ligne.id)
        constat = m.constats.get(str(ligne.id))
        combien = constat.combien(Cause.REVISION) if constat else 0
        programme = m.espace.programme_de(str(ligne.id))
        effet = m.etat(programme.id) if programme and str(ligne.id) in programme.indicateurs else None
        texte = _declaration(ligne, "l'indicateur")
        if combien and ligne.nature == MODIFICATION:
            suite = pluriel(combien, "valeur est révisée", "valeurs sont révisées")
            texte.append((f" En même temps, {nombre(combien)} {suite}.", False))
        connus = {i.id: i for i in m.espace.indicateurs}
        source = m.espace.producteur(connus[str(ligne.id)].producteur).sigle if str(ligne.id) in connus else ""
        page = ("catalogue", {}) if ligne.nature == RETRAIT else ("indicateur", {"indicateur": str(ligne.id)})
        yield entree(
            Cause.DEFINITION, titre, *page, texte, source=source, effet=effet.statut.libelle if effet else "",
            donnees="donnees/indicateurs.csv",
        )  # fmt: skip
    connus_p = {p.id: p for p in m.espace.programmes}
    for ligne in _lignes(m, "programmes"):
        programme = connus_p.get(str(ligne.id))
        page = ("programme", {"programme": programme.id}) if programme else ("politiques", {})
        yield entree(
            Cause.DEFINITION, _texte(ligne, "nom") or str(ligne.id), *page, _declaration(ligne, "le programme"),
            source=producteurs(m.espace, programme) if programme else "", donnees="donnees/programmes.csv",
        )  # fmt: skip
    for ligne in _lignes(m, "politiques"):
        yield entree(
            Cause.DEFINITION, _texte(ligne, "nom") or str(ligne.id), "politiques", {},
            _declaration(ligne, "la politique"), donnees="donnees/politiques.csv",
        )  # fmt: skip


def _declaration(ligne: Any, quoi: str) -> list[tuple[str, bool]]:
    if ligne.nature != MODIFICATION:
        return [(f"{quoi} ", False), ("entre" if ligne.nature == AJOUT else "sort", True), (" du catalogue." if
                ligne.nature == RETRAIT else " au catalogue.", False)]  # fmt: skip
    champs = ligne.champs.split(",")
    fond = [c for c in champs if c not in PRESENTATION]
    dits = [c for c in fond if c in DITS and hasattr(ligne, f"{c}_avant")]
    if len(fond) == len(dits) == 1:
        avant, apres = (str(getattr(ligne, dits[0] + cote)) for cote in ("_avant", "_apres"))
        return [(f"{mots(fond)} : ", True), (f"« {avant} » devient « {apres} ».", False)]
    texte = [(mots(fond or champs), True), (f" {pluriel(len(fond or champs), 'change', 'changent')}", False)]
    if dits:
        avant, apres = (str(getattr(ligne, dits[0] + cote)) for cote in ("_avant", "_apres"))
        texte.append((f" ; {CHAMPS[dits[0]]} : « {avant} » devient « {apres} »", False))
    return [*texte, (" (présentation seule)." if not fond else ".", False)]


def perimetre(m: Matiere) -> Iterator[Entree]:
    """Territories that enter, leave or are renamed, memberships that move, and the values that follow."""
    suivent = sum(c.combien(Cause.PERIMETRE) for c in m.constats.values())
    for maille in Maille:
        siens = [x for x in _lignes(m, "territoires") if str(x.code).startswith(f"{maille.prefixe}-")]
        sortis, entres = ([x for x in siens if x.nature == n] for n in (RETRAIT, AJOUT))
        renommes = [x for x in siens if x.nature == MODIFICATION and "nom" in x.champs.split(",")]
        morceaux = [
            *([f"{_n(maille, len(sortis))} en moins ({_noms(m, sortis)})"] if sortis else []),
            *([f"{_n(maille, len(entres))} en plus ({_noms(m, entres)})"] if entres else []),
            *([f"{_n(maille, len(renommes))} de nouveau nom ({_noms(m, renommes)})"] if renommes else []),
        ]  # fmt: skip
        if morceaux:
            suite = f" ; {nombre(suivent)} {pluriel(suivent, 'valeur suit', 'valeurs suivent')}" if suivent else ""
            texte = [(liste(morceaux), True), (f"{suite}.", False)]
            yield _perimetre(m, maille.pluriel.capitalize() if maille is not Maille.EPCI else "EPCI", maille, texte,
                             len(sortis) + len(entres) + len(renommes), "territoires")  # fmt: skip
    liens = [x for x in _lignes(m, "appartenances") if x.nature != MODIFICATION]
    existants = [x for x in liens if x.enfant in m.places and x.parent in m.places]
    if existants:
        enfants = len({x.enfant for x in existants})
        texte = [(compte(enfants, "territoire change", "territoires changent"), True),
                 (" de rattachement.", False)]  # fmt: skip
        yield _perimetre(m, "Rattachements", Maille.COMMUNE, texte, len(liens), "appartenances")


def _perimetre(
    m: Matiere, titre: str, maille: Maille, texte: list[tuple[str, bool]], lignes: int, table: str
) -> Entree:
    return entree(
        Cause.PERIMETRE, titre, "carte", {"maille": maille.value}, texte, source=f"COG {m.espace.millesime_cog}",
        effet="toutes cartes", lignes=lignes, donnees=f"donnees/{table}.csv",
    )  # fmt: skip


def apports(m: Matiere) -> Iterator[Entree]:
    """What agents wrote: a synthèse with its météo, a decision and its day."""
    programmes = {p.id: p.nom for p in m.espace.programmes}
    indicateurs = {i.id: i.libelle_court for i in m.espace.indicateurs}
    for ligne in _lignes(m, "apports"):
        genre, sujet = _texte(ligne, "genre") or "", _texte(ligne, "sujet") or ""
        contenu = _contenu(ligne)
        dits = {"synthese": f"météo « {contenu.get('meteo', '')} »", "decision": f"« {contenu.get('titre', '')} »"}
        verbe = {AJOUT: "entre", RETRAIT: "sort"}.get(ligne.nature, "change")
        if sujet in programmes:
            titre, page, ou = programmes[sujet], "programme", {"programme": sujet}
        elif sujet in indicateurs:
            titre, page, ou = indicateurs[sujet], "indicateur", {"indicateur": sujet}
        else:
            titre, page, ou = sujet, "catalogue", {}
        texte = [(f"{GENRES.get(genre, genre)} ", False), (verbe, True),
                 (f", {dits[genre]}" if genre in dits else "", False), (".", False)]  # fmt: skip
        code = _texte(ligne, "territoire")
        yield entree(
            Cause.APPORT, titre, page, {**ou, **({"territoire": code} if code else {})}, texte,
            source=_texte(ligne, "direction") or "", effet=m.places.get(code or "", ("", ""))[0],
            donnees="donnees/apports.csv",
        )  # fmt: skip


def mots(champs: list[str]) -> str:
    """« formule, unité et source »."""
    return liste([CHAMPS.get(c, c) for c in champs])


def _lignes(m: Matiere, table: str) -> list[Any]:
    return list(m.tables[table].itertuples()) if table in m.tables else []


def _texte(ligne: Any, champ: str) -> str | None:
    """A field as it is now, else as it was."""
    for cote in ("_apres", "_avant"):
        lu = getattr(ligne, champ + cote, None)
        if lu is not None and pd.notna(lu) and lu != "":
            return str(lu)
    return None


def _contenu(ligne: Any) -> dict[str, Any]:
    try:
        lu = json.loads(_texte(ligne, "contenu") or "{}")
    except ValueError:
        return {}
    return lu if isinstance(lu, dict) else {}


def _reel(x: Any) -> float | None:
    return None if x is None or x == "" or pd.isna(x) else float(x)


def _lieux(m: Matiere, codes: pd.Series) -> str:
    connus = [m.places[c][1] for c in dict.fromkeys(codes) if c in m.places]
    return par_maille(pd.DataFrame({"maille": connus, "n": 1})) if connus else compte(len(codes), "lieu", "lieux")


def _noms(m: Matiere, lignes: list[Any]) -> str:
    noms = [m.places[x.code][0] if x.code in m.places else str(x.code) for x in lignes[:CITES]]
    reste = len(lignes) - CITES
    return liste([*noms, *([f"{nombre(reste)} {pluriel(reste, 'autre', 'autres')}"] if reste > 0 else [])])


def _n(maille: Maille, n: int) -> str:
    return compte(n, maille.libelle if maille is Maille.EPCI else maille.libelle.lower(), maille.pluriel)
