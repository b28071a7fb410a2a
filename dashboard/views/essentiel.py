"""The home page: every programme on one line under its statut, where they are late, the money, the freshness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from dashboard.domain.apports import Apport
from dashboard.domain.formatage import mois_annee, nombre, pluriel, pourcentage
from dashboard.domain.phrases import MOTS, TEINTES, TEINTES_EN_ORDRE
from dashboard.domain.phrases_programmes import action
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.territoire import Maille
from dashboard.figures.departements import carte_departements
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached
from dashboard.views.etats import Etats
from dashboard.views.filtres import Vue, lien
from dashboard.views.glossaire import libelle
from dashboard.views.html import Sur, affiche, balise, image_svg, joint
from dashboard.views.preuve import preuve_de, preuve_du_programme

Decisions = Mapping[str, Sequence[Apport]]


def table(vue: Vue, etats: Etats, decisions: Decisions) -> Sur:
    """The grouped table: a statut with its count and shape, then its programmes. One row, one next action."""
    region = vue.code_programmes.startswith(Maille.REGION.prefixe)
    titres = ["Statut", "Programme", "Avancement / attendu", "", "Valeur de",
              *(["Où d'abord"] if region else []), "Prochaine action"]  # fmt: skip
    tete = balise("thead", balise("tr", *(balise("th", libelle(t), scope="col") for t in titres)))
    groupes: dict[str, list[EtatProgramme]] = {t: [] for t in TEINTES_EN_ORDRE}
    for etat in etats.ici(vue.code_programmes):
        groupes[TEINTES[etat.statut]].append(etat)
    pires = etats.pires(vue.code_programmes)
    corps = [_groupe(vue, t, membres, pires, decisions, region) for t, membres in groupes.items() if membres]
    contenu = balise("table", tete, *corps, classe="b-table b-situations")
    return balise("div", contenu, classe="b-defile", tabindex=0, role="region", aria_label="Programmes par statut")


def _groupe(
    vue: Vue, teinte: str, membres: Sequence[EtatProgramme], pires: Mapping[str, EtatProgramme], decisions: Decisions,
    region: bool,
) -> Sur:  # fmt: skip
    singulier, plusieurs = MOTS[teinte]
    compte = balise("span", image_svg(forme(teinte), ""), nombre(len(membres)), classe="b-compte")
    mot = balise("span", singulier if len(membres) == 1 else plusieurs, classe="b-mot")
    tete = balise("th", compte, mot, classe=f"b-groupe b-{teinte}", rowspan=len(membres), scope="rowgroup")
    rangs = sorted(membres, key=lambda e: e.retard_relatif)
    lignes = [
        _ligne(vue, e, tete if i == 0 else "", _ou(vue, pires.get(e.programme.id)) if region else None,
               decisions.get(e.programme.id, ()))
        for i, e in enumerate(rangs)
    ]  # fmt: skip
    return balise("tbody", *lignes)


def _ligne(vue: Vue, e: EtatProgramme, tete: str, ou: str | None, decisions: Sequence[Apport]) -> Sur:
    verbe, quoi = action(e, vue.arrete, _sigles(), decisions)
    nom = balise("a", e.programme.nom, href=lien("programme", programme=e.programme.id))
    mesure = blocs.barre(e.taux, e.attendu, e.statut) if e.taux is not None else ""
    return balise(
        "tr",
        tete,
        balise("td", nom, classe="b-c-nom"),
        balise("td", mesure, classe="b-c-barre"),
        balise("td", taux(e), classe="b-c-taux"),
        balise("td", date_valeur(e), age(e), classe="b-c-date"),
        balise("td", ou, classe="b-c-ou", data_titre="D'abord :" if ou else None) if ou is not None else "",
        balise("td", balise("strong", verbe), f" {quoi}", classe="b-c-action", title=f"{verbe} {quoi}"),
    )


def _ou(vue: Vue, pire: EtatProgramme | None) -> str:
    """The département farthest from its path, with its own progress."""
    if pire is None:
        return ""
    nom = str(vue.territoires.loc[pire.code, "nom"]).replace("Territoire de ", "")
    return joint(nom, " ", balise("span", preuve_de(pourcentage(pire.taux, 0), pire.principal), classe="b-second"))


def taux(e: EtatProgramme) -> Sur | str:
    """« 30 % / 44 »: progress, then what was expected."""
    if e.taux is None:
        return ""
    attendu = balise("span", f" / {nombre(e.attendu)}", classe="b-second") if e.attendu is not None else ""
    return joint(balise("span", preuve_du_programme(pourcentage(e.taux, 0), e), classe="b-chiffre"), attendu)


def date_valeur(e: EtatProgramme) -> Sur | str:
    """The oldest date among the values it rests on, hatched when one is out of date."""
    jours = [s.avancement.date_va for s in e.situations if s.avancement.date_va]
    return blocs.date_valeur(e.fraicheur, mois_annee(min(jours))) if jours else "aucune"


def age(e: EtatProgramme) -> Sur | str:
    """Age of the oldest value, in months."""
    ages = [s.age for s in e.situations if s.age]
    return balise("span", f" {nombre(max(ages))} mois", classe="b-second") if ages else ""


def auteur(e: EtatProgramme) -> str:
    """Who set its targets: « État », « schéma », « Région »."""
    return ", ".join(sorted({s.objectif.auteur for s in e.situations if s.objectif})) or "aucune"


def _sigles() -> dict[str, str]:
    return {p.id: p.sigle for p in cached.app().espace.producteurs}


def bandeau(etats: Sequence[EtatProgramme]) -> None:
    """Counts by statut, for a phone: above everything that needs scrolling."""
    comptes = {t: sum(TEINTES[e.statut] == t for e in etats) for t in TEINTES_EN_ORDRE}
    cases = [
        balise("a", balise("b", image_svg(forme(t), ""), nombre(n)), MOTS[t][0], classe=f"b-{t}",
               href=lien("politiques", statut=t))
        for t, n in comptes.items() if n
    ]  # fmt: skip
    affiche(balise("div", *cases, classe="b-bandeau"))


def carte_des_retards(vue: Vue, etats: Etats) -> None:
    """A card: in each département, how many of the programmes measured there are late."""
    retards = {c: n for c, n in etats.retards().items() if n[1]}
    if not retards:
        blocs.carte(balise("h2", "Aucun programme mesuré par département", classe="b-h2"))
        return
    noms = {c: str(vue.territoires.loc[c, "nom"]) for c in retards}
    en_tete = sorted(retards, key=lambda c: (-retards[c][0], noms[c]))
    maximum, total = retards[en_tete[0]][0], max(n for _, n in retards.values())
    premiers = [c for c in en_tete if retards[c][0] == maximum]
    titre = "Aucun retard par département"
    if maximum:
        reste = len(premiers) - 1
        suite = f" et {reste} {pluriel(reste, 'autre', 'autres')}" if reste else ""
        titre = f"Retards par département : {noms[premiers[0]]}{suite} d'abord"
    dessous = cached.fond_departements(cached.app().reglages.espace)
    textes = {c: str(n) for c, (n, _) in retards.items()}
    plan = carte_departements(dessous, textes, [c for c in en_tete if retards[c][0]])
    alternatif = " ; ".join(f"{noms[c]} {n} sur {sur}" for c, (n, sur) in retards.items())
    blocs.carte(
        balise("h2", titre, classe="b-h2"),
        balise(
            "p",
            f"Programmes en retard, sur {total} mesurés par département ; la région entière peut tenir sa trajectoire.",
        ),
        image_svg(plan, f"{titre}. {alternatif}.", "b-plan"),
        balise(
            "p",
            balise(
                "a",
                "Voir les indicateurs en retard, par département",
                classe="b-lien",
                href=lien("suivi", maille="departement", statut="en_recul,en_retard"),
            ),
        ),
    )


def resume(vue: Vue, etats: Etats) -> Sur:
    """The programmes in a few lines, for a territory's portrait."""
    lignes = [
        [
            balise("a", e.programme.nom, href=lien("programme", programme=e.programme.id)),
            joint(
                blocs.statut(e.statut),
                balise(
                    "div",
                    blocs.taux(e.taux, e.attendu, partial(preuve_du_programme, e=e))
                    if e.taux is not None
                    else (e.motif or ""),
                ),
            ),
        ]
        for e in etats.ici(vue.code_programmes)
    ]
    return blocs.table([("Programme", False), ("Statut et avancement", False)], lignes, "Programmes ici", entiere=True)
