"""« Pourquoi ce chiffre ? »: one figure, then the chain that made it, from its source to its target."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from dashboard import explications
from dashboard.domain import explication_dite as dite
from dashboard.domain.avertissements import avertissements as dits
from dashboard.domain.explication import Etape, Explication, Parts
from dashboard.domain.explication_json import en_json
from dashboard.domain.periode import Periode, PeriodeInconnue, parse_periode
from dashboard.domain.territoire import Maille
from dashboard.views import blocs, cached, fiche, filtres, qualite_tables
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, joindre, joint, lien_externe
from dashboard.views.preuve import adresse, preuve


def charge(vue: Vue) -> Explication | None:
    """The explanation that the address asks; None, with its reason on the page, when there is nothing to explain."""
    declares = {i.id: i for i in fiche.visibles(vue)}
    if not declares:
        blocs.vide("Aucun indicateur publié.", "Un agent doit alimenter une source : voir l'aide d'exploitation.")
        return None
    prefere = fiche.vitrine().fiche
    defaut = prefere if prefere in declares else next(iter(declares))
    choisi = declares[filtres.choix("indicateur", list(declares), defaut, "indicateur")]
    code = fiche.ou(vue, choisi)
    if code != vue.code:
        nom = vue.territoires.loc[code, "nom"]
        blocs.note(f"{vue.territoire['nom']} n'a pas cette mesure ; voici {nom}.")
    try:
        return explications.explique(cached.app(), vue.lecteur, choisi.id, code, _periode(), vue.arrete)
    except explications.SansChiffre as erreur:
        blocs.vide(str(erreur), "Choisir une autre période ou un territoire plus large.")
        blocs.affiche(balise("p", _fiche(choisi.id, code, "Voir la série"), classe="b-note"))
        return None


def _periode() -> Periode | None:
    """The period that the address asks; one that cannot be read is told, and the last one shown."""
    demandee = filtres.texte_libre("periode", 20)
    try:
        return parse_periode(demandee) if demandee else None
    except PeriodeInconnue as erreur:
        filtres.dis(f"{erreur} Voici la dernière.")
        filtres.note("periode", None)
        return None


def _fiche(indicateur: str, code: str, mots: str) -> Sur:
    return balise("a", mots, href=lien("indicateur", indicateur=indicateur, territoire=code), classe="b-lien")


def fil(e: Explication) -> list[str]:
    """Where the figure is seen: its record, its territory."""
    place = balise("a", e.nom, href=lien("territoire", territoire=e.code), classe="b-lien")
    return [_fiche(e.declare.id, e.code, e.declare.libelle), " › ", place, f" › {e.periode.texte}"]


def chiffre(e: Explication) -> Sur:
    """The figure in big, its sentence, its calculation."""
    grand = balise("span", dite.nombre_seul(e), balise("small", dite.unite(e)), classe="b-grand")
    calcul = dite.calcul(e) or (dite.secret(e) or (dite.CALCULEE if e.chiffre.calcule else dite.PUBLIEE))
    return joint(
        grand,
        balise("p", f"{e.declare.libelle}, {e.nom}, {e.periode.texte}", classe="b-texte"),
        balise("p", calcul, classe="b-verdict b-calcul"),
    )


def chaine(e: Explication) -> Sur:
    """The steps, numbered in the order they happened."""
    return balise("ol", *(_etape(e, rang, pas) for rang, pas in enumerate(dite.etapes(e), 1)), classe="b-chaine")


def _etape(e: Explication, rang: int, pas: Etape) -> Sur:
    titre = balise("h2", balise("span", str(rang), classe="b-pas"), pas.titre, classe="b-h2 b-etape")
    faits = [joint(balise("dt", nom), balise("dd", _valeur(nom, mots))) for nom, mots in pas.faits]
    parts = _parts(e, e.parts) if pas.cle == "agregation" and e.parts else ""
    return balise(
        "li", titre, balise("p", pas.phrase, classe="b-texte"), balise("dl", *faits, classe="b-def"), parts,
        id=f"{TITRES.get(pas.cle, pas.cle)}",
    )  # fmt: skip


TITRES = {"objectif": "avancement"}


def _valeur(nom: str, mots: str) -> Sur:
    """Addresses as links, fingerprints and queries as code."""
    if nom in ("Empreinte sha256", "Requête"):
        return balise("code", mots, classe="b-bloc")
    return lien_externe(mots, mots)


def _parts(e: Explication, parts: Parts) -> Sur:
    """The territories of a total, each with the way to its own explanation and the row it was received in."""
    if not parts.listees:
        return balise("p", "Ces territoires ne sont pas montrés à ce niveau.", classe="b-note")
    recues = any(p.ligne is not None for p in parts.listees)
    lignes = [
        [
            p.nom,
            preuve(dite.dit_valeur(e, p), e.declare.id, p.code, e.periode.code),
            *([f"ligne {p.ligne}, lot {p.lot}" if p.ligne is not None else ""] if recues else []),
        ]
        for p in parts.listees
    ]
    colonnes = [(Maille(parts.maille).libelle, False), ("Valeur", True), *([("Reçu", False)] if recues else [])]
    suite = balise("p", f"Et {dite.reste(parts)}.", classe="b-note") if parts.reste else ""
    return joint(blocs.table(colonnes, lignes, f"Les {parts.maille.pluriel} qui composent ce chiffre"), suite)


def agir(e: Explication) -> None:
    """What to do next: share the address, keep the document, tell the producer."""
    producteurs = {x.producteur.id: x.producteur for x in e.envois} or {e.producteur.id: e.producteur}
    liens = [
        balise("li", f"Signaler une erreur, {p.sigle} : ", joindre(p) or "contact non déclaré")
        for p in producteurs.values()
    ]
    liens += [balise("li", _fiche(e.declare.id, e.code, "La série et sa cible"))]
    liens += [
        balise("li", "Le jeu de données au ", balise("a", f"catalogue : {x.nom}", classe="b-lien",
                                                     href=lien("catalogue", jeu=x.source)))
        for x in {x.source: x for x in e.envois}.values()
    ]  # fmt: skip
    blocs.affiche(balise("h2", "Un doute ?", classe="b-h2"), balise("ul", *liens, classe="b-puces-simples"))
    nom = f"pourquoi_{e.declare.id}_{e.code}_{e.periode.code}.json"
    contenu = json.dumps(en_json(e), ensure_ascii=False, indent=1)
    st.download_button("Télécharger (JSON)", contenu, nom, "application/json", icon=":material/download:",
                       on_click="ignore")  # fmt: skip
    blocs.note("Lien permanent vers cette explication :")
    st.code(permalien(e), language=None, wrap_lines=True)


def qualite(vue: Vue, e: Explication) -> Sur:
    """What the data behind the figure are worth, measure by measure."""
    etats = cached.qualite(vue.lecteur, vue.version, vue.arrete).indicateurs
    mesures = next((x.mesures for x in etats if x.indicateur.id == e.declare.id), ())
    return qualite_tables.resume(mesures, lien("qualite", vue="indicateurs", indicateur=e.declare.id))


def permalien(e: Explication) -> str:
    """The whole address of this explanation, with its period, to copy."""
    racine = (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    chemin = adresse(e.declare.id, e.code, e.periode.code)
    return f"{racine}/{chemin}" if racine else chemin


def avertissements(e: Explication) -> list[str]:
    """What may be read wrongly in this one figure; the breaks of its series are said beside the series."""
    c = e.chiffre
    ligne = pd.DataFrame([{n: getattr(c, n) for n in COLONNES} | {"fin": e.periode.fin, "frequence": ""}])
    notes = [x.note for x in e.lignes if x.note]
    return dits(e.declare, ligne.astype(dict.fromkeys(COLONNES, "float64")), notes, [b.objectif.auteur for b in e.buts])


COLONNES = ("valeur", "numerateur", "denominateur", "n_unites", "completude", "completude_population", "calculee")
