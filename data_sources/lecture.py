"""From a supplier's rows to typed measures or targets, each refused cell with its reason and its remedy."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite

import pandas as pd

from dashboard.domain.indicateur import Espace
from dashboard.domain.periode import Periode, PeriodeInconnue, parse_periode
from dashboard.domain.source import Colonnes, Source

NUMERIQUES = ("valeur", "numerateur", "denominateur", "n_unites", "part_max", "millesime_cog")
TEXTES = ("source_url", "date_source", "note")
COLONNES_REJET = ["ligne", "colonne", "valeur", "motif", "message", "suggestion"]
SECRET = "Q"
STATUTS = ("A", SECRET)
CIBLE = (
    "indicateur", "code_territoire", "auteur", "acte", "date_acte", "date_initiale", "valeur_initiale", "jalons",
    "echeance", "valeur", "source_url", "note",
)  # fmt: skip
"""SDMX OBS_STATUS of a value that exists and that the supplier hides: it comes with no figure."""
AUTEURS = ("Région", "État", "schéma")


class LotRefuse(ValueError):
    """A lot that must not be published; the message says why and what to do."""


@dataclass(frozen=True)
class Lues:
    """Rows that can be published and cells that were refused; rows in = rows out + rows refused."""

    bonnes: pd.DataFrame
    rejets: pd.DataFrame


def lis_mesures(brutes: pd.DataFrame, source: Source, espace: Espace, connus: dict[int, frozenset[str]]) -> Lues:
    """Typed measures: columns of ``mesure`` but lot. ``connus``: valid territory codes by COG vintage."""
    table = renomme(brutes, source.colonnes, source)
    rejets = [
        _refuse(table, "indicateur", ~table["indicateur"].isin(_ids(espace, source)), "indicateur_inconnu",
                "indicateur « {} » non déclaré pour cette source", "déclarer l'indicateur ou corriger son nom"),
        _refuse_periodes(table),
        *[_refuse_nombres(table, c) for c in NUMERIQUES if c in table],
        *_refuse_millesimes(table), *_refuse_statuts(table),
        *[_refuse_dates(table, c) for c in ("date_source",) if c in table],
    ]  # fmt: skip
    table = _type(table, source, espace)
    rejets += [_refuse_territoires(table, connus), _refuse_bornes(table, source), _refuse_vides(table)]
    rejets += _refuse_secrets(table, {i.id for i in espace.indicateurs if i.min_unites or i.dominance})
    return _separe(table, [*rejets, *_refuse_doublons(table, ["indicateur", "code_territoire", "fin", "frequence"])])


def lis_objectifs(brutes: pd.DataFrame, source: Source, espace: Espace, connus: frozenset[str]) -> Lues:
    """Typed targets: columns of ``objectif`` but lots. Dates are the end of the period that is given."""
    _exige(brutes, CIBLE, source)
    table = brutes[list(CIBLE)].assign(ligne=range(1, len(brutes) + 1))
    rejets = [
        _refuse(table, "indicateur", ~table["indicateur"].isin({i.id for i in espace.indicateurs}),
                "indicateur_inconnu", "indicateur « {} » non déclaré", "déclarer l'indicateur ou corriger son nom"),
        _refuse(table, "code_territoire", ~table["code_territoire"].isin(connus), "territoire_inconnu",
                "territoire « {} » absent du référentiel", "corriger le code (exemple : DEP-21)"),
        _refuse(table, "auteur", ~table["auteur"].isin(AUTEURS), "auteur_inconnu",
                "auteur de cible « {} » inconnu", f"écrire l'un de : {', '.join(AUTEURS)}"),
        _refuse_periodes(table, "echeance"), _refuse_nombres(table, "valeur"),
        _refuse_nombres(table, "valeur_initiale"), _refuse_dates(table, "date_initiale"),
        _refuse_dates(table, "date_acte"), _refuse_jalons(table),
        _refuse(table, "valeur", table["valeur"].isna(), "valeur_absente", "cible sans valeur",
                "donner la valeur visée, ou ne pas fournir la ligne"),
    ]  # fmt: skip
    table = table.assign(
        valeur=_nombres(table["valeur"]),
        valeur_initiale=_nombres(table["valeur_initiale"]),
        echeance=_fins(table["echeance"]),
        date_initiale=_fins(table["date_initiale"]),
        date_acte=_fins(table["date_acte"]),
        jalons=table["jalons"].fillna("[]"),
    )
    cle = ["indicateur", "code_territoire", "auteur", "echeance"]
    return _separe(table, [*rejets, *_refuse_doublons(table, cle)])


def renomme(brutes: pd.DataFrame, colonnes: Colonnes, source: Source) -> pd.DataFrame:
    """The supplier's columns under house names, and ``ligne``. Raises :class:`LotRefuse` when one is absent."""
    noms = {v: c for c, v in colonnes.model_dump().items() if v is not None}
    _exige(brutes, noms, source)
    table = brutes[list(noms)].rename(columns=noms | {noms_territoire(colonnes): "code_territoire"})
    return table.assign(ligne=range(1, len(table) + 1))


def _exige(brutes: pd.DataFrame, noms: Iterable[str], source: Source) -> None:
    absentes = sorted(set(noms) - set(brutes.columns))
    if absentes:
        raise LotRefuse(
            f"Source « {source.id} » : colonne{'s' if len(absentes) > 1 else ''} {', '.join(absentes)} absente"
            f"{'s' if len(absentes) > 1 else ''}. Colonnes reçues : {', '.join(map(str, brutes.columns))}."
        )


def noms_territoire(colonnes: Colonnes) -> str:
    """The supplier's name of the territory column."""
    return colonnes.territoire


def _ids(espace: Espace, source: Source) -> set[str]:
    return {i.id for i in espace.indicateurs if i.source == source.id}


def _type(table: pd.DataFrame, source: Source, espace: Espace) -> pd.DataFrame:
    periodes = table["periode"].map(lambda t: _periode(str(t)))
    typees = {c: _nombres(table[c]) if c in table else pd.Series(pd.NA, table.index, "Float64") for c in NUMERIQUES}
    cog = typees.pop("millesime_cog").fillna(source.millesime_cog or espace.millesime_cog).round().astype("int64")
    textes = {c: table.get(c) for c in TEXTES}
    textes["date_source"] = _fins(table["date_source"]) if "date_source" in table else None
    return pd.DataFrame(
        {
            "ligne": table["ligne"],
            "indicateur": table["indicateur"].astype(str),
            "code_territoire": table["code_territoire"].astype(str),
            "millesime_cog": cog,
            "debut": periodes.map(lambda p: p.debut if p else None),
            "fin": periodes.map(lambda p: p.fin if p else None),
            "frequence": periodes.map(lambda p: p.frequence.value if p else None),
            **{c: s.astype("float64") for c, s in typees.items()},
            "statut": table["statut"].fillna("A").astype(str) if "statut" in table else "A",
            **textes,
        }
    )


@lru_cache(maxsize=4096)
def _periode(texte: str) -> Periode | None:
    try:
        return parse_periode(texte.strip())
    except (PeriodeInconnue, ValueError):
        return None


def _fins(colonne: pd.Series) -> pd.Series:
    """Last day of the period of each cell, None when empty or unreadable."""
    return colonne.map(lambda t: (p := _periode(str(t))) and p.fin, na_action="ignore").astype(object)


def _nombres(colonne: pd.Series) -> pd.Series:
    nombres = pd.to_numeric(colonne, errors="coerce").astype("Float64")
    return nombres.mask(nombres.abs() == float("inf"))


def _refuse(
    table: pd.DataFrame, colonne: str, fautif: pd.Series, motif: str, message: str, remede: str
) -> pd.DataFrame:
    fautives = table.loc[fautif.fillna(True).astype(bool), ["ligne", colonne]]
    return pd.DataFrame(
        {
            "ligne": fautives["ligne"],
            "colonne": colonne,
            "valeur": fautives[colonne].astype(str),
            "motif": motif,
            "message": [message.format(v) for v in fautives[colonne]],
            "suggestion": remede,
        }
    )


def _refuse_periodes(table: pd.DataFrame, colonne: str = "periode") -> pd.DataFrame:
    illisible = table[colonne].map(lambda t: _periode(str(t)) is None).astype(bool)
    remede = "écrire 2023, 2023-12, 2023-T4, 2023-12-31 ou 2017-2023"
    return _refuse(table, colonne, illisible, "periode_illisible", "période « {} » illisible", remede)


def _refuse_nombres(table: pd.DataFrame, colonne: str) -> pd.DataFrame:
    illisible = table[colonne].notna() & _nombres(table[colonne]).isna()
    remede = "écrire un nombre, avec un point décimal, sans unité"
    return _refuse(table, colonne, illisible, "nombre_illisible", "« {} » n'est pas un nombre", remede)


def _refuse_millesimes(table: pd.DataFrame) -> list[pd.DataFrame]:
    if "millesime_cog" not in table:
        return []
    nombres = _nombres(table["millesime_cog"])
    rompu = nombres.notna() & (nombres != nombres.round())
    return [
        _refuse(table, "millesime_cog", rompu, "nombre_illisible", "« {} » n'est pas une année", "écrire un entier")
    ]


def _refuse_statuts(table: pd.DataFrame) -> list[pd.DataFrame]:
    if "statut" not in table:
        return []
    inconnu = table["statut"].notna() & ~table["statut"].isin(STATUTS)
    remede = "écrire A (valeur normale) ou Q (secret statistique)"
    return [_refuse(table, "statut", inconnu, "statut_inconnu", "statut « {} » inconnu", remede)]


def _refuse_dates(table: pd.DataFrame, colonne: str) -> pd.DataFrame:
    illisible = table[colonne].notna() & _fins(table[colonne]).isna()
    remede = "écrire 2023-12-31, 2023-12 ou 2023, ou laisser vide"
    return _refuse(table, colonne, illisible, "date_illisible", "date « {} » illisible", remede)


def _refuse_jalons(table: pd.DataFrame) -> pd.DataFrame:
    illisible = table["jalons"].notna() & ~table["jalons"].map(_jalons_lisibles).astype(bool)
    remede = 'écrire [["2024-12-31", 30]] : date et valeur de chaque jalon'
    return _refuse(table, "jalons", illisible, "jalons_illisibles", "jalons « {} » illisibles", remede)


def _jalons_lisibles(texte: object) -> bool:
    try:
        return all(date.fromisoformat(jour) and isfinite(v) for jour, v in json.loads(str(texte)))
    except (TypeError, ValueError):
        return False


def _refuse_territoires(table: pd.DataFrame, connus: dict[int, frozenset[str]]) -> pd.DataFrame:
    admis = pd.Series(False, index=table.index)
    for cog, codes in connus.items():
        admis |= table["millesime_cog"].eq(cog) & table["code_territoire"].isin(codes)
    return _refuse(
        table, "code_territoire", ~admis, "territoire_inconnu",
        "territoire « {} » absent du COG du millésime déclaré", "corriger le code ou le millésime de la source",
    )  # fmt: skip


def _refuse_bornes(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    mini, maxi = source.attentes.valeur_min, source.attentes.valeur_max
    hors = pd.Series(False, index=table.index)
    if mini is not None:
        hors |= table["valeur"] < mini
    if maxi is not None:
        hors |= table["valeur"] > maxi
    remede = f"valeurs attendues de {mini} à {maxi} : vérifier l'unité"
    return _refuse(table, "valeur", hors, "hors_bornes", "valeur {} hors des bornes", remede)


def _refuse_vides(table: pd.DataFrame) -> pd.DataFrame:
    vide = table["valeur"].isna() & (table["numerateur"].isna() | table["denominateur"].isna())
    vide &= table["statut"] != SECRET
    return _refuse(
        table, "valeur", vide, "valeur_absente", "ni valeur, ni numérateur avec dénominateur",
        "ne pas fournir la ligne, ou donner sa valeur",
    )  # fmt: skip


def _refuse_secrets(table: pd.DataFrame, proteges: Collection[str]) -> list[pd.DataFrame]:
    """A secret row carries no figure, and its indicator declares a secrecy: else it would be shown as missing."""
    secret = table["statut"] == SECRET
    chiffre = secret & table[["valeur", "numerateur", "denominateur", "n_unites"]].notna().any(axis=1)
    return [
        _refuse(table, "statut", chiffre, "secret_chiffre", "ligne secrète fournie avec un chiffre",
                "retirer le chiffre, ou le statut Q"),
        _refuse(table, "statut", secret & ~table["indicateur"].isin(proteges), "secret_non_declare",
                "ligne secrète d'un indicateur sans secret", "déclarer min_unites dans la fiche de l'indicateur"),
    ]  # fmt: skip


def _refuse_doublons(table: pd.DataFrame, cle: list[str]) -> list[pd.DataFrame]:
    """Identical duplicates keep their first row; conflicting ones are all refused."""
    contenu = [c for c in table.columns if c not in ("ligne", "ligne_source", *TEXTES)]
    copie = table.duplicated(contenu, keep="first")
    distinctes = table[~copie]
    conflit = table["ligne"].isin(distinctes.loc[distinctes.duplicated(cle, keep=False), "ligne"])
    return [
        _refuse(table, "code_territoire", copie, "doublon", "ligne déjà présente pour « {} »", "retirer la copie"),
        _refuse(table, "code_territoire", conflit, "doublon_conflictuel",
                "deux valeurs différentes pour « {} » à la même période", "ne garder que la bonne"),
    ]  # fmt: skip


def _separe(table: pd.DataFrame, rejets: list[pd.DataFrame]) -> Lues:
    pleins = [r for r in rejets if len(r)]
    tous = pd.concat(pleins).sort_values("ligne") if pleins else pd.DataFrame(columns=COLONNES_REJET)
    bonnes = table[~table["ligne"].isin(tous["ligne"])].rename(columns={"ligne": "ligne_source"})
    return Lues(bonnes.reset_index(drop=True), tous.reset_index(drop=True))


Lecture = Callable[[pd.DataFrame], Lues]
