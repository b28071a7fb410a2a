"""The programmes in one territory: their situations, the grouped table of the home page, the map of delays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.domain.formatage import mois_annee, nombre, pourcentage
from dashboard.domain.indicateur import Programme
from dashboard.domain.phrases import TEINTES, action
from dashboard.domain.situation import ORDRE, Situation, plus_en_retard, situe
from dashboard.domain.statut import SEUILS
from dashboard.domain.territoire import Maille
from dashboard.figures.departements import carte_departements
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, affiche, balise, image_svg, joint

Situations = dict[str, dict[str, Situation]]


def charge(vue: Vue) -> Situations:
    """Situation of each programme's main indicator, by programme then by territory (région and départements)."""
    return _situations(vue, _codes_suivis(vue))


@st.cache_data(
    max_entries=64,
    show_spinner=False,
    hash_funcs={Vue: lambda v: (v.lecteur.perimetre, v.lecteur.lot, v.version, v.arrete)},
)
def _situations(vue: Vue, codes: Sequence[str]) -> Situations:
    espace = cached.app().espace
    principaux = {p.id: p.indicateurs[0] for p in espace.programmes if p.indicateurs}
    ids = sorted(set(principaux.values()) & set(cached.visibles(vue.lecteur, vue.version)))
    rangs = vue.territoires.loc[list(codes), "id"]
    series = cached.series(vue.lecteur, vue.version, ids, rangs.tolist())
    cibles = cached.objectifs(vue.lecteur, vue.version, ids)
    resultat: Situations = {}
    for programme, indicateur in principaux.items():
        if indicateur not in ids:
            continue
        declare = espace.indicateur(indicateur)
        siennes, objectifs = (
            series[series["indicateur"] == indicateur],
            cibles[cibles["indicateur"] == indicateur],
        )
        resultat[programme] = {
            code: situe(declare, code, siennes[siennes["territoire_id"] == rangs[code]], objectifs, vue.arrete, SEUILS)
            for code in codes
        }
    return resultat


def _codes_suivis(vue: Vue) -> tuple[str, ...]:
    places = vue.territoires
    return tuple(places.loc[places["maille"].isin([Maille.REGION, Maille.DEPARTEMENT]), "code"])


def programmes() -> tuple[Programme, ...]:
    """Programmes of the espace."""
    return cached.app().espace.programmes


def noms_programmes(situations: Mapping[str, Mapping[str, Situation]], code: str) -> dict[str, Situation]:
    """Situation of each programme in one territory, by its name."""
    return {p.nom: situations[p.id][code] for p in programmes() if p.id in situations}


def departements_en_retard(territoires: Mapping[str, Situation]) -> list[Situation]:
    """The late départements of a programme, the farthest from its path first."""
    return [s for s in plus_en_retard(list(territoires.values())) if s.code.startswith(Maille.DEPARTEMENT.prefixe)]


def pires_departements(vue: Vue, situations: Situations) -> dict[str, str]:
    """By programme name, the département farthest from its path; empty when the view is not the région."""
    if not vue.code_programmes.startswith(Maille.REGION.prefixe):
        return {}
    retards = {p.nom: departements_en_retard(situations[p.id]) for p in programmes() if p.id in situations}
    return {nom: str(vue.territoires.loc[r[0].code, "nom"]) for nom, r in retards.items() if r}


def table(vue: Vue, situations: Situations) -> Sur:
    """The grouped table: a status with its count and shape, then its programmes. One row, one next action."""
    code = vue.code_programmes
    titres = (
        "Statut",
        "Programme",
        "Avancement / attendu",
        "",
        "Date de la valeur",
        "Départements en retard",
        "Prochaine action",
    )
    tete = balise("thead", balise("tr", *(balise("th", t, scope="col") for t in titres)))
    groupes: dict[str, list[Programme]] = {}
    for s in ORDRE:
        groupes.setdefault(TEINTES[s], [])
    for programme in programmes():
        if programme.id in situations:
            groupes[TEINTES[situations[programme.id][code].statut]].append(programme)
    corps = [_groupe(vue, t, membres, situations) for t, membres in groupes.items() if membres]
    contenu = balise("table", tete, *corps, classe="b-table b-situations")
    return balise("div", contenu, classe="b-defile", tabindex=0, role="region", aria_label="Programmes par statut")


def _groupe(vue: Vue, teinte: str, membres: Sequence[Programme], situations: Situations) -> Sur:
    singulier, plusieurs = blocs.MOTS[teinte]
    compte = balise("span", image_svg(forme(teinte), ""), nombre(len(membres)), classe="b-compte")
    mot = balise("span", singulier if len(membres) == 1 else plusieurs, classe="b-mot")
    tete = balise("th", compte, mot, classe=f"b-groupe b-{teinte}", rowspan=len(membres), scope="rowgroup")
    rangs = sorted(membres, key=lambda p: situations[p.id][vue.code_programmes].retard_relatif)
    return balise("tbody", *(_ligne(vue, p, situations[p.id], tete if i == 0 else "") for i, p in enumerate(rangs)))


def _ligne(vue: Vue, programme: Programme, territoires: Mapping[str, Situation], tete: str) -> Sur:
    s = territoires[vue.code_programmes]
    verbe, quoi = action(s, cached.app().espace.producteur(s.indicateur.producteur).sigle)
    ou = _ou(vue, s, territoires)
    jour = mois_annee(s.avancement.date_va) if s.avancement.date_va else "aucune"
    nom = balise("a", programme.nom, href=lien("indicateur", indicateur=s.indicateur.id, territoire=s.code))
    return balise(
        "tr",
        tete,
        balise("td", nom, classe="b-c-nom"),
        balise(
            "td",
            blocs.barre(s) if s.avancement.ta is not None else (s.avancement.motif or ""),
            classe="b-c-barre",
        ),
        balise("td", blocs.taux(s) if s.avancement.ta is not None else "", classe="b-c-taux"),
        balise("td", blocs.date_valeur(s, jour), _age(s), classe="b-c-date"),
        balise("td", ou, classe="b-c-ou", data_titre="Départements en retard :" if ou else None),
        balise("td", balise("strong", verbe), f" : {quoi}", classe="b-c-action"),
    )


def _age(s: Situation) -> str:
    return balise("div", f"il y a {nombre(s.age)} mois", classe="b-second") if s.age else ""


def _ou(vue: Vue, s: Situation, territoires: Mapping[str, Situation]) -> str:
    """How many départements are late, and the one farthest from its path with its own progress."""
    if not s.code.startswith(Maille.REGION.prefixe):
        return ""
    retards = departements_en_retard(territoires)
    if not retards:
        return balise("span", "aucun", classe="b-second")
    premier = retards[0]
    nom = str(vue.territoires.loc[premier.code, "nom"])
    d_abord = " d'abord" if len(retards) > 1 else ""
    detail = balise("span", f"{d_abord}, à {pourcentage(premier.avancement.ta_brut, 0)}", classe="b-second")
    return joint(f"{len(retards)} : ", balise("strong", nom), detail)


def bandeau(vue: Vue, situations: Situations) -> None:
    """Counts by status, for a phone: above everything that needs scrolling."""
    comptes: dict[str, int] = dict.fromkeys(blocs.MOTS, 0)
    for territoires in situations.values():
        comptes[TEINTES[territoires[vue.code_programmes].statut]] += 1
    cases = [
        balise("span", balise("b", image_svg(forme(t), ""), nombre(n)), blocs.MOTS[t][0], classe=f"b-{t}")
        for t, n in comptes.items() if n
    ]  # fmt: skip
    affiche(balise("div", *cases, classe="b-bandeau"))


def carte_des_retards(vue: Vue, situations: Situations) -> None:
    """A card: the programme that is farthest from its path, its progress in each département, late ones in red."""
    retards = [t for t in situations.values() if t[vue.code_programmes].en_retard]
    if not retards:
        blocs.carte(balise("h2", "Aucun programme en retard ici", classe="b-h2"))
        return
    pire = min(retards, key=lambda t: t[vue.code_programmes].retard_relatif)
    departements = [s for s in pire.values() if s.code.startswith(Maille.DEPARTEMENT.prefixe)]
    textes = {s.code: pourcentage(s.avancement.ta_brut, 0) for s in departements}
    en_retard = [s.code for s in departements_en_retard(pire)]
    noms = {c: str(vue.territoires.loc[c, "nom"]) for c in textes}
    s = pire[vue.code_programmes]
    titre = f"{s.indicateur.libelle_court} : {noms[en_retard[0]]} d'abord" if en_retard else s.indicateur.libelle_court
    detail = f"Avancement par département, {pourcentage(s.avancement.ta_attendu, 0)} attendus. Rouge : en retard."
    contours = cached.contours(cached.app().reglages.espace, Maille.DEPARTEMENT.value)
    alternatif = " ; ".join(f"{noms[c]} {t}{' en retard' if c in en_retard else ''}" for c, t in textes.items())
    plan = image_svg(carte_departements(contours, textes, en_retard), f"{titre}. {alternatif}.", "b-plan")
    blocs.carte(balise("h2", titre, classe="b-h2"), balise("p", detail), plan)


def resume(vue: Vue, situations: Situations) -> Sur:
    """The programmes in a few lines, for a territory's portrait."""
    lignes = []
    for programme in programmes():
        if programme.id not in situations:
            continue
        s = situations[programme.id][vue.code_programmes]
        nom = balise("a", programme.nom, href=lien("indicateur", indicateur=s.indicateur.id))
        avancement = blocs.taux(s) if s.avancement.ta is not None else (s.avancement.motif or "")
        lignes.append([nom, blocs.statut(s.statut), avancement])
    return blocs.table([("Programme", False), ("Statut", False), ("Avancement", True)], lignes, "Programmes ici")
