"""What must hold before a delivery is published: bounds, known totals, plausible figures, no sudden change.

Each control says one sentence; :class:`LotRefuse` stops the lot, an alert goes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from dashboard.domain.formatage import compte, nombre, pourcentage
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.qualite import Dimension, Releve, Seuils, Verdict, juge, part, territoires
from dashboard.domain.reference import Reference
from dashboard.domain.source import Source
from dashboard.domain.territoire import Maille
from dashboard.store.commands import Lot
from data_sources.lecture import Lues

DOUBLONS = ("doublon", "doublon_conflictuel")
MOTS = {Dimension.COHERENCE: ("total en écart", "totaux en écart"),
        Dimension.REVISIONS: ("valeur changée ou retirée", "valeurs changées ou retirées")}  # fmt: skip
MINIMUM = 10
"""Rows under which a constant or inherited column says nothing."""


class LotRefuse(ValueError):
    """A lot that must not be published; the message says why and what to do."""


def controle_lignes(recues: int, lues: Lues, source: Source, precedentes: int | None) -> None:
    """Number of rows, refusals, fall since the last lot. Raises :class:`LotRefuse`."""
    attentes, nom = source.attentes, f"Source « {source.id} »"
    if not attentes.lignes_min <= recues <= attentes.lignes_max:
        raise LotRefuse(
            f"{nom} : {compte(recues, 'ligne reçue', 'lignes reçues')}, entre {nombre(attentes.lignes_min)} et "
            f"{nombre(attentes.lignes_max)} attendues. Vérifier la livraison."
        )
    refusees = lues.rejets["ligne"].nunique()
    if refusees > attentes.rejets_max:
        premier = lues.rejets.iloc[0]
        raise LotRefuse(
            f"{nom} : {compte(refusees, 'ligne refusée', 'lignes refusées')} ({nombre(attentes.rejets_max)} admises). "
            f"Ligne {premier.ligne} : {premier.message} ; {premier.suggestion}."
        )
    if precedentes and precedentes >= MINIMUM and source.livraison == "complete":
        baisse = 100 * (precedentes - recues) / precedentes
        if baisse > attentes.variation_lignes_max:
            raise LotRefuse(
                f"{nom} : {nombre(recues)} lignes reçues contre {nombre(precedentes)} la dernière fois "
                f"(−{pourcentage(baisse, 0)}, {pourcentage(attentes.variation_lignes_max, 0)} admis). "
                "La livraison semble incomplète : la redemander, ou relever variation_lignes_max."
            )


def controle_valeurs(bonnes: pd.DataFrame, source: Source, declares: Mapping[str, Indicateur]) -> None:
    """Known totals, then figures that cannot be what they say. Raises :class:`LotRefuse`."""
    for cle, attendu in source.attentes.totaux.items():
        _controle_total(bonnes, cle, attendu, source)
    for nom, partie in bonnes.groupby("indicateur", observed=True):
        if faute := _temps_lies(partie, declares[str(nom)]):
            raise LotRefuse(f"Source « {source.id} », indicateur « {nom} » : {faute}")
        for faute in _suspectes(partie, declares[str(nom)], source):
            raise LotRefuse(f"Source « {source.id} », indicateur « {nom} » : {faute}")


def _temps_lies(partie: pd.DataFrame, declare: Indicateur) -> str | None:
    """Secrecy works a period at a time: a year less its quarters, or two months of a running total, would undo it."""
    if not declare.a_secret or declare.lecture == "stock":
        return None
    if partie["frequence"].nunique() > 1:
        return "sous secret, avec plusieurs fréquences : l'une se déduit des autres. En déclarer un par fréquence."
    cumule = declare.lecture == "cumul_annuel" and partie.groupby(partie["fin"].dt.year)["fin"].nunique().gt(1).any()
    return "cumul sous secret, plusieurs périodes d'une même année se bornent. N'en livrer qu'une." if cumule else None


def _controle_total(bonnes: pd.DataFrame, cle: str, attendu: float, source: Source) -> None:
    indicateur, annee = cle.rsplit(" ", 1)
    siennes = bonnes["indicateur"].eq(indicateur) & bonnes["fin"].dt.year.astype("str").eq(annee)
    total = float(bonnes.loc[siennes, "valeur"].sum())
    if abs(total - attendu) > 1e-6 * max(1.0, abs(attendu)):
        raise LotRefuse(
            f"Source « {source.id} » : {indicateur} {annee} totalise {nombre(total)}, {nombre(attendu)} attendus. "
            "Vérifier le millésime déclaré et le périmètre."
        )


def _suspectes(partie: pd.DataFrame, declare: Indicateur, source: Source) -> Iterator[str]:
    valeurs = partie["valeur"].dropna()
    if len(valeurs) < MINIMUM:
        return
    if declare.id not in source.attentes.constantes_admises and valeurs.nunique() == 1:
        yield (
            f"la colonne est constante ({nombre(float(valeurs.iloc[0]), 2)} sur {nombre(len(valeurs))} lignes). "
            "Vérifier l'extraction, ou l'ajouter à constantes_admises."
        )
    if declare.unite == "%" and not source.repare("fraction") and _en_fractions(valeurs):
        yield (
            f"des fractions (de {nombre(float(valeurs.min()), 3)} à {nombre(float(valeurs.max()), 3)}) là où des % "
            "sont attendus. Déclarer la règle fraction si ce sont bien des fractions."
        )
    if declare.id not in source.attentes.heritages_admis and _heritees(partie):
        yield (
            "chaque groupe de communes porte une seule valeur, celle d'un niveau supérieur. "
            "Publier la valeur à son niveau, ou l'ajouter à heritages_admis."
        )


def _en_fractions(valeurs: pd.Series) -> bool:
    return bool(valeurs.between(0, 1).all() and (valeurs % 1 != 0).any() and valeurs.max() > 0.02)


def _heritees(partie: pd.DataFrame) -> bool:
    """Commune figures that change only with their département: copied from the level above."""
    communes = partie[partie["code_territoire"].astype("str").str.startswith("COM-")].dropna(subset="valeur")
    if len(communes) < MINIMUM * 3:
        return False
    groupes = communes.groupby([communes["code_territoire"].astype("str").str[:6], "fin"])["valeur"]
    tailles, distinctes = groupes.size(), groupes.nunique()
    grands = tailles >= MINIMUM
    return bool(grands.sum() >= 2 and (distinctes[grands] == 1).all() and communes["valeur"].nunique() > 1)


def controle_variation(avant: pd.Series, apres: pd.Series, source: Source) -> tuple[str, ...]:
    """Values that changed by more than declared. Raises :class:`LotRefuse` or gives one alert."""
    limite = source.attentes.variation_max
    if limite is None:
        return ()
    a, b = avant.to_numpy(dtype=np.float64), apres.to_numpy(dtype=np.float64)
    connues = ~np.isnan(a) & ~np.isnan(b) & (a != 0)
    ecarts = 100 * np.abs(b[connues] - a[connues]) / np.abs(a[connues])
    fortes = int((ecarts > limite).sum())
    if not fortes:
        return ()
    phrase = (
        f"{compte(fortes, 'valeur change', 'valeurs changent')} de plus de {pourcentage(limite, 0)} "
        f"(jusqu'à {pourcentage(float(ecarts.max()), 0)})."
    )
    if source.attentes.au_dela == "refus":
        raise LotRefuse(f"Source « {source.id} » : {phrase} Vérifier avec le producteur, ou relever variation_max.")
    return (phrase,)


def controle_qualite(releves: Sequence[Releve], entete: Lot, lues: Lues, source: Source) -> None:
    """Thresholds that the source declares as blocking. Raises :class:`LotRefuse`."""
    nom = f"Source « {source.id} »"
    for r in sorted(releves, key=lambda r: r.valeur):
        _bloque(f"{nom}, indicateur « {r.indicateur} »", r.dimension, r.valeur, _precise(r), source.qualite)
    reparees = sum(t.nombre for t in entete.traces if t.regle == "doublons_identiques")
    utiles = entete.recues - entete.hors_champ + reparees
    if utiles <= 0:
        return
    repetees = int(lues.rejets.loc[lues.rejets["motif"].isin(DOUBLONS), "ligne"].nunique())
    refusees = int(lues.rejets["ligne"].nunique())
    for dimension, fautives in ((Dimension.VALIDITE, refusees), (Dimension.UNICITE, repetees + reparees)):
        precise = f"{compte(fautives, 'ligne', 'lignes')} sur {nombre(utiles)} en cause"
        _bloque(nom, dimension, 100 * max(0.0, utiles - fautives) / utiles, precise, source.qualite)


def _precise(r: Releve) -> str:
    if r.dimension is Dimension.COMPLETUDE and r.maille:
        return f"{territoires(r.nombre, r.maille)} sur {nombre(r.sur)}"
    un, plusieurs = MOTS[r.dimension]
    return f"{compte(r.nombre, un, plusieurs)} sur {nombre(r.sur)}"


def _bloque(nom: str, dimension: Dimension, valeur: float, precise: str, seuils: Seuils) -> None:
    seuil = seuils.pour(dimension).bloque
    if seuil is None or juge(dimension, valeur, seuils) is not Verdict.BLOQUANT:
        return
    sens = "au moins" if dimension.monte else "au plus"
    raise LotRefuse(
        f"{nom} : {dimension.libelle.lower()} de {part(valeur)} ({precise}), {part(seuil)} {sens} exigés. "
        f"Redemander la livraison au producteur, ou revoir qualite.{dimension.value}.bloque."
    )


def perimetres_changes(bonnes: pd.DataFrame, places: Reference) -> tuple[str, ...]:
    """Territories above the commune that are no longer the same place: kept as received, not shown as today's."""
    hautes = bonnes[~bonnes["code_territoire"].astype("str").str.startswith(Maille.COMMUNE.prefixe)]
    perdus = {
        str(code)
        for cog, partie in hautes.groupby("millesime_cog")
        for code in set(partie["code_territoire"].unique()) - places.inchanges_depuis(int(str(cog)))
    }
    if not perdus:
        return ()
    exemples = ", ".join(sorted(perdus)[:3])
    return (
        f"{compte(len(perdus), 'territoire a', 'territoires ont')} changé de communes depuis le millésime déclaré "
        f"({exemples}…) : gardés tels que reçus, non montrés sous leur nom d'aujourd'hui.",
    )


def deja_montrees(avant: pd.DataFrame, apres: pd.DataFrame) -> tuple[str, ...]:
    """Values hidden from now on that an earlier lot had shown: who kept them still knows them."""
    n = int(((avant["statut"] != "Q").to_numpy() & (apres["statut"] == "Q").to_numpy()).sum())
    if not n:
        return ()
    combien = compte(n, "valeur passe", "valeurs passent")
    return (
        f"Secret statistique : {combien} sous secret après avoir été publiée{'s' if n > 1 else ''} par un lot "
        "antérieur. Prévenir ceux qui ont reçu les instantanés précédents.",
    )
