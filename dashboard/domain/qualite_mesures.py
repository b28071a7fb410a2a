"""From what was recorded to the six measures of an indicator, or of those of one dataset, each in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from dashboard.domain.formatage import compte, nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.qualite import (
    Dimension,
    Mesure,
    Pris,
    Recue,
    Releve,
    Seuils,
    jours_de_retard,
    juge,
    mesure,
    part,
    periode_dite,
    sans,
    territoires,
)

PAS_ENCORE = "Pas encore mesurée : elle le sera au prochain lot publié."
DES_CIBLES = "Ne se mesure pas sur des cibles."
Suivi = tuple[Indicateur, Sequence[Releve]]
"""An indicator, and the records of its last lot."""
Points = Sequence[tuple[date, float]]
"""One measure after each lot: its day, its value, oldest first."""


def mesures(
    suivis: Sequence[Suivi], recues: Sequence[Recue], seuils: Seuils, arrete: date, totaux: int = 0
) -> tuple[Mesure, ...]:
    """The six measures in the order of ``Dimension``. ``totaux``: known totals checked at each delivery."""
    return (
        _completude(suivis, seuils),
        _ponctualite(suivis, seuils, arrete),
        *lignes(recues, seuils),
        _coherence(suivis, seuils, totaux),
        _revisions(suivis, seuils),
    )


def mesures_de_cibles(recues: Sequence[Recue], seuils: Seuils) -> tuple[Mesure, ...]:
    """Of a dataset of targets: only its lines are judged."""
    valides, uniques = lignes(recues, seuils)
    autres = {d: sans(d, DES_CIBLES) for d in Dimension}
    return tuple((autres | {Dimension.VALIDITE: valides, Dimension.UNICITE: uniques}).values())


def _completude(suivis: Sequence[Suivi], seuils: Seuils) -> Mesure:
    dimension = Dimension.COMPLETUDE
    pires = [(i, min(siens, key=lambda r: r.valeur)) for i, rs in suivis if (siens := _de(rs, dimension))]
    if not pires:
        return sans(dimension, PAS_ENCORE)
    declare, bas = min(pires, key=lambda x: x[1].valeur)
    if len(suivis) == 1:
        phrase = f"{_couvre(bas)}."
    else:
        phrase = _incomplets([r for _, r in pires])
        phrase += f" Le moins rempli, {declare.libelle_court} : {_couvre(bas)}." if bas.valeur < 100 else ""
    remede = " Demander au producteur les territoires absents." if bas.valeur < 100 else ""
    verdict = juge(dimension, bas.valeur, seuils)
    return mesure(dimension, _ensemble([r for _, r in pires]), phrase + remede, seuils, verdict)


def _ensemble(pires: Sequence[Releve]) -> float:
    """Mean of the indicators, each at its least filled maille."""
    return sum(r.valeur for r in pires) / len(pires)


def _pires(releves: Sequence[Releve]) -> list[Releve]:
    """The least filled maille of each indicator."""
    moindres: dict[str, Releve] = {}
    for r in sorted(releves, key=lambda r: -r.valeur):
        moindres[r.indicateur] = r
    return list(moindres.values())


def _incomplets(pires: Sequence[Releve]) -> str:
    n = sum(r.valeur < 100 for r in pires)
    if not n:
        return f"Les {nombre(len(pires))} indicateurs ont toutes leurs valeurs à leur dernière période."
    return f"{compte(n, 'indicateur incomplet', 'indicateurs incomplets')} sur {nombre(len(pires))}."


def _couvre(r: Releve) -> str:
    """« 7 départements sur 8 au 31 mai 2024, 92,9 % des habitants »."""
    ou = r.maille.pluriel if r.maille else "territoires"
    if not r.nombre:
        return f"aucune valeur pour les {ou}"
    if r.nombre == r.sur:
        return f"toutes les valeurs des {ou} {periode_dite(r.fin)}" if r.sur > 1 else f"complet {periode_dite(r.fin)}"
    habitants = f", {part(r.complement)} des habitants" if r.complement is not None else ""
    combien = territoires(r.nombre, r.maille) if r.maille else nombre(r.nombre)
    return f"{combien} sur {nombre(r.sur)} {periode_dite(r.fin)}{habitants}"


def _ponctualite(suivis: Sequence[Suivi], seuils: Seuils, arrete: date) -> Mesure:
    dimension = Dimension.PONCTUALITE
    fins = [(i, fin) for i, rs in suivis if (fin := derniere_fin(rs))]
    if not fins:
        return sans(dimension, "Aucune période publiée : rien n'est attendu encore.")
    retards = [(_retard(i, fin, arrete), i, fin) for i, fin in fins]
    pire, declare, fin = max(retards, key=lambda x: x[0])
    tardifs = sum(r[0] > 0 for r in retards)
    if not tardifs:
        return mesure(dimension, 0, f"À l'heure : dernière période {periode_dite(max(f for _, f in fins))}.", seuils)
    quoi = f"dernière période {periode_dite(fin)}, {compte(pire, 'jour', 'jours')} de retard sur le rythme annoncé"
    remede = "Relancer le producteur, ou corriger le rythme et le délai déclarés."
    if len(suivis) == 1:
        return mesure(dimension, pire, f"{quoi[:1].upper()}{quoi[1:]}. {remede}", seuils)
    tete = f"{compte(tardifs, 'indicateur', 'indicateurs')} sur {nombre(len(retards))} en retard."
    return mesure(dimension, pire, f"{tete} Le plus en retard, {declare.libelle_court} : {quoi}. {remede}", seuils)


def _retard(declare: Indicateur, fin: date, jour: date) -> int:
    return jours_de_retard(fin, declare.rythme_mois, declare.delai_mois, jour)


def derniere_fin(releves: Iterable[Releve]) -> date | None:
    """End of the last period of an indicator, at any maille."""
    return max((r.fin for r in _de(releves, Dimension.COMPLETUDE) if r.fin), default=None)


def lignes(recues: Sequence[Recue], seuils: Seuils) -> tuple[Mesure, Mesure]:
    """Validity and uniqueness of the last delivery."""
    if not recues:
        return sans(Dimension.VALIDITE, PAS_ENCORE), sans(Dimension.UNICITE, PAS_ENCORE)
    derniere = recues[-1]
    if derniere.utiles <= 0:
        illisible = "La dernière livraison n'a pas pu être lue ligne à ligne. La redemander au producteur."
        return sans(Dimension.VALIDITE, illisible), sans(Dimension.UNICITE, illisible)
    return (
        _ligne(Dimension.VALIDITE, derniere, derniere.refusees, "refusée", seuils),
        _ligne(Dimension.UNICITE, derniere, derniere.doublons, "répétée ou contredite", seuils),
    )


def _ligne(dimension: Dimension, recue: Recue, fautives: int, mot: str, seuils: Seuils) -> Mesure:
    valeur = 100 * max(0, recue.utiles - fautives) / recue.utiles
    accorde = mot if fautives < 2 else "répétées ou contredites" if "répét" in mot else f"{mot}s"
    combien = f"{nombre(fautives)} {accorde}" if fautives else f"aucune {mot}"
    remede = " Les corriger chez le producteur : la page Données en garde la liste." if fautives else ""
    recu = compte(recue.utiles, "ligne reçue", "lignes reçues")
    return mesure(dimension, valeur, f"{recu} (lot {recue.lot}), {combien}.{remede}", seuils)


def _coherence(suivis: Sequence[Suivi], seuils: Seuils, totaux: int) -> Mesure:
    dimension = Dimension.COHERENCE
    lus = [(i, r) for i, rs in suivis for r in _de(rs, dimension)]
    connus = compte(totaux, "total connu vérifié", "totaux connus vérifiés") + " à chaque livraison." if totaux else ""
    if not lus:
        seuls = "Aucun total publié dont toutes les parties soient connues : rien à recouper."
        return mesure(dimension, 0, connus, seuils) if totaux else sans(dimension, seuls)
    declare, pire = max(lus, key=lambda x: x[1].valeur)
    ecarts, compares = sum(r.nombre for _, r in lus), sum(r.sur for _, r in lus)
    phrase = f"{compte(compares, 'total recoupé', 'totaux recoupés')}, "
    if not ecarts:
        return mesure(dimension, 0, f"{phrase}aucun écart. {connus}".strip(), seuils)
    ou = f" ({declare.libelle_court})" if len(suivis) > 1 else ""
    phrase += f"{nombre(ecarts)} en écart avec la somme des parties, jusqu'à {part(pire.valeur)} "
    phrase += f"{periode_dite(pire.fin)}{ou}. Le chiffre publié est montré ; demander l'explication au producteur. "
    return mesure(dimension, pire.valeur, f"{phrase}{connus}".strip(), seuils)


def _revisions(suivis: Sequence[Suivi], seuils: Seuils) -> Mesure:
    dimension = Dimension.REVISIONS
    lus = [r for _, rs in suivis for r in _de(rs, dimension)]
    if not lus:
        return sans(dimension, "Une seule livraison : rien à comparer encore.")
    changees, sur = sum(r.nombre for r in lus), sum(r.sur for r in lus)
    if not changees:
        return mesure(dimension, 0, f"{compte(sur, 'valeur comparée', 'valeurs comparées')}, aucune révisée.", seuils)
    tailles = [r.complement for r in lus if r.complement is not None]
    taille = f", de {part(max(tailles))} en médiane" if len(tailles) == 1 else ""
    taille = f", jusqu'à {part(max(tailles))} en médiane" if len(tailles) > 1 else taille
    phrase = f"{compte(changees, 'valeur', 'valeurs')} sur {nombre(sur)} changées ou retirées{taille}."
    remede = " Vérifier la note de méthode du producteur avant de citer une évolution."
    return mesure(dimension, 100 * changees / sur, phrase + remede, seuils)


def _de(releves: Iterable[Releve], dimension: Dimension) -> list[Releve]:
    return [r for r in releves if r.dimension is dimension]


# ------------------------------------------------------------------------------------------ history


def historique(
    pris: Sequence[Pris], recues: Sequence[Recue], declares: Mapping[str, Indicateur]
) -> Mapping[Dimension, Points]:
    """Each measure after each lot, of the records of these indicators and the deliveries of their dataset."""
    points: dict[Dimension, list[tuple[date, float]]] = {d: [] for d in Dimension}
    for _, groupe in groupby(sorted(pris, key=lambda p: p.lot), key=lambda p: p.lot):
        siens = list(groupe)
        jour = siens[0].jour
        for dimension, resume in _RESUMES.items():
            if lus := _de((p.releve for p in siens), dimension):
                points[dimension].append((jour, resume(lus)))
        par_indicateur = {c: [p.releve for p in siens if p.releve.indicateur == c] for c in declares}
        fins = {c: fin for c, rs in par_indicateur.items() if (fin := derniere_fin(rs))}
        if fins:
            points[Dimension.PONCTUALITE].append((jour, max(_retard(declares[c], f, jour) for c, f in fins.items())))
    for r in recues:
        if r.utiles > 0:
            points[Dimension.VALIDITE].append((r.jour, 100 * max(0, r.utiles - r.refusees) / r.utiles))
            points[Dimension.UNICITE].append((r.jour, 100 * max(0, r.utiles - r.doublons) / r.utiles))
    return points


_RESUMES: Mapping[Dimension, Callable[[Sequence[Releve]], float]] = {
    Dimension.COMPLETUDE: lambda rs: _ensemble(_pires(rs)),
    Dimension.COHERENCE: lambda rs: max(r.valeur for r in rs),
    Dimension.REVISIONS: lambda rs: 100 * sum(r.nombre for r in rs) / sum(r.sur for r in rs),
}
