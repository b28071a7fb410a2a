"""The programmes in a portrait: the table of all of them, and a small drawing of each that is measured."""

from __future__ import annotations

from typing import Any

from dashboard.domain.formatage import mois_annee, nombre, pourcentage
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.phrases import TEINTES, detail_situation, valeur
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.rattachement import departements_de
from dashboard.domain.situation import ORDRE
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports.portrait_lecture import Fonds
from dashboard.figures.departements import carte_departements, fond
from dashboard.figures.portrait import a_imprimer, trajectoire


def programmes(fonds: Fonds, code: str) -> dict[str, Any]:
    """Every programme here, the farthest from its path first; those of the département for a smaller territory."""
    ou = fonds.code_programmes(code)
    etats = sorted(fonds.etats[ou], key=lambda e: (ORDRE.index(e.statut), e.retard_relatif, e.programme.nom))
    return {"note": _note(fonds, code, ou), "lignes": [ligne_programme(e) for e in etats]}


def _note(fonds: Fonds, code: str, ou: str) -> str:
    if ou == code:
        return ""
    nom, tous = str(fonds.places.loc[ou, "nom"]), departements_de(fonds.places, code)
    if len(tous) < 2:
        return f"Mesurés par département : voici ceux du département {nom}, et non ceux de ce seul territoire."
    noms = ", ".join(str(fonds.places.loc[d, "nom"]) for d in tous)
    return (
        f"Mesurés par département : voici ceux du département {nom}, où sont la plupart de ses communes "
        f"(territoire sur plusieurs départements : {noms})."
    )


def ligne_programme(e: EtatProgramme) -> dict[str, Any]:
    """One programme in one line: statut, progress against what was expected, date of the value."""
    jours = [s.avancement.date_va for s in e.situations if s.avancement.date_va]
    attendu = f" / {nombre(e.attendu)}" if e.attendu is not None else ""
    return {
        "teinte": TEINTES[e.statut],
        "statut": e.statut.libelle[:1].upper() + e.statut.libelle[1:],
        "nom": e.programme.nom,
        "taux": None if e.taux is None else min(100.0, max(0.0, e.taux)),
        "attendu": None if e.attendu is None else min(100.0, max(0.0, e.attendu)),
        "texte": pourcentage(e.taux, 0) if e.taux is not None else "",
        "sur": attendu if e.taux is not None else "",
        "motif": (e.motif or "rien de mesuré") if e.taux is None else "",
        "date": mois_annee(min(jours)) if jours else "",
        "perime": e.fraicheur is Fraicheur.PERIME,
    }


def multiples(fonds: Fonds, code: str) -> list[dict[str, str]]:
    """One small drawing for each programme with a figure here: its observed line, its path and its target."""
    return [dessin for e in fonds.etats[code] if (dessin := multiple(fonds, e)) is not None]


def multiple(fonds: Fonds, e: EtatProgramme) -> dict[str, str] | None:
    """The small drawing of one programme; None without a figure."""
    s = e.principal
    svg = trajectoire(s, TEINTES[s.statut]) if s is not None else None
    if s is None or svg is None:
        return None
    jour, v = s.serie[-1]
    vc = s.objectif.trajectoire.vc if s.objectif else None
    return {
        "titre": e.programme.nom,
        "indicateur": s.indicateur.libelle,
        "valeur": valeur(s.indicateur, v),
        "cible": f" · cible {nombre(vc, s.indicateur.decimales)}" if vc is not None else " · sans cible",
        "source": f"{fonds.espace.producteur(s.indicateur.producteur).sigle}, {mois_annee(jour)}",
        "teinte": TEINTES[e.statut],
        "svg": svg,
        "alt": detail_situation(s),
    }


def carte_des_retards(fonds: Fonds) -> dict[str, str] | None:
    """How many programmes are late in each département; None when nothing is measured or drawn there."""
    contours = fonds.contours.get(Maille.DEPARTEMENT)
    comptes = {
        code: (sum(e.en_retard for e in etats), sum(e.taux is not None for e in etats))
        for code, etats in fonds.etats.items() if maille_de(code) is Maille.DEPARTEMENT
    }  # fmt: skip
    comptes = {code: n for code, n in comptes.items() if n[1]}
    if contours is None or not comptes:
        return None
    noms = {code: str(fonds.places.loc[code, "nom"]) for code in comptes}
    ordre = sorted(comptes, key=lambda c: (-comptes[c][0], noms[c]))
    svg = carte_departements(
        fond(contours), {c: str(n) for c, (n, _) in comptes.items()}, [c for c in ordre if comptes[c][0]]
    )
    mots = " ; ".join(f"{noms[c]} {comptes[c][0]} sur {comptes[c][1]}" for c in ordre)
    return {
        "svg": a_imprimer(svg),
        "alt": f"Carte : programmes en retard parmi ceux qui sont mesurés, par département. {mots}.",
        "legende": f"Programmes en retard, sur {max(n for _, n in comptes.values())} mesurés par département",
    }
