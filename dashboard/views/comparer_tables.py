"""The tables of the Comparaison page: the ranking with its intervals, the coloured table, and their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from dashboard.domain.classement import Genre
from dashboard.domain.formatage import compte, nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.exports.tableur import en_csv, en_xlsx
from dashboard.figures.comparaison import legende_ecarts, teinte_ecart
from dashboard.views import annuaire, blocs, comparer, fiche
from dashboard.views.comparer import Comparaison
from dashboard.views.comparer_choix import choisis
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, balise, joint

ENTIER, TETE, AUTOUR, QUEUE = 40, 15, 4, 5
MIME_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@st.fragment
def classement(c: Comparaison) -> None:
    """Every territory in order, its interval as a bar, its possible ranks; the one in view marked. A fragment: a search
    redraws nothing else."""
    tries = ordonne(c)
    cherche = st.text_input(
        "Chercher dans le classement", placeholder="Nom, code postal ou code", type="search", live=True
    )
    if cherche:
        trouves = [t for t in annuaire.cherche(cherche, 200) if t in tries.index]
        if not trouves:
            blocs.vide(f"Aucun territoire de ce niveau ne correspond à « {cherche} ».", "Vérifier l'échelle choisie.")
            return
        tries = tries[tries.index.isin(trouves)]
    morceaux = [tries] if cherche else _extraits(tries, c.ici)
    echelle = _bornes(c)
    lignes = [ligne for rang, m in enumerate(morceaux) for ligne in (*([_coupure(c)] if rang else []),
              *(_ligne(c, str(code), echelle) for code in m.index))]  # fmt: skip
    blocs.affiche(blocs.table(_colonnes(c), lignes, "Classement des territoires", "b-table b-classement", entiere=True))
    montres = sum(len(m) for m in morceaux)
    if montres < len(tries) or cherche:
        blocs.note(
            f"{compte(montres, 'territoire montré', 'territoires montrés')} sur {nombre(len(c.cadre))} : "
            "les premiers, ceux qui entourent le territoire regardé, les derniers. Les fichiers les donnent tous."
        )
    blocs.note(f"{comparer.ordre(c)} {c.genre.methode} {_reperes(c)}")
    telecharge(lambda: fichier(c), f"comparaison_{c.declare.id}_{c.maille.value}_{c.periode.code}", c)


def ordonne(c: Comparaison) -> pd.DataFrame:
    """Best first in the wanted direction; those without a value last, by name."""
    croissant = c.declare.sens == "baisse"
    return c.cadre.sort_values(["valeur", "nom"], ascending=[croissant, True], na_position="last")


def _extraits(tries: pd.DataFrame, ici: str | None) -> list[pd.DataFrame]:
    """All when they are few; else the first ones, those around the one in view, the last ones that have a value."""
    if len(tries) <= ENTIER:
        return [tries]
    connus = int(tries["valeur"].notna().sum())
    gardes = [*range(min(TETE, connus)), *range(max(0, connus - QUEUE), connus)]
    if ici is not None:
        rang = int(tries.index.get_loc(ici))
        gardes += range(max(0, rang - AUTOUR), min(len(tries), rang + AUTOUR + 1))
    groupes: list[list[int]] = []
    for rang in sorted(set(gardes)):
        if groupes and rang == groupes[-1][-1] + 1:
            groupes[-1].append(rang)
        else:
            groupes.append([rang])
    return [tries.iloc[g] for g in groupes]


def _colonnes(c: Comparaison) -> list[tuple[str, bool]]:
    rang = {Genre.NOMBRE: "Population"}.get(c.genre, "Rang possible")
    barre = "Intervalle à 95 %" if c.genre in (Genre.PROPORTION, Genre.TAUX) else "Place"
    return [(c.maille.libelle, False), (f"Valeur ({c.declare.unite})", True), (barre, False), (rang, True)]


def _coupure(c: Comparaison) -> list[str]:
    return [balise("span", "…", classe="b-second"), "", "", ""]


def _bornes(c: Comparaison) -> tuple[float, float]:
    """The common scale of the bars: from the lowest bound to the highest, 0 included for a count."""
    connues = c.connues
    if connues.empty:
        return 0.0, 1.0
    bas, haut = float(connues["bas"].min()), float(connues["haut"].max())
    bas = min(bas, 0.0) if c.genre is Genre.NOMBRE else bas
    return bas, haut if haut > bas else bas + 1.0


def _ligne(c: Comparaison, code: str, echelle: tuple[float, float]) -> list[str]:
    ligne = c.cadre.loc[code]
    ou = str(ligne["nom_departement"]) if c.maille in (Maille.EPCI, Maille.COMMUNE) else ""
    ici = code == c.ici
    nom = joint(
        balise("a", str(ligne["nom"]), href=lien("territoire", territoire=code)),
        balise("span", f" {ou}", classe="b-second") if ou else "",
        balise("span", "vous êtes ici", classe="b-ici") if ici else "",
    )
    lieu = c.place(code)
    if c.genre is Genre.NOMBRE:
        fin: str = f"{nombre(ligne['population'])} hab."
    elif lieu is None:
        fin = ""
    else:
        fin = lieu.texte if lieu.distinguable else balise("span", lieu.texte, classe="b-second")
    return [nom, balise("strong", c.texte(code)), _barre(c, ligne, echelle), fin]


def _barre(c: Comparaison, ligne: pd.Series, echelle: tuple[float, float]) -> Sur:
    """The interval in blue and the value as a dot, the région as a thin line, all on one scale."""
    if pd.isna(ligne["valeur"]):
        return balise("span", "secret statistique" if ligne["statut"] == "Q" else "donnée absente", classe="b-second")
    bas, haut = echelle

    def part(v: float) -> float:
        return 100 * min(1.0, max(0.0, (v - bas) / (haut - bas)))

    gauche, droite = (
        (0.0, part(ligne["valeur"])) if c.genre is Genre.NOMBRE else (part(ligne["bas"]), part(ligne["haut"]))
    )
    region = c.region if c.genre is not Genre.NOMBRE else None
    trait = balise("s", "", style=f"left:{part(region):.1f}%") if region is not None else ""
    bande = balise("i", "", style=f"left:{gauche:.1f}%;width:{max(0.0, droite - gauche):.1f}%")
    point = balise("b", "", style=f"left:{part(ligne['valeur']):.1f}%")
    texte = ""
    if c.genre in (Genre.PROPORTION, Genre.TAUX):
        d = c.declare.decimales
        texte = balise("span", f"{nombre(ligne['bas'], d)} à {nombre(ligne['haut'], d)}", classe="b-second b-bornes")
    return joint(balise("span", trait, bande, point, classe="b-etendue"), texte)


def _reperes(c: Comparaison) -> str:
    trait = "" if c.region is None or c.genre is Genre.NOMBRE else " Trait vertical : la région."
    absents = len(c.cadre) - len(c.connues)
    manque = (
        f" {compte(absents, 'territoire sans valeur', 'territoires sans valeur')}, en fin de liste." if absents else ""
    )
    return f"Point : la valeur.{trait}{manque}"


def fichier(c: Comparaison) -> pd.DataFrame:
    """The whole ranking as a table for a file: codes, values, bounds, ranks."""
    tries, noms = ordonne(c), {"bas": "Borne basse 95 %", "haut": "Borne haute 95 %"}
    cadre = pd.DataFrame(
        {
            "Code": tries.index, c.maille.libelle: tries["nom"], "Département": tries["nom_departement"],
            "Population": tries["population"], f"{c.declare.libelle_court} ({c.declare.unite})": tries["valeur"],
        }
    )  # fmt: skip
    if c.genre in (Genre.PROPORTION, Genre.TAUX):
        cadre = cadre.assign(Numérateur=tries["numerateur"], Dénominateur=tries["denominateur"],
                             **{titre: tries[cle] for cle, titre in noms.items()})  # fmt: skip
    if c.genre is not Genre.NOMBRE:
        cadre = cadre.assign(**{"Premier rang possible": tries["rang_min"].astype("float64"),
                                "Dernier rang possible": tries["rang_max"].astype("float64")})  # fmt: skip
    return cadre.assign(État=["secret statistique" if s == "Q" else "" for s in tries["statut"]])


def telecharge(table: Callable[[], pd.DataFrame], nom: str, c: Comparaison) -> None:
    """Two files of what is seen, made only when asked for."""
    notice = {
        "Indicateur": c.declare.libelle, "Définition": c.declare.definition, "Période": c.periode.texte,
        "Échelle": c.maille.libelle, "Méthode": c.genre.methode,
        "Licence": c.declare.licence,
        "Nature": "contexte" if c.declare.est_contexte else "résultat d'un programme",
    }  # fmt: skip
    with st.container(horizontal=True):
        st.download_button("CSV", lambda: en_csv(table()), file_name=f"{nom}.csv", mime="text/csv",
                           icon=":material/download:", on_click="ignore", key=f"csv:{nom}")  # fmt: skip
        st.download_button("Excel", lambda: en_xlsx(table(), notice), file_name=f"{nom}.xlsx", mime=MIME_XLSX,
                           icon=":material/download:", on_click="ignore", key=f"xlsx:{nom}")  # fmt: skip


def couleurs(c: Comparaison) -> None:
    """Indicators × territories: the value as text, its deviation from the mean of the level as a colour."""
    colonnes = _comparables(c)
    if not colonnes:
        blocs.vide("Aucun taux ni aucune part publiés à ce niveau :", "les nombres ne se comparent pas par la couleur.")
        return
    codes, regle = choisis(c)
    blocs.note(f"{regle} Les nombres (population, superficie…) sont laissés de côté : ils dépendent de la taille.")
    lignes = [
        [_tete(c, code), *(_case(declare, cadre, code) for declare, cadre in colonnes)] for code in codes
    ]  # fmt: skip
    titres = [(c.maille.libelle, False), *((d.libelle_court, True) for d, _ in colonnes)]
    blocs.affiche(blocs.table(titres, lignes, "Indicateurs par territoire", "b-table b-couleurs", entiere=True))
    pastilles = [
        balise("span", balise("i", "", style=f"background:{couleur}"), texte) for couleur, texte in legende_ecarts()
    ]
    titre = f"Écart à la moyenne des {nombre(len(c.cadre))} {c.maille.pluriel}, en écarts-types : "
    blocs.affiche(balise("p", titre, *pastilles, classe="b-note b-echelle"))
    blocs.note("La couleur dit plus haut ou plus bas que la moyenne, jamais bon ou mauvais ; la valeur est le texte.")
    telecharge(lambda: _fichier_couleurs(c, codes, colonnes), f"tableau_{c.maille.value}", c)


def _comparables(c: Comparaison) -> list[tuple[Indicateur, pd.DataFrame]]:
    """The rates and shares of this level with all their values, each at its latest period."""
    trouves = []
    for declare in fiche.visibles(c.vue):
        if c.maille not in declare.mailles or declare.en_cercles:
            continue
        periode = comparer.derniere_periode(c.vue, declare, c.maille)
        if periode:
            _, cadre = annuaire.classees(c.vue.lecteur, c.vue.version, declare.id, c.maille, periode.fin)
            trouves.append((declare, cadre))
    return trouves


def _tete(c: Comparaison, code: str) -> Sur:
    nom = balise("a", str(c.cadre.loc[code, "nom"]), href=lien("territoire", territoire=code))
    return joint(nom, balise("span", "vous êtes ici", classe="b-ici") if code == c.ici else "")


def _case(declare: Indicateur, cadre: pd.DataFrame, code: str) -> Sur:
    v, connues = cadre.loc[code, "valeur"], cadre["valeur"]
    texte = valeur(declare, v, secret=cadre.loc[code, "statut"] == "Q")
    largeur = float(connues.std(ddof=0)) if connues.notna().any() else 0.0
    if pd.isna(v) or not largeur:
        return balise("span", texte, classe="b-second")
    fond, encre = teinte_ecart((float(v) - float(connues.mean())) / largeur)
    return balise("span", texte, classe="b-case", style=f"background:{fond};color:{encre}")


def _fichier_couleurs(
    c: Comparaison, codes: Sequence[str], colonnes: Sequence[tuple[Indicateur, pd.DataFrame]]
) -> pd.DataFrame:
    valeurs = {f"{d.libelle_court} ({d.unite})": cadre.loc[list(codes), "valeur"].to_numpy() for d, cadre in colonnes}
    return pd.DataFrame({"Code": list(codes), c.maille.libelle: c.cadre.loc[list(codes), "nom"].to_numpy(), **valeurs})
