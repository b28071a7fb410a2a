"""The drawings of the Comparaison page: distribution, scatter, small series, base 100; each with its words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.domain.association import associe
from dashboard.domain.classement import Genre
from dashboard.domain.formatage import nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.phrases import valeur
from dashboard.domain.trajectoire import Point
from dashboard.figures import comparaison as figures
from dashboard.figures import series_comparees
from dashboard.figures.comparaison import Axe, Reperes
from dashboard.figures.series_comparees import Role
from dashboard.views import annuaire, blocs, cached, choix, comparer, fiche
from dashboard.views.comparer import Comparaison
from dashboard.views.comparer_choix import choisis
from dashboard.views.comparer_tables import fichier, telecharge
from dashboard.views.filtres import lien
from dashboard.views.html import balise, image_svg, joint

BASE_100_MAXIMUM, DATES_EN_TABLEAU = 10, 12
POPULATION = "population"


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
    telecharge(lambda: fichier(c), f"distribution_{c.declare.id}_{c.maille.value}_{c.periode.code}", c)


def _alternative_distribution(c: Comparaison) -> str:
    bas, mediane, haut = (valeur(c.declare, q) for q in figures.quartiles(c.connues["valeur"]))
    texte = f"Distribution de « {c.declare.libelle} » sur {c.nom} : premier quartile {bas}, médiane {mediane}, "
    ici = f" ; {c.cadre.loc[c.ici, 'nom']} : {c.texte(c.ici)}" if c.ici else ""
    return f"{texte}troisième quartile {haut}{ici}."


def nuage(c: Comparaison) -> None:
    """Two indicators, one point per territory; what their association allows to say."""
    autres = {i.id: i for i in fiche.visibles(c.vue) if c.maille in i.mailles and i.id != c.declare.id}
    if not autres:
        blocs.vide("Aucun autre indicateur n'est publié à ce niveau.", "Choisir une autre échelle.")
        return
    gauche, droite = st.columns([2, 1], vertical_alignment="bottom")
    with gauche:
        noms = {i: d.libelle for i, d in autres.items()}
        titre = "Second indicateur (vertical)"
        y = autres[choix.liste("avec_indicateur", noms, titre, _second(autres), nom="indicateur")]
    nombres = {i: d.libelle_court for i, d in autres.items() if d.en_cercles and i != y.id}
    with droite:
        tailles = {POPULATION: "Population", "": "Tous égaux", **nombres}
        taille = choix.liste("taille", tailles, "Taille des points", nom="taille")
    axe_y, tailles_points = _axe(c, y), _tailles(c, taille)
    if axe_y is None or c.connues.empty:
        blocs.vide(f"« {y.libelle} » n'a pas de valeur à ce niveau.", "Choisir un autre indicateur.")
        return
    axe_x = Axe(c.declare, c.cadre["valeur"], c.periode.texte)
    ici = int(c.cadre.index.get_loc(c.ici)) if c.ici else None
    figure = figures.nuage(
        c.cadre["nom"].tolist(), c.cadre["nom_departement"].tolist(), axe_x, axe_y, tailles_points, ici
    )
    lien_ = associe(axe_x.valeurs, axe_y.valeurs)
    alt = f"Nuage de points : {axe_x.titre} et {axe_y.titre}, {lien_.n} {c.maille.pluriel}. {lien_.phrase}"
    st.plotly_chart(figure, theme=None, config=blocs.PLOTLY, alt=alt)
    blocs.affiche(balise("p", lien_.phrase, classe="b-association"))
    for declare in (c.declare, y):
        if declare.en_cercles:
            blocs.note(f"{declare.libelle} : {Genre.NOMBRE.methode[:1].lower()}{Genre.NOMBRE.methode[1:]}")
    cadre = pd.DataFrame({"Code": c.cadre.index, c.maille.libelle: c.cadre["nom"].to_numpy(),
                          "Département": c.cadre["nom_departement"].to_numpy(), axe_x.titre: axe_x.valeurs.to_numpy(),
                          axe_y.titre: axe_y.valeurs.to_numpy()})  # fmt: skip
    with st.expander("Le nuage en tableau"):
        st.dataframe(cadre, hide_index=True, height=400, alt=alt)
    telecharge(lambda: cadre, f"nuage_{c.declare.id}_{y.id}_{c.maille.value}", c)


def _second(autres: dict[str, Indicateur]) -> str | None:
    """A rate that the espace puts forward, else any rate."""
    ordre = [*(i for i in fiche.vitrine().cartes if i in autres), *autres]
    return next((i for i in ordre if not autres[i].en_cercles), None)


def _axe(c: Comparaison, declare: Indicateur) -> Axe | None:
    periode = comparer.derniere_periode(c.vue, declare, c.maille)
    if periode is None:
        return None
    _, cadre = annuaire.classees(c.vue.lecteur, c.vue.version, declare.id, c.maille, periode.fin)
    return Axe(declare, cadre["valeur"].reindex(c.cadre.index), periode.texte)


def _tailles(c: Comparaison, taille: str) -> pd.Series | None:
    if taille == POPULATION:
        return c.cadre["population"]
    axe = _axe(c, cached.app().espace.indicateur(taille)) if taille else None
    return None if axe is None else axe.valeurs


def _series(c: Comparaison, codes: list[str]) -> dict[str, list[Point]]:
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
    telecharge(lambda: _fichier_series(c, toutes), f"series_{c.declare.id}_{c.maille.value}", c)


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


def _en_tableau(c: Comparaison, toutes: dict[str, list[Point]]) -> None:
    """The text equivalent of the lines: one row per territory, one column per date, the latest first."""
    jours = sorted({j for points in toutes.values() for j, _ in points}, reverse=True)[:DATES_EN_TABLEAU]
    lignes = [
        [str(c.cadre.loc[code, "nom"]), *(valeur(c.declare, dict(points).get(j)) for j in jours)]
        for code, points in toutes.items()
    ]
    with st.expander("Les valeurs en tableau"):
        titres = [(c.maille.libelle, False), *((f"{j:%m/%Y}", True) for j in jours)]
        blocs.affiche(blocs.table(titres, lignes, f"{c.declare.libelle_court} par territoire et par date"))


def _fichier_series(c: Comparaison, toutes: dict[str, list[Point]]) -> pd.DataFrame:
    lignes = [(code, c.cadre.loc[code, "nom"], jour, v) for code, points in toutes.items() for jour, v in points]
    cadre = pd.DataFrame(lignes, columns=["Code", c.maille.libelle, "Fin de période", c.declare.libelle_court])
    return cadre.assign(**{"Fin de période": pd.to_datetime(cadre["Fin de période"])})


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
    telecharge(lambda: _fichier_series(c, territoires), f"base100_{c.declare.id}", c)


def _role(code: str, c: Comparaison) -> Role:
    if code == c.ici:
        return Role.ICI
    return Role.REGION if code == cached.app().espace.code_region else Role.AUTRE


def dessine(mode: str, c: Comparaison) -> None:
    """The mode asked for."""
    {"distribution": distribution, "nuage": nuage, "series": series, "base100": base100}[mode](c)
