"""From shaped rows to typed measures or targets, each refused cell with its reason and its remedy.

Keys (indicator, territory, period) are judged once per distinct text, figures by whole columns: a million rows take
about a second.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.domain.indicateur import Espace, Indicateur
from dashboard.domain.periode import Periode, PeriodeInconnue, parse_periode
from dashboard.domain.reparation import Trace, texte, trace
from dashboard.domain.source import Source
from dashboard.domain.territoire import Maille
from data_sources.rejets import COLONNES_REJET, Masque, doublons, joins, nombres, refuse

NUMERIQUES = ("valeur", "numerateur", "denominateur", "n_unites", "part_max")
TEXTES = ("source_url", "note")
SECRET = "Q"
STATUTS = ("A", SECRET)
"""SDMX OBS_STATUS; Q: a value that exists and that the supplier hides. It comes with no figure."""
CLE_MESURE = ["indicateur", "code_territoire", "fin", "frequence"]


@dataclass(frozen=True)
class Lues:
    """Rows that can be published and cells that were refused: rows in = rows out + rows refused + out of scope."""

    bonnes: pd.DataFrame
    rejets: pd.DataFrame
    traces: tuple[Trace, ...] = ()
    alertes: tuple[str, ...] = ()


def lis_mesures(table: pd.DataFrame, source: Source, espace: Espace, connus: Mapping[int, frozenset[str]]) -> Lues:
    """Typed measures: columns of ``mesure`` but lot. ``connus``: valid territory codes by COG vintage."""
    declares = {i.id: i for i in espace.indicateurs if source.id in i.sources}
    table, cog, traces = _territoires(_cles(table), source, espace, connus)
    periodes = periodes_de(table["periode"])
    chiffres = {c: nombres(table[c]) if c in table else _vide(len(table)) for c in NUMERIQUES}
    statut = texte(table["statut"]).fillna("A") if "statut" in table else pd.Series("A", table.index)
    date_source = periodes_de(table["date_source"]) if "date_source" in table else None
    rejets = [
        refuse(table, "indicateur", ~_admis(table["indicateur"], declares), "indicateur_inconnu",
               "indicateur « {} » non déclaré pour cette source", "déclarer l'indicateur ou corriger son nom"),
        refuse(table, "periode", periodes["fin"].isna(), "periode_illisible", "période « {} » illisible",
               "écrire 2023, 2023-12, 2023-T4, 2023-12-31 ou 2017-2023"),
        *(refuse(table, c, table[c].notna() & np.isnan(chiffres[c]), "nombre_illisible", "« {} » n'est pas un nombre",
                 "écrire un nombre, avec un point décimal, sans unité") for c in NUMERIQUES if c in table),
        *_refuse_territoires(table, cog, connus, source),
        *_refuse_statuts(table, statut, chiffres, {i.id for i in declares.values() if i.min_unites or i.dominance}),
        *_refuse_chiffres(table, chiffres, statut, source, declares),
    ]  # fmt: skip
    if date_source is not None:
        illisible = table["date_source"].notna() & date_source["fin"].isna()
        rejets.append(refuse(table, "date_source", illisible, "date_illisible", "date « {} » illisible",
                             "écrire 2023-12-31, 2023-12 ou 2023, ou laisser vide"))  # fmt: skip
    typee = pd.DataFrame(
        {
            "ligne_source": table["ligne"].astype("int64"),
            "indicateur": table["indicateur"],
            "code_territoire": table["code_territoire"],
            "millesime_cog": cog.fillna(0).astype("int64"),
            **periodes,
            **chiffres,
            "statut": statut,
            **{c: table[c] for c in TEXTES if c in table},
            **({"date_source": date_source["fin"]} if date_source is not None else {}),
        }
    )
    tolere = source.repare("doublons_identiques")
    copies, conflits = doublons(typee, CLE_MESURE, [*NUMERIQUES, "statut", "millesime_cog"])
    rejets += _refuse_doublons(table, copies, conflits, tolere=tolere)
    if tolere and copies.any():
        avant = table.loc[copies, "code_territoire"].astype("str").set_axis(table.loc[copies, "ligne"])
        traces += (_sure(trace("doublons_identiques", avant, avant, pd.Series(True, avant.index))),)
    fautives = joins(rejets)
    garde = ~table["ligne"].isin(fautives["ligne"]).to_numpy() & ~(copies if tolere else np.zeros(len(table), bool))
    return Lues(typee[garde].reset_index(drop=True), fautives, traces)


def _sure(faite: Trace | None) -> Trace:
    assert faite is not None
    return faite


def _vide(n: int) -> npt.NDArray[np.float64]:
    return np.full(n, np.nan)


def _cles(table: pd.DataFrame) -> pd.DataFrame:
    """Key columns as categories: each distinct text is judged once."""
    cles = [c for c in ("indicateur", "code_territoire", "periode", "date_source") if c in table]
    return table.assign(**{c: texte(table[c]).astype("category") for c in cles})


def _admis(colonne: pd.Series, admises: Collection[str]) -> Masque:
    """Is the cell one of the admitted texts? Asked once per distinct text."""
    oui = np.append(colonne.cat.categories.isin(list(admises)), False)
    return np.asarray(oui[colonne.cat.codes.to_numpy()], dtype=bool)


def periodes_de(colonne: pd.Series) -> dict[str, pd.Series]:
    """debut and fin (``datetime64[s]``, NaT when unreadable) and frequence of each cell."""
    if not isinstance(colonne.dtype, pd.CategoricalDtype):
        colonne = texte(colonne).astype("category")
    lues = [_periode(str(c)) for c in colonne.cat.categories] + [None]
    codes = colonne.cat.codes.to_numpy()
    jours = {
        borne: np.array([getattr(p, borne) if p else "NaT" for p in lues], dtype="datetime64[s]")
        for borne in ("debut", "fin")
    }
    frequences = pd.Categorical([p.frequence.value if p else None for p in lues])
    return {
        **{borne: pd.Series(tous[codes], colonne.index) for borne, tous in jours.items()},
        "frequence": pd.Series(frequences[codes], colonne.index),
    }


@lru_cache(maxsize=4096)
def _periode(texte: str) -> Periode | None:
    try:
        return parse_periode(texte.strip())
    except (PeriodeInconnue, ValueError):
        return None


def _territoires(
    table: pd.DataFrame, source: Source, espace: Espace, connus: Mapping[int, frozenset[str]]
) -> tuple[pd.DataFrame, pd.Series, tuple[Trace, ...]]:
    """The vintage of each code, after the declared rules: places out of the région left aside, old codes dated."""
    defaut = source.millesime_cog or espace.millesime_cog
    fournis = nombres(table["millesime_cog"]) if "millesime_cog" in table else _vide(len(table))
    manque = table["millesime_cog"].isna().to_numpy() if "millesime_cog" in table else np.ones(len(table), dtype=bool)
    cog = pd.Series(np.where(manque, defaut, np.where(fournis == np.round(fournis), fournis, np.nan)), table.index)
    traces: tuple[Trace, ...] = ()
    if source.repare("codes_anciens"):
        inconnu = ~_connu(table, cog, connus)
        dates = {c: _date_code(str(c), defaut, connus) for c in table["code_territoire"][inconnu].unique()}
        trouvee = table["code_territoire"].astype("object").map(dates).astype("float64").where(inconnu)
        avant = table["code_territoire"].astype("str").set_axis(table["ligne"])
        apres = (avant + " (COG " + trouvee.astype("Int64").astype("str").set_axis(table["ligne"]) + ")").rename(None)
        faite = trace("codes_anciens", avant.rename("code_territoire"), apres, trouvee.notna().set_axis(table["ligne"]))
        traces = (faite,) if faite else ()
        cog = trouvee.fillna(cog)
    if not source.repare("hors_region"):
        return table, cog, traces
    dehors = ~_connu(table, cog, connus) & _hors_region(table["code_territoire"], connus)
    return table[~dehors].reset_index(drop=True), cog[~dehors].reset_index(drop=True), traces


def _date_code(code: str, defaut: int, connus: Mapping[int, frozenset[str]]) -> int | None:
    """The nearest vintage where the code existed, the latest first before the declared one; None when never."""
    trouves = [annee for annee, codes in connus.items() if code in codes]
    return min(trouves, key=lambda a: (a > defaut, abs(a - defaut)), default=None)


def _connu(table: pd.DataFrame, cog: pd.Series, connus: Mapping[int, frozenset[str]]) -> Masque:
    admis = np.zeros(len(table), dtype=bool)
    for annee in cog.dropna().unique():
        admis |= cog.eq(annee).to_numpy(dtype=bool) & _admis(table["code_territoire"], connus.get(int(annee), ()))
    return admis


def _hors_region(codes: pd.Series, connus: Mapping[int, frozenset[str]]) -> Masque:
    """Well-formed codes of a place that no vintage of the région knows and that no département of it could hold."""
    tous = frozenset().union(*connus.values())
    departements = {c.partition("-")[2] for c in tous if c.startswith(Maille.DEPARTEMENT.prefixe)}

    def dehors(code: str) -> bool:
        prefixe, _, nu = code.partition("-")
        if code in tous or not nu:
            return False
        return prefixe != Maille.COMMUNE.prefixe or (len(nu) == 5 and nu[:2] not in departements)

    return _admis(codes, [c for c in codes.cat.categories if dehors(str(c))])


def _refuse_territoires(
    table: pd.DataFrame, cog: pd.Series, connus: Mapping[int, frozenset[str]], source: Source
) -> list[pd.DataFrame]:
    inconnu = cog.notna().to_numpy() & ~_connu(table, cog, connus)
    remede = "corriger le code ou le millésime de la source"
    rejets = [
        refuse(table, "code_territoire", inconnu, "territoire_inconnu",
               "territoire « {} » absent du COG du millésime déclaré", remede)
    ]  # fmt: skip
    if "millesime_cog" in table:
        fautif = table["millesime_cog"].notna().to_numpy() & cog.isna().to_numpy()
        rejets.append(refuse(table, "millesime_cog", fautif, "nombre_illisible", "« {} » n'est pas une année",
                             "écrire un entier"))  # fmt: skip
    return rejets


Chiffres = Mapping[str, npt.NDArray[np.float64]]


def _refuse_statuts(
    table: pd.DataFrame, statut: pd.Series, chiffres: Chiffres, proteges: Collection[str]
) -> list[pd.DataFrame]:
    """A secret row carries no figure, and its indicator declares a secrecy: else it would be shown as missing."""
    if "statut" not in table:
        return []
    secret = statut.eq(SECRET).to_numpy(dtype=bool)
    chiffre = secret & np.any([~np.isnan(chiffres[c]) for c in NUMERIQUES[:4]], axis=0)
    return [
        refuse(table, "statut", ~statut.isin(STATUTS).to_numpy(), "statut_inconnu", "statut « {} » inconnu",
               "écrire A (valeur normale) ou Q (secret statistique)"),
        refuse(table, "statut", chiffre, "secret_chiffre", "ligne secrète fournie avec un chiffre",
               "retirer le chiffre, ou le statut Q"),
        refuse(table, "statut", secret & ~_admis(table["indicateur"], proteges), "secret_non_declare",
               "ligne secrète d'un indicateur sans secret", "déclarer min_unites dans la fiche de l'indicateur"),
    ]  # fmt: skip


def _refuse_chiffres(
    table: pd.DataFrame, chiffres: Chiffres, statut: pd.Series, source: Source, declares: Mapping[str, Indicateur]
) -> list[pd.DataFrame]:
    """Out of the declared bounds, or no figure at all."""
    mini, maxi = source.attentes.valeur_min, source.attentes.valeur_max
    valeurs = chiffres["valeur"]
    hors = (valeurs < (-np.inf if mini is None else mini)) | (valeurs > (np.inf if maxi is None else maxi))
    vide = np.isnan(valeurs) & (np.isnan(chiffres["numerateur"]) | np.isnan(chiffres["denominateur"]))
    vide &= ~statut.eq(SECRET).to_numpy(dtype=bool)
    sans = table if "valeur" in table else table.assign(valeur=None)
    illisible = sans["valeur"].notna().to_numpy() & np.isnan(valeurs)
    return [
        refuse(sans, "valeur", hors, "hors_bornes", "valeur {} hors des bornes",
               f"valeurs attendues de {mini} à {maxi} : vérifier l'unité"),
        refuse(sans, "valeur", vide & ~illisible, "valeur_absente", "ni valeur, ni numérateur avec dénominateur",
               "ne pas fournir la ligne, ou donner sa valeur"),
    ]  # fmt: skip


def _refuse_doublons(table: pd.DataFrame, copies: Masque, conflits: Masque, *, tolere: bool) -> list[pd.DataFrame]:
    """Identical duplicates keep their first row; conflicting ones are all refused."""
    rejets = [
        refuse(table, "code_territoire", conflits, "doublon_conflictuel",
               "deux valeurs différentes pour « {} » à la même période", "ne garder que la bonne")
    ]  # fmt: skip
    if not tolere:
        rejets.append(refuse(table, "code_territoire", copies, "doublon", "ligne déjà présente pour « {} »",
                             "retirer la copie, ou déclarer la règle doublons_identiques"))  # fmt: skip
    return rejets


__all__ = ["COLONNES_REJET", "Lues", "lis_mesures"]
