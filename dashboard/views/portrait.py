"""One territory in figures: its context indicators beside its parents, its programmes, its population."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import streamlit as st

from dashboard import portraits
from dashboard.domain import rattachement
from dashboard.domain.avertissements import petits_nombres
from dashboard.domain.formatage import compte, liste, nombre, signe
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.phrases import valeur
from dashboard.domain.portrait import Valeur, evolution
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Point
from dashboard.exports.portrait_lecture import Fonds
from dashboard.views import cached, voisinage
from dashboard.views.etats import CLE_VUE
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, affiche, balise, joint
from dashboard.views.preuve import preuve, question


@dataclass(frozen=True)
class Portrait:
    """Context of a territory and of those it is compared with. ``series``: rows of ``valeur``."""

    vue: Vue
    indicateurs: tuple[Indicateur, ...]
    comparables: tuple[str, ...]
    series: pd.DataFrame

    def serie(self, code: str, indicateur: str) -> list[Point]:
        """(end of period, value) of one indicator, oldest first."""
        lignes = self._lignes(code, indicateur)
        return [(f, float(v)) for f, v in zip(lignes["fin"], lignes["valeur"], strict=True) if pd.notna(v)]

    def derniere(self, code: str, indicateur: str) -> pd.Series | None:
        """The latest row of an indicator, None when nothing was published."""
        lignes = self._lignes(code, indicateur)
        return lignes.iloc[-1] if len(lignes) else None

    def _lignes(self, code: str, indicateur: str) -> pd.DataFrame:
        return self._rangees.get((indicateur, int(self.vue.territoires.at[code, "id"])), self.series.iloc[:0])

    @cached_property
    def _rangees(self) -> dict[tuple[str, int], pd.DataFrame]:
        """Rows that the date d'arrêté may know, by (indicator, territory id): each is asked for a dozen times."""
        connues = self.series[self.series["debut"] <= self.vue.arrete] if len(self.series) else self.series
        groupes = connues.groupby(["indicateur", "territoire_id"], sort=False)
        return {(str(i), int(t)): lignes for (i, t), lignes in groupes}

    def effectif(self, maille: Maille) -> int:
        """How many territories of this maille there are."""
        return int((self.vue.territoires["maille"] == maille).sum())

    def texte(self, code: str, declare: Indicateur) -> str:
        """The latest value as text; hidden or missing are said so."""
        ligne = self.derniere(code, declare.id)
        return "n.d." if ligne is None else valeur(declare, ligne["valeur"], secret=ligne["statut"] == "Q")


def charge(vue: Vue) -> Portrait:
    """Loads the whole portrait in one read."""
    app = cached.app()
    visibles = set(cached.visibles(vue.lecteur, vue.version))
    maille = Maille(vue.territoire["maille"])
    indicateurs = tuple(i for i in app.espace.ordonnes if i.est_contexte and i.id in visibles and maille in i.mailles)
    comparables = tuple(c for c in dict.fromkeys((vue.code, *parents(vue))) if c)
    ids = tuple(int(vue.territoires.loc[c, "id"]) for c in comparables)
    series = cached.series(vue.lecteur, vue.version, tuple(i.id for i in indicateurs), ids)
    return Portrait(vue, indicateurs, comparables, series)


def parents(vue: Vue) -> list[str]:
    """The EPCI, the département and the région of the territory, those that are not itself."""
    return rattachement.parents(vue.territoires, vue.code, cached.app().espace.code_region)


def fil(vue: Vue) -> str:
    """« Doubs › communauté urbaine, 67 communes »: where the territory stands."""
    places = vue.territoires
    noms = [str(places.loc[c, "nom"]) for c in reversed(parents(vue))]
    texte, total = rattachement.genre(places, vue.code), rattachement.communes_au_dehors(places, vue.code)
    if total:
        texte += f" sur {total} : partie régionale, comme tous ses chiffres ici"
    return " › ".join([*noms, texte])


def phrase(p: Portrait) -> list[tuple[str, bool]]:
    """« La ville gagne des habitants (+3,1 % de 2017 à 2023) quand la région en perd (−0,3 %) »."""
    nom, region = str(p.vue.territoire["nom"]), cached.app().espace.code_region
    suivi = cached.app().espace.vitrine.evolution or ""
    ligne = p.derniere(p.vue.code, suivi)
    if ligne is None or pd.isna(ligne["valeur"]):
        n = len(p.indicateurs)
        return [(f"{nom} : {compte(n, 'indicateur suivi', 'indicateurs suivis')} à ce niveau.", False)]
    repere = p.derniere(region, suivi) if p.vue.code != region else None
    return evolution(nom, _valeur(ligne), None if repere is None else _valeur(repere))


def _valeur(ligne: pd.Series) -> Valeur:
    v = None if pd.isna(ligne["valeur"]) else float(ligne["valeur"])
    return Valeur(ligne["debut"], ligne["fin"], ligne["frequence"], v)


def cartes(p: Portrait) -> None:
    """Four KPIs with their gap to the région."""
    choisis = [i for i in p.indicateurs if i.id in cached.app().espace.vitrine.cartes]
    colonnes = st.columns(len(choisis)) if choisis else []
    region = cached.app().espace.code_region
    for colonne, declare in zip(colonnes, choisis, strict=True):
        ecart, detail = _ecart(p, declare, region)
        titre = f"{declare.libelle_court} {_millesime(p, declare)}"
        with colonne.container(border=True):
            st.metric(titre, p.texte(p.vue.code, declare), help=declare.definition)
            detail_ = balise("span", f" {detail} ", classe="b-second")
            affiche(balise("p", ecart, detail_, question(declare.id, p.vue.code), classe="b-ecart"))


def _millesime(p: Portrait, declare: Indicateur) -> str:
    ligne = p.derniere(p.vue.code, declare.id)
    return "" if ligne is None or ligne["frequence"] == Frequence.P else _periode(ligne).texte


def _periode(ligne: pd.Series) -> Periode:
    return Periode(ligne["debut"], ligne["fin"], Frequence(ligne["frequence"]))


def _ecart(p: Portrait, declare: Indicateur, region: str) -> tuple[str, str]:
    """Change since the first year for a count, gap to the région for a rate."""
    points = p.serie(p.vue.code, declare.id)
    if declare.en_cercles:
        if len(points) < 2:
            return "", declare.libelle
        return signe(points[-1][1] - points[0][1], declare.decimales), f"depuis {points[0][0].year}"
    repere = p.serie(region, declare.id)
    if p.vue.code == region or not points or not repere:
        return "", declare.libelle
    unite = "pt" if declare.unite == "%" else declare.unite
    return signe(points[-1][1] - repere[-1][1], 1, unite), f"région {p.texte(region, declare)}"


def comparaison(p: Portrait) -> Sur:
    """The table: the territory, its parents, its place among its like."""
    from dashboard.views.blocs import table

    noms = [str(p.vue.territoires.loc[c, "nom"]) for c in p.comparables]
    maille = Maille(p.vue.territoire["maille"])
    semblables = voisinage.titre_mediane(p.vue)
    colonnes = [
        ("Contexte", False),
        *((n, True) for n in noms),
        *([(semblables, True)] if semblables else []),
        (f"Rang parmi {nombre(p.effectif(maille))} {maille.pluriel}", False),
    ]
    if maille is Maille.REGION:
        colonnes[-1:] = [("Département le plus bas", True), ("Département le plus haut", True)]
    lignes = []
    for declare in p.indicateurs:
        titre = joint(
            balise("a", declare.libelle_court, href=lien("indicateur", indicateur=declare.id)),
            balise("span", f" {_millesime(p, declare)}", classe="b-second"),
        )
        valeurs = [preuve(p.texte(c, declare), declare.id, c) if p.derniere(c, declare.id) is not None
                   else "n.d." for c in p.comparables]  # fmt: skip
        place = _extremes(p, declare) if maille is Maille.REGION else [_place(p, declare, maille)]
        medianes = [_mediane(p, declare, maille)] if semblables else []
        lignes.append([titre, balise("strong", valeurs[0]), *valeurs[1:], *medianes, *place])
    return table(colonnes, lignes, "Le territoire face à ceux qui le contiennent", "b-table b-face")


def _extremes(p: Portrait, declare: Indicateur) -> list[str]:
    """The lowest and the highest département, when they publish the same period as the région."""
    ligne = p.derniere(p.vue.code, declare.id)
    if ligne is None or Maille.DEPARTEMENT not in declare.mailles:
        return ["", ""]
    tous = cached.dernieres(p.vue.lecteur, p.vue.version, declare.id, Maille.DEPARTEMENT, ligne["fin"])
    tous = tous.dropna(subset="valeur").sort_values("valeur")
    if tous.empty:
        return ["", ""]
    noms = p.vue.territoires.set_index("id")["nom"]
    return [
        joint(balise("span", f"{noms[t['territoire_id']]} ", classe="b-second"), valeur(declare, t["valeur"]))
        for t in (tous.iloc[0], tous.iloc[-1])
    ]


def titre_comparaison(vue: Vue) -> str:
    """What the territory is compared with."""
    return (
        "D'un département à l'autre" if vue.territoire["maille"] == Maille.REGION else "Face à ceux qui le contiennent"
    )


def _place(p: Portrait, declare: Indicateur, maille: Maille) -> Sur:
    """Position between the lowest and the highest, the middle half in grey; then the ranks that intervals allow."""
    ligne = p.derniere(p.vue.code, declare.id)
    if ligne is None or pd.isna(ligne["valeur"]):
        return balise("span", "", classe="b-second")
    tous, texte = voisinage.position(p.vue, declare, maille, ligne["fin"])
    if len(tous) < 3 or float(tous.min()) == float(tous.max()):
        return balise("span", "", classe="b-second")
    position = 100 * float((tous < float(ligne["valeur"])).mean())
    point = balise("b", "", style=f"left:{position:.0f}%")
    bande = balise("i", "", style="left:25%;width:50%")
    return joint(balise("span", bande, point, classe="b-position"), balise("span", texte, classe="b-second b-rang"))


def _mediane(p: Portrait, declare: Indicateur, maille: Maille) -> str:
    """The median of the similar territories at the period of the territory's own value."""
    ligne = p.derniere(p.vue.code, declare.id)
    return "n.d." if ligne is None else voisinage.mediane(p.vue, declare, maille, ligne["fin"])


def _court(p: Portrait, code: str) -> str:
    """A name short enough for the end of a line."""
    if code == cached.app().espace.code_region:
        return "Région"
    nom = str(p.vue.territoires.loc[code, "nom"])
    return nom if len(nom) < 20 else f"{nom[:17].rstrip()}…"


def base_100(p: Portrait) -> list[tuple[str, list[Point], bool]]:
    """Population of the territory and of its parents, for the chart from 100."""
    suivi = cached.app().espace.vitrine.serie or ""
    return [
        (_court(p, c), p.serie(c, suivi), c == p.vue.code) for c in p.comparables if len(p.serie(c, suivi)) > 1
    ]  # fmt: skip


def titre_population(lignes: Sequence[tuple[str, Sequence[Point], bool]]) -> str:
    """The population chart's title, with the year that is 100."""
    return f"Population, base 100 en {lignes[0][1][0][0].year}" if lignes else "Population"


NOTE_PLACE = (
    "Le point donne la place du territoire, du plus bas au plus haut ; la bande grise est la moitié centrale. "
    "Rang d'une part : ceux que permet son intervalle de Wilson à 95 % (« 12e à 34e ») ; « rang non distinguable » : "
    "ils couvrent plus de la moitié des territoires. Un nombre dépend de la taille et n'a pas de rang."
)


def prudence(p: Portrait) -> list[str]:
    """The figures of the territory that rest on few units, in one sentence."""
    petits = [d.libelle_court for d in p.indicateurs if (x := p.derniere(p.vue.code, d.id)) is not None
              and pd.notna(x["valeur"]) and petits_nombres(d, x)]  # fmt: skip
    if not petits:
        return []
    return [f"Petits nombres : {liste([f'« {n} »' for n in petits])} peuvent beaucoup changer par hasard ici."]


def alternative(lignes: Sequence[tuple[str, Sequence[Point], bool]]) -> str:
    """The population chart in words."""
    return "Population, base 100 : " + " ; ".join(
        f"{nom} {nombre(100 * points[-1][1] / points[0][1], 1)} en {points[-1][0].year}" for nom, points, _ in lignes
    )


def bouton_pdf(vue: Vue) -> None:
    """The portrait as a file to hand over; nothing is built before the click."""
    app, code, arrete = cached.app(), vue.code, vue.arrete
    st.download_button(
        "Portrait PDF", lambda: portraits.pdf(app, code, arrete, _commun(vue)), f"{code}.pdf", "application/pdf",
        icon=":material/picture_as_pdf:", on_click="ignore",
    )  # fmt: skip


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=CLE_VUE)
def _commun(vue: Vue) -> Fonds:
    """What every portrait shares at this date: the second one asked for reads only its own figures."""
    app, contours = cached.app(), {}
    for maille in Maille:
        with suppress(FileNotFoundError):
            contours[maille] = cached.contours(app.reglages.espace, maille.value)
    return portraits.prepare(app, vue.arrete, contours)


def note_programmes(vue: Vue) -> str | None:
    """Says when the programmes are those of a parent."""
    if vue.code == vue.code_programmes:
        return None
    return f"Mesurés par département : voici {vue.territoires.loc[vue.code_programmes, 'nom']}."
