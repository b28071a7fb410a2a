"""The last steps of an explanation in words: the target, the progress towards it, the programme it counts in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.domain.explication import But, Etape, Explication
from dashboard.domain.formatage import date_courte, nombre, nombre_nu, pourcentage
from dashboard.domain.phrases import valeur
from dashboard.domain.programme import EtatProgramme


def objectifs(e: Explication) -> Iterable[Etape]:
    """One step a target, the one that judges first."""
    for but in e.buts:
        yield Etape("objectif", "Objectif et avancement", _avancement(e, but), tuple(_faits_du_but(e, but)))


def _avancement(e: Explication, but: But) -> str:
    a = but.avancement
    if a.ta_brut is None:
        return f"{but.objectif.libelle_auteur} : {a.motif or 'avancement non calculable'}."
    attendu = f", {pourcentage(a.ta_attendu, 0)} attendus à cette date" if a.ta_attendu is not None else ""
    return f"{pourcentage(a.ta_brut)} du chemin parcouru{attendu} : {a.statut.libelle}."


def _faits_du_but(e: Explication, but: But) -> list[tuple[str, str]]:
    o, a, declare = but.objectif, but.avancement, e.declare
    vise = o.trajectoire
    faits = [
        ("Cible", f"{valeur(declare, vise.vc)} au {date_courte(o.echeance)}"),
        ("Point de départ", f"{valeur(declare, vise.vi)} au {date_courte(vise.date_vi)}" if vise.date_vi else ""),
        ("Calcul", taux(but)),
        ("Valeur jugée", f"{valeur(declare, a.va)} au {date_courte(a.date_va)}" if a.date_va else ""),
        ("Motif", f"{a.motif}" if a.motif and a.ta_brut is not None else ""),
        ("Auteur de la cible", o.auteur),
        ("Acte", o.acte + (f", {date_courte(but.date_acte)}" if but.date_acte else "")),
        ("Adresse de l'acte", o.source_url or ""),
        ("Remarque", o.note or ""),
    ]
    return [(nom, mots) for nom, mots in faits if mots]


def taux(but: But) -> str:
    """The formula of the TA with its numbers: « 100 × (145 − 140) ÷ (244 − 140) = 4,8 % »."""
    vise, a = but.objectif.trajectoire, but.avancement
    if vise.vi is None or vise.vc is None or a.va is None or a.ta_brut is None or vise.vi == vise.vc:
        return ""
    if vise.deja_atteint_au_depart:
        return f"cible déjà tenue au départ : {pourcentage(a.ta_brut, 0)}"
    vi, va, vc = (_terme(v) for v in (vise.vi, a.va, vise.vc))
    return f"100 × ({va} − {vi}) ÷ ({vc} − {vi}) = {pourcentage(a.ta_brut)}"


def _terme(v: float) -> str:
    return f"({nombre_nu(v)})" if v < 0 else nombre_nu(v)


def programme(e: Explication) -> Etape | None:
    """What the indicator weighs in the programme that counts it."""
    p = e.programme
    if p is None or not p.situations:
        return None
    return Etape("programme", "Programme", _dit_programme(p), tuple(_faits_du_programme(p)))


def _dit_programme(p: EtatProgramme) -> str:
    taux_ = pourcentage(p.taux, 0) if p.taux is not None else p.motif or "non mesuré"
    seul = "son seul indicateur" if len(p.situations) == 1 else f"{p.compte.completude} mesurés"
    return f"« {p.programme.nom} » : {taux_} ({seul}), {p.statut.libelle}."


def _faits_du_programme(p: EtatProgramme) -> list[tuple[str, str]]:
    faits = []
    for s in p.situations:
        poids = p.programme.poids_de(s.indicateur.id)
        ta = pourcentage(s.avancement.ta, 1) if s.avancement.ta is not None else f"n.d. ({s.avancement.motif})"
        faits.append((s.indicateur.libelle_court, f"TA {ta}, poids {nombre_nu(poids)}"))
    if len(p.situations) > 1 and p.compte.ta is not None:
        faits.append(("Calcul", _moyenne(p)))
    return faits


def _moyenne(p: EtatProgramme) -> str:
    """« (1 × 30 + 0,5 × 44) ÷ 1,5 = 35 % »."""
    mesures: Sequence[tuple[float, float]] = [
        (p.programme.poids_de(s.indicateur.id), s.avancement.ta) for s in p.situations if s.avancement.ta is not None
    ]
    termes = " + ".join(f"{nombre_nu(poids)} × {nombre(ta, 1)}" for poids, ta in mesures)
    return f"({termes}) ÷ {nombre_nu(sum(poids for poids, _ in mesures))} = {pourcentage(p.compte.ta, 1)}"
