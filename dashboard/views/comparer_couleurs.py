"""The heat-table of the Comparaison page: indicators × territories, coloured by how far from the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.domain.formatage import nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.phrases import valeur
from dashboard.figures.comparaison import legende_ecarts, teinte_ecart
from dashboard.views import annuaire, blocs, cached, comparer, fiche
from dashboard.views.comparer import Comparaison
from dashboard.views.comparer_choix import choisis
from dashboard.views.comparer_fichiers import Feuilles, Fichiers, identite
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, balise, joint


@dataclass(frozen=True)
class Colonne:
    """One indicator of the table at its latest period. ``cadre``: every territory of the level, by code."""

    declare: Indicateur
    periode: Periode
    cadre: pd.DataFrame

    @property
    def titre(self) -> str:
        """« Densité (hab./km²), 2023 »."""
        return f"{self.declare.libelle_court} ({self.declare.unite}), {self.periode.texte}"

    @cached_property
    def reperes(self) -> tuple[float, float]:
        """Mean and standard deviation of the known values; a deviation of 0 compares nothing."""
        connues = self.cadre["valeur"].dropna()
        return (float(connues.mean()), float(connues.std(ddof=0))) if len(connues) else (0.0, 0.0)

    def ecart(self, code: str) -> float | None:
        """How far from the mean, in standard deviations; None without a value or when all are equal."""
        (moyenne, largeur), v = self.reperes, self.cadre.loc[code, "valeur"]
        return None if pd.isna(v) or not largeur else (float(v) - moyenne) / largeur


def couleurs(c: Comparaison) -> None:
    """Indicators × territories: the value as text, its deviation from the mean of the level as a colour."""
    colonnes = _comparables(c)
    if not colonnes:
        blocs.vide("Aucun taux ni aucune part publiés à ce niveau :", "les nombres ne se comparent pas par la couleur.")
        return
    codes, regle = choisis(c)
    blocs.note(f"{regle} Les nombres (population, superficie…) sont laissés de côté : ils dépendent de la taille.")
    lignes = [[_tete(c, code), *(_case(colonne, code) for colonne in colonnes)] for code in codes]
    titres = [(c.maille.libelle, False), *((_titre(colonne), True) for colonne in colonnes)]
    blocs.affiche(blocs.table(titres, lignes, "Indicateurs par territoire", "b-table b-couleurs", entiere=True))
    pastilles = [
        balise("span", balise("i", "", style=f"background:{couleur}"), texte) for couleur, texte in legende_ecarts()
    ]
    methode = f"Écart à la moyenne des {nombre(len(c.cadre))} {c.maille.pluriel}, en écarts-types"
    blocs.affiche(balise("p", f"{methode} : ", *pastilles, classe="b-note b-echelle"))
    blocs.note("La couleur dit plus haut ou plus bas que la moyenne, jamais bon ou mauvais ; la valeur est le texte.")
    Fichiers(
        c, "Tableau coloré", f"tableau_{c.maille.value}", lambda: _feuilles(c, codes, colonnes),
        {"territoires": regle.rstrip(".")}, [colonne.declare for colonne in colonnes],
        f"{methode} (feuille Écarts).", seul=False,
    ).boutons()  # fmt: skip


def _comparables(c: Comparaison) -> list[Colonne]:
    """The rates and shares of this level with all their values, each at its latest period."""
    trouves = []
    for declare in fiche.visibles(c.vue):
        if c.maille not in declare.mailles or declare.en_cercles:
            continue
        periode = comparer.derniere_periode(c.vue, declare, c.maille)
        if periode:
            _, cadre = annuaire.classees(c.vue.lecteur, c.vue.version, declare.id, c.maille, periode.fin)
            trouves.append(Colonne(declare, periode, cadre))
    return trouves


def _titre(colonne: Colonne) -> Sur:
    lien_ = balise("a", colonne.declare.libelle_court, href=lien("comparer", indicateur=colonne.declare.id))
    quand = "" if colonne.periode.frequence is Frequence.P else f" {colonne.periode.texte}"
    return joint(lien_, balise("span", quand, classe="b-second"))


def _tete(c: Comparaison, code: str) -> Sur:
    nom = balise("a", str(c.cadre.loc[code, "nom"]), href=lien("territoire", territoire=code))
    return joint(nom, balise("span", "vous êtes ici", classe="b-ici") if code == c.ici else "")


def _case(colonne: Colonne, code: str) -> Sur:
    ligne, ecart = colonne.cadre.loc[code], colonne.ecart(code)
    texte = valeur(colonne.declare, ligne["valeur"], secret=ligne["statut"] == "Q")
    if ecart is None:
        return balise("span", texte, classe="b-second")
    fond, encre = teinte_ecart(ecart)
    return balise("span", texte, classe="b-case", style=f"background:{fond};color:{encre}")


def _feuilles(c: Comparaison, codes: Sequence[str], colonnes: Sequence[Colonne]) -> Feuilles:
    """Values, then the deviations that make the colours, then what each column is."""
    qui, siens = identite(c, codes), list(codes)
    secrets = [", ".join(k.declare.libelle_court for k in colonnes if k.cadre.loc[code, "statut"] == "Q")
               for code in siens]  # fmt: skip
    return {
        "Valeurs": pd.DataFrame(
            {**qui, **{k.titre: k.cadre.loc[siens, "valeur"].to_numpy() for k in colonnes},
             "Secret statistique": secrets}
        ),
        "Écarts": pd.DataFrame({**qui, **{k.titre: [k.ecart(code) for code in siens] for k in colonnes}}).round(3),
        "Indicateurs": pd.DataFrame({
            "Indicateur": [k.declare.libelle for k in colonnes], "Unité": [k.declare.unite for k in colonnes],
            "Période": [k.periode.texte for k in colonnes], "Moyenne": [k.reperes[0] for k in colonnes],
            "Écart-type": [k.reperes[1] for k in colonnes],
            "Territoires connus": [int(k.cadre["valeur"].notna().sum()) for k in colonnes],
            "Source": [cached.app().espace.producteur(k.declare.producteur).nom for k in colonnes],
            "Licence": [k.declare.licence for k in colonnes],
        }),
    }  # fmt: skip
