"""One indicator in one territory: figure, series, table by territory, metadata, lineage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from dashboard.domain.comment_lire import Figure
from dashboard.domain.formatage import mois_annee, nombre, pourcentage, signe
from dashboard.domain.indicateur import Indicateur, Programme, Vitrine
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.phrases import TEINTES, detail_situation, effort, valeur
from dashboard.domain.situation import Situation, objectifs_anciens, situe
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Point
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, departement_de, lien
from dashboard.views.html import Sur, balise, joint, lien_externe
from dashboard.views.preuve import preuve, preuve_de

LIGNES_MAX = 130


@dataclass(frozen=True)
class Fiche:
    """An indicator looked at in one territory. ``repli``: the territory shown is a parent of the one asked."""

    vue: Vue
    declare: Indicateur
    code: str
    nom: str
    repli: bool
    situation: Situation
    serie: pd.DataFrame
    anciennes: tuple[Point, ...]
    autres: tuple[Situation, ...]


def visibles(vue: Vue) -> list[Indicateur]:
    """Indicators this reader may see: programmes first, then context."""
    ids = set(cached.visibles(vue.lecteur, vue.version))
    return [i for i in cached.app().espace.ordonnes if i.id in ids]


def charge(vue: Vue, declare: Indicateur) -> Fiche:
    """Loads an indicator where it exists: the territory in view, or the nearest parent that has it."""
    places = vue.territoires
    code = ou(vue, declare)
    codes = [code, *_enfants(vue, declare, code)]
    rangs = places["id"]
    series = cached.series(vue.lecteur, vue.version, (declare.id,), tuple(sorted({int(rangs[c]) for c in codes})))
    cibles = cached.objectifs(vue.lecteur, vue.version, (declare.id,))
    par_territoire = {int(str(r)): s for r, s in series.groupby("territoire_id")}
    vide, seuils = series.iloc[:0], cached.app().espace.seuils
    situations = [situe(declare, c, par_territoire.get(int(rangs[c]), vide), cibles, vue.arrete, seuils) for c in codes]
    return Fiche(
        vue, declare, code, str(places.loc[code, "nom"]), code != vue.code, situations[0],
        par_territoire.get(int(rangs[code]), vide), tuple(objectifs_anciens(cibles, code)), tuple(situations[1:]),
    )  # fmt: skip


def vitrine() -> Vitrine:
    """What the espace puts forward."""
    return cached.app().espace.vitrine


def ou(vue: Vue, declare: Indicateur) -> str:
    """Where an indicator exists: the territory in view, or the nearest parent that has it."""
    if Maille(vue.territoire["maille"]) in declare.mailles:
        return vue.code
    departement = departement_de(vue.territoires, vue.code)
    if departement and Maille.DEPARTEMENT in declare.mailles:
        return departement
    return cached.app().espace.code_region


def _enfants(vue: Vue, declare: Indicateur, code: str) -> list[str]:
    """The territories of the table: départements of the région, else those of the same département or EPCI."""
    places, maille = vue.territoires, Maille(vue.territoires.loc[code, "maille"])
    if maille in (Maille.REGION, Maille.DEPARTEMENT) and Maille.DEPARTEMENT in declare.mailles:
        return list(places.loc[places["maille"] == Maille.DEPARTEMENT, "code"])
    if maille is Maille.EPCI and Maille.COMMUNE in declare.mailles:
        return list(places.loc[places["epci"] == code, "code"])
    if maille is Maille.COMMUNE:
        return list(places.loc[places["epci"] == places.loc[code, "epci"], "code"])
    if maille is Maille.EPCI:
        return list(places.loc[places["maille"] == Maille.EPCI, "code"])
    return []


def programme_de(declare: Indicateur) -> Programme | None:
    """The programme this indicator tells about, None for context."""
    return cached.app().espace.programme_de(declare.id)


def fil(f: Fiche) -> Sequence[str]:
    """Where the indicator stands in the policies; its programme is one click away."""
    programme = programme_de(f.declare)
    if programme is None:
        return ["Contexte : décrit le territoire, ne juge aucune politique régionale"]
    retour = balise("a", programme.nom, href=lien("programme", programme=programme.id), classe="b-lien")
    return [cached.app().espace.politique(programme.politique).nom, " › ", retour]


def phrase(f: Fiche) -> list[tuple[str, bool]]:
    """What the indicator says here, in one sentence."""
    repli = [(f"{f.vue.territoire['nom']} n'a pas cette mesure ; voici {f.nom}. ", False)] if f.repli else []
    if not f.situation.serie:
        return [*repli, (f"{f.nom} : {_sans_valeur(f)}", True)]
    if f.situation.objectif:
        return [*repli, (f"{f.nom} : ", False), (detail_situation(f.situation, avec_nom=False), False)]
    return [*repli, *_phrase_contexte(f)]


def _sans_valeur(f: Fiche) -> str:
    if f.situation.secret:
        return "secret statistique, trop peu d'unités pour publier."
    return "aucune valeur publiée."


def _phrase_contexte(f: Fiche) -> list[tuple[str, bool]]:
    _, v = f.situation.serie[-1]
    morceaux = [(f"{f.nom} : ", False), (valeur(f.declare, v), True), (f" ({derniere_periode(f).texte})", False)]
    if len(f.situation.serie) > 1:
        debut, premiere = f.situation.serie[0]
        ecart = signe(v - premiere, f.declare.decimales, "pt" if f.declare.unite == "%" else f.declare.unite)
        morceaux.append((f", soit {ecart} depuis {debut.year}", False))
    return [*morceaux, (".", False)]


def derniere_periode(f: Fiche) -> Periode:
    """The period of the last value that is shown."""
    ligne = f.serie[f.serie["valeur"].notna()].iloc[-1]
    return Periode(ligne["debut"], ligne["fin"], Frequence(ligne["frequence"]))


def chiffre(f: Fiche) -> Sur:
    """The big figure: progress for a programme, value for a context; then the facts that make it."""
    s, a = f.situation, f.situation.avancement
    if not s.serie:
        mot = nombre(None, secret=s.secret)
        pourquoi = "Secret statistique : trop peu d'unités." if s.secret else "Aucune valeur publiée à ce niveau."
        return joint(balise("span", mot, classe="b-grand"), balise("p", pourquoi, classe="b-note"))
    if s.objectif is None or a.ta_brut is None:
        _, v = s.serie[-1]
        chiffre_ = preuve(nombre(v, f.declare.decimales), f.declare.id, f.code, derniere_periode(f).code)
        grand = balise("span", chiffre_, balise("small", f.declare.unite), classe="b-grand")
        paires = [("Valeur de", derniere_periode(f).texte), ("Fraîcheur", _fraicheur(s)), *completude(f)]
        return joint(grand, blocs.lignes(paires))
    grand = balise(
        "span", preuve_de(nombre(a.ta_brut), s), balise("small", "%"), classe=f"b-grand b-{TEINTES[s.statut]}"
    )
    attendu = f"du chemin vers la cible, {pourcentage(a.ta_attendu, 0)} attendus à cette date"
    return joint(
        blocs.statut(s.statut), grand, balise("p", attendu, classe="b-second"),
        balise("div", blocs.barre(a.ta, a.ta_attendu, s.statut), classe="b-pleine"), blocs.lignes(_faits(f)),
        balise("p", lien_externe(s.objectif.source_url, s.objectif.acte), classe="b-note"),
    )  # fmt: skip


def _faits(f: Fiche) -> list[tuple[str, str]]:
    s, a = f.situation, f.situation.avancement
    assert s.objectif is not None
    but = s.objectif.trajectoire
    faits = [
        (
            f"Dernière valeur ({mois_annee(a.date_va)})" if a.date_va else "Dernière valeur",
            preuve_de(valeur(f.declare, a.va), s),
        )
    ]
    if but.date_vi:
        faits.append((f"Valeur initiale ({mois_annee(but.date_vi)})", valeur(f.declare, but.vi)))
    if but.echeance:
        cible = "Cible État" if s.objectif.auteur == "État" else f"Cible {s.objectif.auteur}"
        faits.append((f"{cible} ({mois_annee(but.echeance)})", valeur(f.declare, but.vc)))
    faits.append(("Écart à la trajectoire", signe(a.ecart, 0, "pt")))
    if effort(s) and not s.statut.value.startswith("echu"):
        faits.append(("Reste à faire", effort(s)))
    return [*faits, ("Fraîcheur", _fraicheur(s))]


def _fraicheur(s: Situation) -> str:
    if s.fraicheur is None:
        return "sans valeur"
    return f"{s.fraicheur.libelle}, il y a {nombre(s.age)} mois" if s.age else s.fraicheur.libelle


def completude(f: Fiche) -> list[tuple[str, str]]:
    """What the last value rests on, as (label, words)."""
    ligne = f.serie[f.serie["valeur"].notna()].iloc[-1]
    if pd.isna(ligne["completude"]):
        return [("Complétude", "publié par le producteur")]
    texte = pourcentage(100 * ligne["completude"], 0) + " des territoires"
    if pd.notna(ligne["completude_population"]):
        texte += f", {pourcentage(100 * ligne['completude_population'], 0)} de la population"
    return [("Complétude", texte)]


def lecture_du_graphique(f: Fiche) -> str:
    """How to read the chart."""
    if f.situation.objectif:
        return "Trait plein : observé. Tirets : chemin attendu vers la cible. Fond gris : mois sans donnée."
    return "Valeurs publiées, à leur date."


def figure(f: Fiche) -> Figure:
    """The kind of its chart."""
    return Figure.TRAJECTOIRE if f.situation.objectif else Figure.SERIE


def alternative(f: Fiche) -> str:
    """The chart in words."""
    return f"{bouts(f.situation)} {detail_situation(f.situation)}"


def bouts(s: Situation) -> str:
    """« De 91 maisons (2017) à 145 maisons (2023). »"""
    de, a = (f"{valeur(s.indicateur, v)} ({jour.year})" for jour, v in (s.serie[0], s.serie[-1]))
    return f"De {de} à {a}."


def sans_courbe(f: Fiche) -> tuple[str, str]:
    """Why there is no line to draw, and what to do."""
    if f.situation.serie:
        return "Une seule valeur publiée à ce jour :", "la courbe viendra avec la suivante."
    return f"{f.nom} : {_sans_valeur(f)}", "Choisir un territoire plus large."


def titre_tableau(f: Fiche) -> tuple[str, str]:
    """Heading and reading of the table by territory."""
    if f.situation.objectif:
        return (
            "Par département, du plus loin au plus proche de sa trajectoire",
            "Avancement et avancement attendu à la date de chaque valeur.",
        )
    return "Par territoire", "Dernière valeur publiée de chacun."


def tableau(f: Fiche) -> Sur:
    """The same indicator for the neighbours; the farthest from their path first."""
    places = f.vue.territoires
    if not f.autres:
        return balise("p", "Pas d'autre territoire à ce niveau.", classe="b-note")
    if f.situation.objectif is None:
        return _tableau_contexte(f)
    lignes = [
        [
            balise(
                "a",
                str(places.loc[s.code, "nom"]),
                href=lien("indicateur", indicateur=f.declare.id, territoire=s.code),
            ),
            blocs.statut(s.statut),
            _avancement(s),
            preuve_de(valeur(f.declare, s.avancement.va), s),
            valeur(f.declare, s.objectif.trajectoire.vc) if s.objectif else "n.d.",
            blocs.date_valeur(s.fraicheur, mois_annee(s.avancement.date_va) if s.avancement.date_va else "aucune"),
        ]
        for s in sorted(f.autres, key=lambda s: s.retard_relatif)
    ]
    colonnes = [("Département", False), ("Statut", False), ("Avancement", False), ("Valeur", True),
                ("Cible", True), ("Valeur de", False)]  # fmt: skip
    return blocs.table(colonnes, lignes, "L'indicateur par département")


def _avancement(s: Situation) -> str:
    a = s.avancement
    if a.ta is None:
        return a.motif or ""
    return joint(
        blocs.barre(a.ta, a.ta_attendu, s.statut), " ", blocs.taux(a.ta_brut, a.ta_attendu, partial(preuve_de, s=s))
    )


def _tableau_contexte(f: Fiche) -> Sur:
    places = f.vue.territoires
    tries = sorted(f.autres, key=lambda s: -(s.serie[-1][1] if s.serie else float("-inf")))
    lignes = [
        [
            balise(
                "a",
                str(places.loc[s.code, "nom"]),
                href=lien("indicateur", indicateur=f.declare.id, territoire=s.code),
            ),
            preuve_de(valeur(f.declare, s.serie[-1][1] if s.serie else None, secret=s.secret), s),
            str(s.serie[-1][0].year) if s.serie else "",
        ]
        for s in tries[:LIGNES_MAX]
    ]
    return blocs.table(
        [("Territoire", False), ("Valeur", True), ("Année", True)], lignes, "L'indicateur par territoire"
    )
