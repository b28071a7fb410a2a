"""From the supplier's shape to ours: one row per indicator, territory and period, figures still as received.

Declared, never guessed: rows in scope, periods or measures in columns, codes without their level, codes inside a text,
postcodes, several rows for one place. Every row is accounted for: in = out + out of scope (+ those a grouping joins).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from dashboard.domain.reparation import Trace, repare_bords, repare_codes, repare_dates, repare_nombres, texte, trace
from dashboard.domain.source import Colonnes, Forme, Mesure, Source
from dashboard.domain.territoire import Maille
from data_sources.connectors import LivraisonIllisible

CHIFFRES = ("valeur", "numerateur", "denominateur", "n_unites", "part_max")
CHAMPS = tuple(Colonnes.model_fields)


@dataclass(frozen=True)
class Formee:
    """``table``: our columns and ``ligne``. ``lignes``: those of the delivery in scope, joined ones included."""

    table: pd.DataFrame
    lignes: pd.Index
    traces: tuple[Trace, ...]


def met_en_forme(lignes: pd.DataFrame, source: Source, postaux: Mapping[str, str] | None = None) -> Formee:
    """The rows of a delivery under our names, repaired by the declared rules.

    ``lignes`` is indexed by line. ``postaux``: postcode to territory code, for a source that has only postcodes.
    Raises :class:`LivraisonIllisible` when a declared column is absent.
    """
    forme = source.forme or Forme()
    exige(lignes, _attendues(source, forme), source)
    gardees = _garde(lignes, forme)
    deplie = _deplie(gardees, source, forme)
    regles: set[str] = {r.regle for r in source.reparations}
    deplie, traces = _repare(deplie, regles, forme.maille)
    deplie, converties = _convertis(deplie, forme.facteur)
    traces += converties
    deplie = _sans_absentes(deplie, "tiret_absent" in regles)
    deplie, traces_codes = _codes(deplie, forme, postaux or {})
    champ = pd.Index(deplie["ligne"].unique())
    if forme.regroupe:
        deplie, jointes = _regroupe(deplie, forme.regroupe)
        traces_codes += jointes
    return Formee(deplie, champ, tuple(traces + traces_codes))


def exige(lignes: pd.DataFrame, noms: Iterable[str], source: Source) -> None:
    """Raises :class:`LivraisonIllisible` naming the columns that are not there and those that are."""
    absentes = sorted(set(noms) - set(map(str, lignes.columns)))
    if absentes:
        s = "s" if len(absentes) > 1 else ""
        recues = ", ".join(f"« {c} »" for c in list(map(str, lignes.columns))[:20])
        raise LivraisonIllisible(
            f"Source « {source.id} » : colonne{s} {', '.join(f'« {c} »' for c in absentes)} absente{s}. "
            f"Colonnes reçues : {recues or 'aucune'}. Reprendre le modèle de fichier, ou corriger la source."
        )


def _directes(source: Source, forme: Forme) -> dict[str, str]:
    """Supplier's name by field of ours, less what constants, measures and spread periods give."""
    donnees = {c: n for c, n in source.colonnes.model_dump().items() if n is not None and c not in forme.constantes}
    if forme.mesures:
        donnees = {c: n for c, n in donnees.items() if c not in ("indicateur", *CHIFFRES)}
        if all(m.periode for m in forme.mesures):
            donnees.pop("periode", None)
    if forme.periodes:
        donnees = {c: n for c, n in donnees.items() if c not in ("periode", "valeur")}
    if forme.regroupe == "compte":
        donnees.pop("valeur", None)
    return donnees


def _attendues(source: Source, forme: Forme) -> set[str]:
    mesures = {n for m in forme.mesures for n in (m.valeur, m.numerateur, m.denominateur, m.n_unites) if n}
    return {*_directes(source, forme).values(), *mesures, *forme.garde}


def _garde(lignes: pd.DataFrame, forme: Forme) -> pd.DataFrame:
    for colonne, admises in forme.garde.items():
        lignes = lignes[texte(lignes[colonne]).str.strip().isin(admises)]
    return lignes


def _deplie(lignes: pd.DataFrame, source: Source, forme: Forme) -> pd.DataFrame:
    directes = _directes(source, forme)
    base = pd.DataFrame({champ: lignes[nom] for champ, nom in directes.items()}, index=lignes.index)
    base = base.rename(columns={"territoire": "code_territoire"})
    base.insert(0, "ligne", lignes.index)
    base = base.assign(**forme.constantes)
    if forme.regroupe == "compte":
        base["valeur"] = "1"
    morceaux = [base]
    if forme.periodes:
        morceaux = _par_periode(base, lignes, forme.periodes.motif, forme.periodes.periode, source)
    if forme.mesures:
        morceaux = [_mesure(morceau, lignes, m) for morceau in morceaux for m in forme.mesures]
    tout = pd.concat(morceaux, ignore_index=True) if len(morceaux) > 1 else morceaux[0].reset_index(drop=True)
    return tout.sort_values("ligne", kind="stable", ignore_index=True) if len(morceaux) > 1 else tout


def _par_periode(
    base: pd.DataFrame, lignes: pd.DataFrame, motif: str, periode: str, source: Source
) -> list[pd.DataFrame]:
    colonnes = [c for c in map(str, lignes.columns) if re.fullmatch(motif, c.strip())]
    if not colonnes:
        raise LivraisonIllisible(
            f"Source « {source.id} » : aucune colonne de période ne suit « {motif} ». "
            f"Colonnes reçues : {', '.join(map(str, lignes.columns))}."
        )
    return [
        base.assign(periode=re.sub(motif, periode, c.strip()), valeur=lignes[c].to_numpy()) for c in colonnes
    ]  # fmt: skip


def _mesure(base: pd.DataFrame, lignes: pd.DataFrame, mesure: Mesure) -> pd.DataFrame:
    chiffres = {c: getattr(mesure, c) for c in CHIFFRES if getattr(mesure, c, None)}
    fixes = {"indicateur": mesure.indicateur} | ({"periode": mesure.periode} if mesure.periode else {})
    return base.assign(**fixes, **{c: lignes[nom].to_numpy() for c, nom in chiffres.items()})


def _repare(table: pd.DataFrame, regles: set[str], maille: Maille | None) -> tuple[pd.DataFrame, list[Trace]]:
    """Applies the declared rules to each column they are for."""
    par_ligne, traces = table.set_index("ligne", drop=False), []
    for champ in (c for c in CHIFFRES if c in par_ligne):
        voulues = regles if champ == "valeur" else regles - {"fraction"}
        par_ligne[champ], faites = repare_nombres(par_ligne[champ], voulues)
        traces += faites
    if "espaces" in regles:
        for champ in (c for c in ("indicateur", "code_territoire", "periode") if c in par_ligne):
            par_ligne[champ], faites = repare_bords(par_ligne[champ])
            traces += faites
    for champ in (c for c in ("periode", "date_source") if c in par_ligne):
        par_ligne[champ], faites = repare_dates(par_ligne[champ], regles)
        traces += faites
    if "zero_initial" in regles:
        par_ligne["code_territoire"], faites = repare_codes(par_ligne["code_territoire"], maille)
        traces += faites
    return par_ligne.reset_index(drop=True), traces


def _convertis(table: pd.DataFrame, facteur: float | None) -> tuple[pd.DataFrame, list[Trace]]:
    """Values in our unit, in exact decimals; what is not a number is left for the check that follows to refuse."""
    if facteur is None or "valeur" not in table:
        return table, []
    avant = texte(table["valeur"]).set_axis(table["ligne"]).rename("valeur")
    par = Decimal(str(facteur))
    apres = avant.map(lambda cellule: _produit(cellule, par), na_action="ignore").astype("str")
    return table.assign(valeur=apres.to_numpy()), _unique(trace("facteur", avant, apres, avant.notna()))


def _produit(cellule: str, facteur: Decimal) -> str:
    try:
        produit = Decimal(cellule) * facteur
    except ArithmeticError:
        return cellule
    raisonnable = produit.is_finite() and abs(produit.adjusted()) < 30  # « 1e900000 » would write a million digits
    return format(produit, "f") if raisonnable else cellule


def _sans_absentes(table: pd.DataFrame, declarees: bool) -> pd.DataFrame:
    """Without the rows whose supplier says, by a declared dash, that there is no figure."""
    presentes = [c for c in CHIFFRES if c in table]
    if not declarees or not presentes:
        return table
    return table[~table[presentes].isna().all(axis=1)].reset_index(drop=True)


def _codes(table: pd.DataFrame, forme: Forme, postaux: Mapping[str, str]) -> tuple[pd.DataFrame, list[Trace]]:
    """Typed codes (COM-21231) from bare ones, from codes inside a text, from postcodes."""
    traces: list[Trace] = []
    brut = texte(table["code_territoire"])
    if forme.codes:
        brut = brut.str.strip().map(forme.codes).fillna(brut)
        return table.assign(code_territoire=brut), traces
    if forme.motif:
        table = table.assign(code_territoire=brut.fillna("").map(re.compile(forme.motif).findall))
        plusieurs = table["code_territoire"].str.len() > 1
        table = table.explode("code_territoire", ignore_index=True)
        if plusieurs.any():
            avant = brut[plusieurs].set_axis(table["ligne"].drop_duplicates()[plusieurs.to_numpy()])
            avant.name = "territoire"
            traces += _unique(trace("codes_dans_un_texte", avant, avant, pd.Series(True, avant.index)))
        brut = texte(table["code_territoire"])
    if forme.postal:
        avant = brut.set_axis(table["ligne"]).rename("territoire")
        apres = avant.map(dict(postaux)).fillna(avant)
        traces += _unique(trace("code_postal", avant, apres, apres != avant))
        return table.assign(code_territoire=apres.to_numpy()), traces
    if forme.maille is not None:
        brut = brut.mask(brut.notna() & ~brut.fillna("").str.startswith(f"{forme.maille.prefixe}-"),
                         f"{forme.maille.prefixe}-" + brut)  # fmt: skip
    return table.assign(code_territoire=brut), traces


def _unique(faite: Trace | None) -> list[Trace]:
    return [faite] if faite else []


def _regroupe(table: pd.DataFrame, comment: str) -> tuple[pd.DataFrame, list[Trace]]:
    """Adds up the rows of one indicator, territory and period; the first line stands for all of them."""
    cle = [c for c in ("indicateur", "code_territoire", "periode", "millesime_cog") if c in table]
    presents = [c for c in CHIFFRES if c in table]
    nombres = table[presents].apply(pd.to_numeric, errors="coerce")
    if (nombres.isna() & table[presents].notna()).any(axis=None):
        return table, []  # a figure cannot be read: the check that follows will say where
    groupes = table.assign(**{c: nombres[c] for c in presents}).groupby(cle, sort=False, dropna=False)
    tailles = groupes["ligne"].transform("size")
    sommes = groupes[presents].sum(min_count=1)
    autres = groupes[[c for c in table.columns if c not in (*cle, *presents)]].first()
    jointes = sommes.join(autres).reset_index()[table.columns]
    avant = table.loc[tailles > 1, "code_territoire"].set_axis(table.loc[tailles > 1, "ligne"]).rename("territoire")
    return jointes, _unique(trace(f"lignes_{comment}", avant, avant, pd.Series(True, avant.index)))
