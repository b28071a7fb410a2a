"""The drawings of the Comparaison page: distribution, small series, base 100; each with its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.domain.classement import Genre
from dashboard.domain.formatage import nombre
from dashboard.domain.phrases import valeur
from dashboard.domain.trajectoire import Point
from dashboard.figures import comparaison as figures
from dashboard.figures import series_comparees
from dashboard.figures.comparaison import Reperes
from dashboard.figures.series_comparees import Role
from dashboard.views import blocs, cached, comparer
from dashboard.views.comparer import Comparaison
from dashboard.views.comparer_choix import choisis
from dashboard.views.comparer_fichiers import Feuilles, Fichiers, valeurs
from dashboard.views.filtres import lien
from dashboard.views.html import balise, image_svg, joint

BASE_100_MAXIMUM, DATES_EN_TABLEAU = 10, 12
Series = Mapping[str, list[Point]]


def distribution(c: Comparaison) -> None:
    """How the values spread, with the territory in view, the quartiles and the région."""
    if len(c.connues) < 3:
        blocs.vide("Moins de trois valeurs publiées :", "il n'y a pas de distribution à montrer.")
        return
    ici = c.cadre.loc[c.ici] if c.ici else None
    place = (str(ici["nom"]), float(ici["valeur"])) if ici is not None and pd.notna(ici["valeur"]) else None
    region = None if c.genre is Genre.NOMBRE else c.region
    figure = figures.distribution(
        c.declare, c.cadre["valeur"], c.cadre["nom"].tolist(), Reperes(place, region), c.maille.pluriel
    )  # fmt: skip
    gauche, droite = st.columns([2.6, 1], gap="medium")
    with gauche:
        st.plotly_chart(figure, theme=None, config=blocs.PLOTLY, alt=_alternative_distribution(c))
    bas, mediane, haut = (valeur(c.declare, q) for q in figures.quartiles(c.connues["valeur"]))
    droite.space("small")
    with droite:
        blocs.affiche(blocs.lignes([
        ("Un quart en dessous de", bas), ("Médiane", mediane),
        ("Un quart au-dessus de", haut), ("Territoires connus", f"{nombre(len(c.connues))} sur "
         f"{nombre(len(c.cadre))}"),
    ]))  # fmt: skip
    if len(c.connues) >= figures.PEU and figures.bornes_barres(c.connues["valeur"])[1]:
        blocs.note(
            "Les valeurs extrêmes (le centième le plus bas, le plus haut) sont comptées dans les barres du bord."
        )
    if c.genre is Genre.NOMBRE:
        blocs.note(c.genre.methode)
    Fichiers(
        c, "Distribution", f"distribution_{c.declare.id}_{c.maille.value}_{c.periode.code}",
        lambda: _feuilles_distribution(c),
    ).boutons()  # fmt: skip


def _feuilles_distribution(c: Comparaison) -> Feuilles:
    """The marks of the drawing and its bars, then the values that they count."""
    bas, mediane, haut = figures.quartiles(c.connues["valeur"])
    dits = {"Un quart en dessous de": bas, "Médiane": mediane, "Un quart au-dessus de": haut,
            "Moyenne": float(c.connues["valeur"].mean())}  # fmt: skip
    if c.genre is not Genre.NOMBRE and c.region is not None:
        dits["Région"] = c.region
    if c.ici and pd.notna(c.cadre.loc[c.ici, "valeur"]):
        dits[str(c.cadre.loc[c.ici, "nom"])] = float(c.cadre.loc[c.ici, "valeur"])
    dits |= {"Territoires connus": float(len(c.connues)), "Territoires": float(len(c.cadre))}
    feuilles = {
        "Valeurs": valeurs(c, comparer.ordonne(c)),
        "Repères": pd.DataFrame({"Repère": list(dits), "Valeur": list(dits.values())}),
    }
    if len(c.connues) >= figures.PEU:
        bornes, effectifs = figures.barres(c.connues["valeur"])
        feuilles["Barres"] = pd.DataFrame({"De": bornes[:-1], "À": bornes[1:], c.maille.pluriel: effectifs})
    return feuilles


def _alternative_distribution(c: Comparaison) -> str:
    bas, mediane, haut = (valeur(c.declare, q) for q in figures.quartiles(c.connues["valeur"]))
    texte = f"Distribution de « {c.declare.libelle} » sur {c.nom} : premier quartile {bas}, médiane {mediane}, "
    ici = f" ; {c.cadre.loc[c.ici, 'nom']} : {c.texte(c.ici)}" if c.ici else ""
    return f"{texte}troisième quartile {haut}{ici}."


def _series(c: Comparaison, codes: list[str]) -> Series:
    """(end of period, value) of each territory, oldest first, up to the period looked at."""
    rangs = c.vue.territoires["id"]
    ids = {int(rangs[code]): code for code in codes}
    lignes = cached.series(c.vue.lecteur, c.vue.version, (c.declare.id,), tuple(sorted(ids)))
    lignes = lignes[lignes["valeur"].notna() & (lignes["fin"] <= c.periode.fin)]
    trouvees: dict[str, list[Point]] = {code: [] for code in codes}
    for rang, fin, v in zip(lignes["territoire_id"], lignes["fin"], lignes["valeur"], strict=True):
        trouvees[ids[int(rang)]].append((fin, float(v)))
    return trouvees


def series(c: Comparaison) -> None:
    """One small drawing per territory, all on the same scale."""
    codes, regle = choisis(c)
    blocs.note(f"{regle} Même échelle partout ; le point est la dernière valeur. {_reserve(c)}")
    region = cached.app().espace.code_region
    fond = _series(c, [region])[region] if c.genre is not Genre.NOMBRE else []
    toutes = _series(c, codes)
    cadre = series_comparees.etendue_series([*toutes.values(), fond])
    if cadre is None or max(len(p) for p in toutes.values()) < 2:
        blocs.vide(
            "Une seule valeur publiée à ce jour :", "les séries viendront avec la suivante ; voir le classement."
        )
        return
    if fond:
        blocs.note("Tirets gris : la région.")
    blocs.affiche(
        balise("div", *(_vignette(c, code, toutes[code], cadre, fond) for code in codes), classe="b-multiples")
    )
    _en_tableau(c, toutes)
    _fichiers(c, "Petites séries", f"series_{c.declare.id}_{c.maille.value}", regle,
              lambda: _feuilles_series(c, toutes, fond)).boutons()  # fmt: skip


def _vignette(c: Comparaison, code: str, points: list[Point], cadre: series_comparees.Cadre, fond: list[Point]) -> str:
    nom, ici = str(c.cadre.loc[code, "nom"]), code == c.ici
    fin = f"{valeur(c.declare, points[-1][1])} en {points[-1][0].year}" if points else "aucune valeur"
    debut = f"de {valeur(c.declare, points[0][1])} en {points[0][0].year} à " if len(points) > 1 else ""
    return balise(
        "div",
        joint(balise("a", nom, href=lien("territoire", territoire=code), classe="b-lien"),
              balise("span", "vous êtes ici", classe="b-ici") if ici else "", balise("br"),
              balise("span", fin, classe="b-second")),
        image_svg(series_comparees.petite_serie(points, cadre, ici, fond), f"{nom} : {debut}{fin}"),
        classe="b-vignette",
    )  # fmt: skip


def _reserve(c: Comparaison) -> str:
    if c.declare.lecture == "cumul_annuel":
        return "Cumul depuis janvier : il repart de zéro chaque année, comparer les mêmes mois."
    return "Nombre : dépend de la taille du territoire." if c.genre is Genre.NOMBRE else ""


def _en_tableau(c: Comparaison, toutes: Series) -> None:
    """The text equivalent of the lines: one row per territory, one column per date, the latest first."""
    jours = sorted({j for points in toutes.values() for j, _ in points}, reverse=True)[:DATES_EN_TABLEAU]
    lignes = [
        [str(c.cadre.loc[code, "nom"]), *(valeur(c.declare, dict(points).get(j)) for j in jours)]
        for code, points in toutes.items()
    ]
    with st.expander("Les valeurs en tableau"):
        titres = [(c.maille.libelle, False), *((f"{j:%m/%Y}", True) for j in jours)]
        blocs.affiche(blocs.table(titres, lignes, f"{c.declare.libelle_court} par territoire et par date"))


def _fichiers(c: Comparaison, quoi: str, nom: str, regle: str, feuilles: Callable[[], Feuilles]) -> Fichiers:
    return Fichiers(c, quoi, nom, feuilles, {"territoires": regle.rstrip(".")}, methode=_reserve(c))


def _feuilles_series(c: Comparaison, toutes: Series, fond: list[Point], titre: str = "") -> Feuilles:
    """One row per territory and date, then one row per territory and one column per date; the région last."""
    codes, noms = [*toutes], c.vue.territoires["nom"]
    lues = dict(toutes)
    if fond:
        lues[cached.app().espace.code_region] = fond
        codes = [*codes, cached.app().espace.code_region]
    nom = titre or f"{c.declare.libelle_court} ({c.declare.unite})"
    longue = pd.DataFrame(
        [(code, noms[code], jour, v) for code in codes for jour, v in lues[code]],
        columns=["Code", "Territoire", "Fin de période", nom],
    )
    longue["Fin de période"] = pd.to_datetime(longue["Fin de période"])
    jours = sorted({jour for points in lues.values() for jour, _ in points})
    par_date = pd.DataFrame(
        [[code, noms[code], *(dict(lues[code]).get(jour) for jour in jours)] for code in codes],
        columns=["Code", "Territoire", *(f"{jour:%Y-%m-%d}" for jour in jours)],
    )
    return {"Séries": longue, "Par date": par_date.infer_objects()}


def base100(c: Comparaison) -> None:
    """The same territories from 100 at the first date they all know: who grows faster, whatever their size."""
    codes, regle = choisis(c, BASE_100_MAXIMUM)
    region = cached.app().espace.code_region
    toutes = {code: points for code, points in _series(c, [*codes, region]).items() if len(points) > 1}
    communs = sorted(set.intersection(*({j for j, _ in p} for p in toutes.values()))) if toutes else []
    depart = next((j for j in communs if all(dict(p)[j] > 0 for p in toutes.values())), None)
    if depart is None or depart == communs[-1]:
        blocs.vide(
            "Pas de date commune d'où partir : la base 100 demande deux dates et des valeurs positives.",
            "Choisir un indicateur suivi dans le temps.",
        )
        return
    if c.declare.lecture == "cumul_annuel":
        blocs.vide(
            "Ce cumul repart de zéro chaque année :", "la base 100 n'aurait pas de sens ; voir les petites séries."
        )
        return
    blocs.note(f"{regle} {c.declare.libelle}, 100 au {depart:%d/%m/%Y}.")
    noms = c.vue.territoires["nom"]
    lignes = [
        (str(noms[code]), [p for p in points if p[0] >= depart], _role(code, c)) for code, points in toutes.items()
    ]
    alt = f"{c.declare.libelle}, base 100 : " + " ; ".join(
        f"{nom} {nombre(100 * p[-1][1] / p[0][1], 1)}" for nom, p, _ in lignes
    )
    st.plotly_chart(series_comparees.base_100(lignes), theme=None, config=blocs.PLOTLY, alt=alt)
    territoires = {code: points for code, points in toutes.items() if code != region}
    _en_tableau(c, territoires)
    _fichiers(
        c, "Base 100", f"base100_{c.declare.id}_{c.maille.value}", f"{regle} 100 au {depart:%d/%m/%Y}",
        lambda: _feuilles_base_100(c, toutes, depart),
    ).boutons()  # fmt: skip


def _feuilles_base_100(c: Comparaison, toutes: Series, depart: date) -> Feuilles:
    """The indices that are drawn, then the values they come from."""
    gardes = {code: [p for p in points if p[0] >= depart] for code, points in toutes.items()}
    indices = {code: [(jour, 100 * v / points[0][1]) for jour, v in points] for code, points in gardes.items()}
    dessinees = _feuilles_series(c, indices, [], f"Indice, 100 au {depart:%d/%m/%Y}")
    valeurs_ = _feuilles_series(c, toutes, [])
    return {"Indices": dessinees["Séries"], "Indices par date": dessinees["Par date"],
            "Valeurs": valeurs_["Séries"], "Valeurs par date": valeurs_["Par date"]}  # fmt: skip


def _role(code: str, c: Comparaison) -> Role:
    if code == c.ici:
        return Role.ICI
    return Role.REGION if code == cached.app().espace.code_region else Role.AUTRE


def dessine(mode: str, c: Comparaison) -> None:
    """The mode asked for."""
    {"distribution": distribution, "series": series, "base100": base100}[mode](c)
