"""What a delivery gave, in words then in tables: counts, refused cells, repairs, alerts, differences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import taches as travail
from dashboard.domain.formatage import compte, nombre, pluriel, signe
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.phrases import valeur
from dashboard.exports import rapport
from dashboard.exports.tableur import en_csv
from dashboard.store.taches import Tache
from dashboard.views import blocs, cached, donnees
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, affiche, balise, joint

REGLES = {
    "virgule_decimale": "virgule décimale lue comme un point", "espaces": "espaces retirés",
    "tiret_absent": "tiret lu comme « sans valeur »", "tiret_zero": "tiret lu comme zéro",
    "pourcent": "signe % retiré", "fraction": "fraction portée en %", "zero_initial": "zéro initial rétabli",
    "date_excel": "date de tableur rétablie", "jour_mois": "date jour/mois rétablie",
    "mois_jour": "date mois/jour rétablie", "doublons_identiques": "lignes répétées à l'identique, comptées une fois",
    "codes_anciens": "code de commune d'un millésime antérieur", "hors_region": "hors de la région",
    "codes_dans_un_texte": "plusieurs codes dans une cellule", "code_postal": "code postal porté au territoire",
    "lignes_somme": "lignes additionnées", "lignes_compte": "lignes comptées",
}  # fmt: skip
GENRES = {"revisee": ("révisée", "révisées"), "modifiee": ("modifiée", "modifiées"),
          "retiree": ("retirée", "retirées"), "nouvelle": ("nouvelle", "nouvelles")}  # fmt: skip
TEINTES = {"revisee": "surveiller", "modifiee": "nonmesure", "retiree": "retard", "nouvelle": "trajectoire"}


def verdict(lue: Tache) -> None:
    """The outcome in one coloured sentence, then the counts."""
    resultat = lue.resultat or {}
    if not resultat:
        affiche(_verdict("Le traitement s'est arrêté sans rien dire, et rien n'a été publié. Le relancer.", "retard"))
        return
    etat = str(resultat.get("etat"))
    if etat == "verifie":
        affiche(_verdict(phrase(resultat["comptes"]), "trajectoire"))
    elif etat == "publie":
        quoi = "publié" if lue.genre != "annulation" else f"publié, il annule le lot {lue.parametres.get('lot')}"
        affiche(_verdict(f"Lot {resultat['lot']} {quoi}.", "trajectoire"))
    elif etat == "refuse" and resultat.get("comptes", {}).get("recues"):
        fin = "" if lue.genre == "verification" else " Rien n'a été publié."
        texte = f"{phrase(resultat['comptes'], publie=False)}{fin}"
        if not resultat["comptes"]["rejetees"]:
            texte = f"{compte(resultat['comptes']['recues'], 'ligne reçue', 'lignes reçues')}, livraison refusée.{fin}"
        affiche(_verdict(texte, "retard"), balise("p", str(resultat["message"])))
    else:
        teinte = "trajectoire" if etat in ("inchange", "deja_publie") else "retard"
        message = str(resultat.get("message", ""))
        affiche(_verdict(message[:1].upper() + message[1:], teinte))


def _verdict(texte: str, teinte: str) -> Sur:
    return balise("p", texte, classe=f"b-verdict b-v-{teinte}", role="status")


def phrase(comptes: Mapping[str, int], *, publie: bool = True) -> str:
    """« 1 204 lignes reçues : 1 190 à publier, 12 refusées, 2 hors champ. »; without ``publie``, 1 190 bonnes."""
    recues, bonnes = comptes["recues"], comptes["acceptees"]
    refusees, hors = comptes["rejetees"], comptes["hors_champ"]
    une_par_ligne = bonnes + refusees + hors == recues
    mots = ("à publier", "à publier") if publie else ("bonne", "bonnes")
    morceaux = [compte(bonnes, *mots) if une_par_ligne else compte(bonnes, "valeur lue", "valeurs lues")]
    if refusees:
        morceaux.append(compte(refusees, "refusée", "refusées") if une_par_ligne
                        else compte(refusees, "ligne refusée", "lignes refusées"))  # fmt: skip
    morceaux += [f"{nombre(hors)} hors champ"] if hors else []
    return f"{compte(recues, 'ligne reçue', 'lignes reçues')} : {', '.join(morceaux)}."


def suites(vue: Vue, lue: Tache) -> None:
    """Where to see what was just published."""
    resultat = lue.resultat or {}
    siens = [i for i in cached.app().espace.ordonnes if resultat.get("source") in (i.source, i.source_directe)]
    ecarts = resultat.get("ecarts") or []
    touches = {str(e["indicateur"]) for e in ecarts}
    siens = [i for i in siens if i.id in touches] or siens
    if not siens:
        return
    code = next((str(e["code"]) for e in ecarts if e["code"] in vue.territoires.index), vue.code)
    liens = [balise("a", "Voir sur la carte", href=lien("carte", indicateur=siens[0].id), classe="b-lien")]
    nom = str(vue.territoires.loc[code, "nom"])
    liens.append(balise("a", f"Portrait : {nom}", href=lien("territoire", territoire=code), classe="b-lien"))
    liens += [
        balise("a", f"Indicateur : {i.libelle_court}", classe="b-lien",
               href=lien("indicateur", indicateur=i.id, territoire=code))
        for i in siens[:3]
    ]  # fmt: skip
    affiche(balise("p", *[joint(x, " ") for x in liens], classe="b-suites"))


def details(lue: Tache) -> None:
    """Tables of a task: refused cells, differences, repairs, alerts; each only when there is something."""
    resultat = lue.resultat or {}
    alertes(resultat.get("alertes") or [])
    if resultat.get("refus"):
        total = int(resultat["refus_total"])
        blocs.sous_titre("Ce qui est refusé", _montre(total, "cellule refusée", "cellules refusées"))
        affiche(refus(resultat["refus"]))
        _fichier(lue.id, "refus", "Toutes les cellules refusées (CSV)")
    if "ecarts" in resultat:
        blocs.sous_titre("Ce qui change" if lue.genre == "publication" else "Ce qui changerait", bilan(resultat))
        if resultat["ecarts"]:
            affiche(differences(resultat["ecarts"]))
            _fichier(lue.id, "ecarts", "Toutes les différences (CSV)")
    reparations(resultat.get("traces") or [])
    if lue.journal:
        with st.expander("Journal du traitement"):
            affiche(balise("ul", *(balise("li", ligne) for ligne in lue.journal), classe="b-journal"))


def _montre(total: int, singulier: str, plusieurs: str) -> str:
    debut = f"{compte(total, singulier, plusieurs)}."
    return f"{debut} Voici les {rapport.MONTREES} premières." if total > rapport.MONTREES else debut


def _fichier(numero: int, quoi: str, libelle: str) -> None:
    chemin = travail.fichier_joint(cached.app(), numero, quoi)
    if chemin is not None:
        st.download_button(
            libelle, chemin.read_bytes(), f"tache_{numero}_{quoi}.csv", "text/csv",
            icon=":material/download:", on_click="ignore", key=f"{quoi}:{numero}",
        )  # fmt: skip


def refus(lignes: Sequence[Mapping[str, Any]]) -> Sur:
    """Refused cells: where, what, why, and how to put it right."""
    corps = [
        [nombre(x["ligne"]), balise("span", str(x["colonne"]), classe="b-fixe"),
         balise("code", str(x["valeur"] if x["valeur"] is not None else "vide")), str(x["message"]),
         str(x["suggestion"])]
        for x in lignes
    ]  # fmt: skip
    colonnes = [("Ligne", False), ("Colonne", False), ("Valeur", False), ("Motif", False), ("Correction", False)]
    return blocs.table(colonnes, corps, "Cellules refusées", "b-table b-fiches b-refus")


def bilan(resultat: Mapping[str, Any]) -> str:
    """« 3 révisées, 10 modifiées, 399 nouvelles ; 3 200 inchangées. »"""
    comptes = resultat["comptes"]
    mots = [compte(comptes[g], *GENRES[g]) for g in GENRES if comptes.get(g)]
    inchangees = compte(comptes.get("inchangees", 0), "valeur inchangée", "valeurs inchangées")
    declaree = donnees.source(str(resultat.get("source")))
    seuil = f" Révisée : publiée, et qui change de plus de {nombre(declaree.seuil_revision)} %." if declaree else ""
    suite = seuil if comptes.get("revisee") else ""
    total = int(resultat.get("ecarts_total") or 0)
    suite += f" Voici les {rapport.MONTREES} premières." if total > rapport.MONTREES else ""
    return f"{', '.join(mots) or 'Aucune différence'} ; {inchangees}.{suite}"


def differences(lignes: Sequence[Mapping[str, Any]]) -> Sur:
    """Before, after, change; the most surprising first."""
    declares = {i.id: i for i in cached.app().espace.indicateurs}
    corps = [
        [
            donnees.pastille(GENRES[x["genre"]][0], TEINTES[x["genre"]]), _court(declares, str(x["indicateur"])),
            joint(str(x["territoire"] or x["code"]), balise("div", str(x["code"]), classe="b-second b-fixe")),
            balise("span", str(x["periode"]), classe="b-fixe"),
            _chiffre(declares, x, "avant"), _chiffre(declares, x, "apres"),
            signe(x["variation"], 1, "%") if x["variation"] is not None else "",
        ]
        for x in lignes
    ]  # fmt: skip
    colonnes = [("Écart", False), ("Indicateur", False), ("Territoire", False), ("Période", False), ("Avant", True),
                ("Après", True), ("Variation", True)]  # fmt: skip
    return blocs.table(colonnes, corps, "Différences avec les valeurs publiées", "b-table b-fiches")


def _court(declares: Mapping[str, Indicateur], identifiant: str) -> str:
    return declares[identifiant].libelle_court if identifiant in declares else identifiant


def _chiffre(declares: Mapping[str, Indicateur], ligne: Mapping[str, Any], quand: str) -> str:
    v = ligne[quand]
    if v is None:
        return "—"
    declare = declares.get(str(ligne["indicateur"]))
    return valeur(declare, v) if declare else nombre(v, 2)


def reparations(traces: Sequence[Mapping[str, Any]]) -> None:
    """The declared rules that were used, how many times, with examples."""
    if not traces:
        return
    blocs.sous_titre("Réparations déclarées, appliquées", "Une règle non déclarée pour la source ne l'est jamais.")
    corps = [
        [REGLES.get(str(t["regle"]), str(t["regle"])), str(t["colonne"]), nombre(t["nombre"]),
         " · ".join(f"l. {e['ligne']} : {e['avant']} → {e['apres'] or 'sans valeur'}" for e in t["exemples"][:3])]
        for t in traces
    ]  # fmt: skip
    colonnes = [("Règle", False), ("Colonne", False), ("Fois", True), ("Exemples", False)]
    affiche(blocs.table(colonnes, corps, "Réparations appliquées", "b-table b-fiches"))


def alertes(textes: Sequence[str]) -> None:
    """What is told without refusing."""
    if textes:
        titre = pluriel(len(textes), "Alerte", "Alertes")
        affiche(balise("p", balise("strong", f"{titre} : "), " ".join(textes), classe="b-verdict b-v-surveiller"))


def lot(vue: Vue, numero: int) -> None:
    """One lot: what it received, whether it counts today, what was refused and repaired in it."""
    from dashboard.views.import_vue import confirme_annulation

    tous = cached.lots(vue.version)
    trouve = tous[tous["id"] == numero]
    if trouve.empty:
        blocs.vide("Ce lot n'existe pas ici.", "Les lots publiés sont listés en bas de page.")
        return
    ligne = trouve.iloc[0]
    mot, teinte = donnees.etats_lots(tous)[numero]
    with st.container(border=True):
        titre = f"Lot {numero} : {donnees.nom_source(str(ligne['source']))}"
        affiche(balise("div", balise("h2", titre, classe="b-h2"), donnees.pastille(mot, teinte), classe="b-entre"))
        affiche(blocs.definitions({
            "Reçu": f"{donnees.instant(ligne['cree_le'])}, par le profil {ligne['auteur']}",
            "Origine": str(ligne["origine"]),
            "Lignes": f"{nombre(ligne['recues'])} reçues, {nombre(ligne['acceptees'])} publiées, "
                      f"{nombre(ligne['rejetees'])} refusées, {nombre(ligne['hors_champ'])} hors champ",
            "Empreinte (sha256)": str(ligne["sha256"]), "Message": str(ligne["message"]),
        }))  # fmt: skip
        alertes(rapport.relis(str(ligne["alertes"])))
        if donnees.annulable(mot) and st.button("Annuler ce lot", icon=":material/undo:"):
            confirme_annulation(numero)
        _refus_du_lot(vue, numero, str(ligne["source"]))
        lues = cached.reparations(vue.version, numero)
        reparations([{**r, "exemples": json.loads(r["exemples"])} for r in lues.to_dict(orient="records")])


def _refus_du_lot(vue: Vue, numero: int, identifiant: str) -> None:
    rejets: pd.DataFrame = cached.rejets(vue.version, numero)
    if rejets.empty:
        return
    if declaree := donnees.source(identifiant):
        rejets = rapport.au_nom_du_fichier(rejets, declaree)
    blocs.sous_titre("Lignes refusées", _montre(len(rejets), "cellule refusée", "cellules refusées"))
    affiche(refus(rapport.extrait(rejets)))
    st.download_button(
        "Toutes les cellules refusées (CSV)", en_csv(rejets.drop(columns=["id", "lot"])),
        f"lot_{numero}_refus.csv", "text/csv", icon=":material/download:", on_click="ignore",
    )  # fmt: skip
