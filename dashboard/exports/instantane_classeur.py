"""``synthese.xlsx``: the state of the week in one workbook that a person reads; the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard.domain.apports import Genre
from dashboard.domain.formatage import SECRET, date_longue
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.instantane import empreinte_courte
from dashboard.domain.statut import Statut
from dashboard.domain.territoire import Maille
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.instantane_dernieres import Colonne, dernieres
from dashboard.exports.instantane_resultats import etats, resultats
from dashboard.exports.tableur import FIXE, sans_formule
from dashboard.store.apports import load_apports
from dashboard.store.moteur import lecture

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
           "nan_inf_to_errors": True, "default_date_format": "yyyy-mm-dd"}  # fmt: skip
MAILLES = (Maille.REGION, Maille.DEPARTEMENT, Maille.EPCI)
LECTURE = (
    "Avancement : part du chemin parcouru de la valeur initiale à la cible, en %. Attendu : où la trajectoire en est "
    "à la date de la valeur. Une cellule vide est une valeur absente, « s. » une valeur secrète ; jamais zéro. "
    "Chaque chiffre est celui de donnees/observations et de donnees/resultats."
)


def ecris_classeur(contexte: Contexte, dossier: Path) -> None:
    """Writes ``synthese.xlsx``."""
    with xlsxwriter.Workbook(str(dossier / "synthese.xlsx"), OPTIONS) as classeur:
        classeur.set_properties({"created": FIXE, "title": f"Boussole, {contexte.semaine}"})
        _Feuilles(classeur).tout(contexte)


class _Feuilles:
    def __init__(self, classeur: Any) -> None:
        self._classeur = classeur
        self._gras = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})

    def tout(self, contexte: Contexte) -> None:
        """Every sheet, in the order it is read."""
        self._ajoute("Lisez-moi", ("Quoi", "Texte"), _notice(contexte).items(), (26, 110))
        noms = {p.id: p.nom for p in contexte.programmes}
        lieux = dict(zip(contexte.places["code"], contexte.places["nom"], strict=True))
        politiques = {p.id: p.nom for p in contexte.espace.politiques}
        de = {p.id: politiques[p.politique] for p in contexte.programmes}
        meteos = _meteos(contexte)
        lignes: list[tuple[Any, ...]] = [
            (de[e["programme"]], noms[e["programme"]], lieux[e["territoire"]], e["territoire"],
             _mot(Statut, e["statut"]), e["taux"], e["attendu"], _mot(Fraicheur, e["fraicheur"]), e["motif"],
             meteos.get((e["programme"], e["territoire"])))
            for e in etats(contexte)
        ]  # fmt: skip
        titres = ("Politique", "Programme", "Territoire", "Code", "Statut", "Avancement (%)", "Attendu (%)",
                  "Fraîcheur", "Motif", "Météo")  # fmt: skip
        larges = (24, 36, 22, 10, 18, 12, 12, 12, 40, 12)
        region = contexte.espace.code_region
        self._ajoute("Essentiel", titres, sorted((x for x in lignes if x[3] == region), key=_rang), larges)
        self._ajoute("Programmes", titres, sorted(lignes, key=_rang), larges)
        self._resultats(contexte, noms, lieux)
        self._indicateurs(contexte)
        for maille in MAILLES:
            self._territoires(contexte, maille)

    def _resultats(self, contexte: Contexte, noms: Mapping[str, str], lieux: Mapping[str, str]) -> None:
        declares = {i.id: i for i in contexte.indicateurs}
        lignes = [
            (noms.get(r["programme"]), declares[r["indicateur"]].libelle, r["indicateur"], lieux[r["territoire"]],
             r["territoire"], r["valeur"], declares[r["indicateur"]].unite, r["fin"], r["cible"], r["echeance"],
             r["auteur"], r["ta_brut"], r["ta_attendu"], _mot(Statut, r["statut"]), _mot(Fraicheur, r["fraicheur"]),
             r["motif"])
            for r in resultats(contexte)
        ]  # fmt: skip
        titres = ("Programme", "Indicateur", "Identifiant", "Territoire", "Code", "Valeur", "Unité", "Valeur au",
                  "Cible", "Échéance", "Auteur de la cible", "Avancement (%)", "Attendu (%)", "Statut", "Fraîcheur",
                  "Motif")  # fmt: skip
        self._ajoute("Résultats", titres, lignes, (30, 40, 28, 22, 10, 14, 10, 12, 14, 12, 12, 12, 12, 18, 12, 40))

    def _indicateurs(self, contexte: Contexte) -> None:
        producteurs = {p.id: p.nom for p in contexte.espace.producteurs}
        lignes = [
            (i.id, i.libelle, i.unite, i.definition, i.formule, producteurs[i.producteur], i.licence, i.note)
            for i in contexte.indicateurs
        ]
        titres = ("Identifiant", "Indicateur", "Unité", "Définition", "Formule", "Producteur", "Licence", "Note")
        self._ajoute("Indicateurs", titres, lignes, (30, 40, 10, 70, 50, 30, 24, 40))

    def _territoires(self, contexte: Contexte, maille: Maille) -> None:
        """One row a territory, one column an indicator; under its title, the period that it shows."""
        places, colonnes = dernieres(contexte, maille)
        titres = ("Code", "Nom", *(c.titre for c in colonnes))
        periodes = ("", "Période", *(c.periode.texte for c in colonnes))
        lignes = [
            (code, nom, *(_cellule(c, code) for c in colonnes))
            for code, nom in zip(places["code"], places["nom"], strict=True)
        ]
        nom = maille.libelle if maille is Maille.REGION else f"{maille.pluriel[:1].upper()}{maille.pluriel[1:]}"
        self._ajoute(nom, titres, [periodes, *lignes], (16, 34, *(14 for _ in colonnes)), fige=(2, 2))

    def _ajoute(
        self, nom: str, titres: Sequence[str], lignes: Iterable[Sequence[Any]], larges: Sequence[int],
        fige: tuple[int, int] = (1, 0),
    ) -> None:  # fmt: skip
        feuille = self._classeur.add_worksheet(nom)
        feuille.freeze_panes(*fige)
        for rang, largeur in enumerate(larges):
            feuille.set_column(rang, rang, largeur)
        for numero, ligne in enumerate([titres, *lignes]):
            for rang, valeur in enumerate(ligne):
                _ecris(feuille, numero, rang, valeur, self._gras if numero == 0 else None)


def _rang(ligne: Sequence[Any]) -> tuple[str, ...]:
    """By policy, programme, place."""
    return tuple(ligne[:4])


def _ecris(feuille: Any, ligne: int, rang: int, valeur: Any, style: Any) -> None:
    if valeur is None or valeur == "" or (isinstance(valeur, float) and pd.isna(valeur)):
        return
    if isinstance(valeur, str):
        feuille.write_string(ligne, rang, str(sans_formule(valeur)), style)
    elif isinstance(valeur, date):
        feuille.write_datetime(ligne, rang, valeur)
    else:
        feuille.write_number(ligne, rang, valeur, style)


def _cellule(colonne: Colonne, code: str) -> Any:
    if colonne.statuts.get(code) == "Q":
        return SECRET
    valeur = colonne.valeurs.get(code)
    return None if valeur is None or pd.isna(valeur) else float(valeur)


def _mot(genre: type[Statut] | type[Fraicheur], valeur: str | None) -> str:
    return genre(valeur).libelle if valeur else ""


def _meteos(contexte: Contexte) -> dict[tuple[str, str], str]:
    """The météo that people gave, by programme and territory."""
    with lecture(contexte.moteur) as connexion:
        lus = load_apports(connexion, contexte.lecteur, [p.id for p in contexte.programmes], [Genre.SYNTHESE])
    return {(a.sujet, a.code): str(getattr(a.contenu, "meteo", "")) for a in lus}


def _notice(contexte: Contexte) -> dict[str, str]:
    espace = contexte.espace
    licences = sorted({i.licence for i in contexte.indicateurs})
    return {
        "Contenu": f"{espace.nom} : instantané {contexte.semaine}",
        "Arrêté au": date_longue(contexte.arrete),
        "Empreinte du contenu": empreinte_courte(contexte.contenu),
        **({"Correction": contexte.motif} if contexte.motif else {}),
        "Feuilles": "Essentiel : chaque programme à la région. Programmes : partout. Résultats : indicateur par "
        "indicateur. Indicateurs : définitions. Région, Départements, EPCI : dernières valeurs.",
        "Comment lire": LECTURE,
        "Producteurs": " ; ".join(sorted({espace.producteur(i.producteur).nom for i in contexte.indicateurs})),
        "Licences": " ; ".join(licences),
        "Attribution": espace.attribution,
    }
