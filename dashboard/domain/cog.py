"""Carrying values from one vintage of the commune code (COG) to another: in = out + rejects."""

from collections.abc import Callable, Collection, Sequence

import numpy as np
import pandas as pd

from dashboard.domain.agregation import Methode

ENTREES = ["valeur", "numerateur", "denominateur", "poids", "n_unites", "part_max"]


class PassageImpossible(ValueError):
    """A passage that events cannot give; the message names the vintages or codes and the remedy."""


def compose_passage(events: pd.DataFrame, de: int, vers: int) -> pd.DataFrame:
    """Codes touched between two vintages: code_de, code_vers, part (population share, 0..1, sums to 1).

    ``events``: millesime_de, millesime_vers, code_de, code_vers, part, in any order. Chains, a merger of
    mergers included, are followed to their end. A code absent from the result is unchanged.
    Raises ``PassageImpossible`` going backwards, from or to a vintage that falls inside a step (COG 2020
    between 2019 and 2021), on a loop, or when shares do not sum to 1.
    """
    _controle_millesimes(events, de, vers)
    utiles = events[(events["millesime_de"] >= de) & (events["millesime_vers"] <= vers)]
    total = pd.DataFrame({"code_de": [], "code_vers": [], "part": []}).astype(
        {"code_de": "str", "code_vers": "str", "part": "float64"}
    )
    for _, etape in utiles.groupby("millesime_vers", sort=True):
        total = _enchaine(total, _ferme(etape[["code_de", "code_vers", "part"]]))
    return total.sort_values(["code_de", "code_vers"], ignore_index=True)


def _controle_millesimes(events: pd.DataFrame, de: int, vers: int) -> None:
    if vers < de:
        raise PassageImpossible(
            f"Passage du COG {de} au COG {vers} : on ne remonte pas le temps. "
            "Déclarer le millésime réel des données, puis reconstruire vers un millésime plus récent."
        )
    for millesime in (de, vers):
        etape = events[(events["millesime_de"] < millesime) & (millesime < events["millesime_vers"])]
        if len(etape):
            bornes = f"{etape['millesime_de'].iloc[0]} et {etape['millesime_vers'].iloc[0]}"
            raise PassageImpossible(
                f"COG {millesime} absent de la table de passage, entre {bornes}. Déclarer l'un des deux."
            )


def _ferme(etape: pd.DataFrame) -> pd.DataFrame:
    """One step with its inner chains resolved: A -> B and B -> C give A -> C; what keeps its code stays."""
    _controle_parts(etape)
    restes = etape.loc[etape["code_de"] == etape["code_vers"], "code_de"]
    departs = etape[~etape["code_de"].isin(restes)]
    passage = etape
    for _ in range(len(etape) + 1):
        if not passage["code_vers"].isin(departs["code_de"]).any():
            return passage
        passage = _suit(passage, departs)
    boucle = ", ".join(sorted(set(passage.loc[passage["code_vers"].isin(departs["code_de"]), "code_vers"])))
    raise PassageImpossible(f"Passage en boucle entre les codes {boucle}. Corriger la table de passage.")


def _controle_parts(etape: pd.DataFrame) -> None:
    sommes = etape.groupby("code_de")["part"].sum()
    fautives = sommes[(sommes - 1).abs() > 1e-6]
    if len(fautives):
        code, somme = str(fautives.index[0]), float(fautives.iloc[0])
        raise PassageImpossible(
            f"Passage de {code} : ses parts font {somme:g} au lieu de 1. Corriger la table de passage."
        )


def _suit(passage: pd.DataFrame, etape: pd.DataFrame) -> pd.DataFrame:
    """Replace each arrival of ``passage`` by where ``etape`` sends it (unchanged if untouched)."""
    suite = etape.rename(columns={"code_de": "code_vers", "code_vers": "arrivee", "part": "part_suite"})
    chaine = passage.merge(suite, on="code_vers", how="left")
    chaine["code_vers"] = chaine["arrivee"].fillna(chaine["code_vers"])
    chaine["part"] = chaine["part"] * chaine["part_suite"].fillna(1.0)
    return chaine.groupby(["code_de", "code_vers"])["part"].sum().reset_index()


def _enchaine(total: pd.DataFrame, etape: pd.DataFrame) -> pd.DataFrame:
    nouveaux = etape[~etape["code_de"].isin(total["code_de"])]
    return pd.concat([_suit(total, etape), nouveaux], ignore_index=True)


def vers_cog(
    frame: pd.DataFrame,
    events: pd.DataFrame,
    de: int,
    vers: int,
    codes_connus: Collection[str],
    cles: Sequence[str] = (),
    methode: Methode | str = Methode.SOMME,
    facteur: float = 1.0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Carry rows (code_territoire, ``cles``, valeur and, when known, the other ``ENTREES``) to another COG.

    ``codes_connus`` are the codes of vintage ``de``; rows of other codes are rejects, whole, with raison and
    correction in French. Two rows with the same keys are both rejects: they are never summed.
    Counts are summed on a merger and split by part; ratios are recomputed from their summed numerators and
    denominators; what cannot be recomputed (median, category, rate without numerator) becomes NaN, flagged in
    ``signale``. n_unites is NaN as soon as one commune does not tell its own, part_max wherever communes
    merge: secrecy then hides by default. An untouched commune keeps its published value to the last bit.
    lignes_source is the number of input rows (parts of rows on a split) behind each row, so that
    sum(lignes_source) + len(rejects) == len(frame); completude is the share 0..1 of the communes behind it
    that gave a value: a missing one is never a zero.
    """
    identite = ["code_territoire", *cles]
    connu = frame["code_territoire"].isin(list(codes_connus))
    double = connu & frame.duplicated(identite, keep=False)
    passage = compose_passage(events, de, vers)
    gardees = frame.loc[connu & ~double, [*identite, *(c for c in ENTREES if c in frame)]]
    eclate = _eclate(gardees, passage)
    eclate["attendues"] = eclate["code_territoire"].map(_sources_attendues(passage, codes_connus)).fillna(1.0)
    porte = _fusionne(eclate, identite, Methode(methode), facteur)
    rejets = pd.concat([_rejets_inconnus(frame[~connu], events, de), _rejets_doubles(frame[double])])
    return porte[[*identite, *ENTREES, "lignes_source", "completude", "signale"]], rejets.sort_index()


def _rejets_doubles(doubles: pd.DataFrame) -> pd.DataFrame:
    return doubles.assign(
        raison="plusieurs lignes pour le même territoire et la même clé",
        correction="Garder une seule ligne, ou déclarer la clé qui les distingue.",
    )


def _rejets_inconnus(inconnus: pd.DataFrame, events: pd.DataFrame, de: int) -> pd.DataFrame:
    """Unknown rows, each with the reason and, when an event explains it, the likely remedy."""
    codes = pd.Series(inconnus["code_territoire"].unique(), dtype="object")
    partis = events[events["code_de"] != events["code_vers"]].drop_duplicates("code_de")
    explications = {
        ligne.code_de: f"absorbée par {ligne.code_vers} au COG {ligne.millesime_vers} : "
        f"vérifier le millésime déclaré ({de})."
        for ligne in partis[partis["code_de"].isin(codes)].itertuples()
    }
    defaut = "Corriger le code, ou déclarer une règle de réparation tracée."
    code = inconnus["code_territoire"].astype("object")
    return inconnus.assign(
        raison="code absent du COG " + str(de) + " : " + code.astype("str"),
        correction=code.map(lambda c: explications.get(c, defaut)),
    )


def _eclate(connues: pd.DataFrame, passage: pd.DataFrame) -> pd.DataFrame:
    """One row per arrival of each input row, counts already shared out by part."""
    liens = passage.rename(columns={"code_de": "code_territoire"})
    eclate = connues.merge(liens, on="code_territoire", how="left")
    eclate["code_territoire"] = eclate["code_vers"].fillna(eclate["code_territoire"])
    eclate["part"] = eclate["part"].fillna(1.0)
    return eclate.drop(columns="code_vers").reindex(columns=[*connues.columns, "part", *_absents(connues)])


def _absents(connues: pd.DataFrame) -> list[str]:
    return [c for c in ENTREES if c not in connues]


def _sources_attendues(passage: pd.DataFrame, codes_connus: Collection[str]) -> "pd.Series[float]":
    """How many communes of the old vintage should feed each touched commune of the new one."""
    anciens = passage[passage["code_de"].isin(list(codes_connus))]
    restes = set(codes_connus) - set(passage["code_de"])
    comptes = anciens.groupby("code_vers")["part"].size().astype("float64")
    stables = pd.Series(comptes.index.isin(list(restes)), index=comptes.index)
    return comptes + stables.astype("float64")


def _fusionne(eclate: pd.DataFrame, cles: list[str], methode: Methode, facteur: float) -> pd.DataFrame:
    """Bring together the rows that share an arrival; those that come alone and whole pass untouched."""
    intact = (eclate["attendues"] == 1) & (eclate["part"] == 1.0)
    seuls = eclate[intact].rename(columns={"part": "lignes_source"})
    seuls["completude"] = seuls["valeur"].notna().astype("float64")
    seuls["signale"] = False
    fondus = _fondus(eclate[~intact], cles, methode, facteur)
    return pd.concat([seuls, fondus], ignore_index=True).sort_values(cles, ignore_index=True)


def _fondus(morceaux: pd.DataFrame, cles: list[str], methode: Methode, facteur: float) -> pd.DataFrame:
    presentes = _presentes(morceaux, methode)
    comptes = morceaux[[*cles, "part", "attendues"]].assign(
        presentes=presentes.astype("float64"), publiees=morceaux["valeur"].notna().astype("float64")
    )
    sommes = {"part": "sum", "attendues": "first", "presentes": "sum", "publiees": "sum"}
    groupes = comptes.groupby(cles, observed=True, dropna=False).agg(sommes)
    porte = groupes.join(_CALCULS.get(methode, _vide)(morceaux[presentes], cles, facteur))
    porte["completude"] = porte["presentes"] / porte["attendues"]
    porte["signale"] = porte["valeur"].isna() & (porte["publiees"] > 0)
    return porte.rename(columns={"part": "lignes_source"}).reset_index()


def _presentes(morceaux: pd.DataFrame, methode: Methode) -> "pd.Series[bool]":
    besoins = {
        Methode.RATIO: ["numerateur", "denominateur"],
        Methode.MOYENNE_PONDEREE: ["valeur", "poids"],
    }
    return morceaux[besoins.get(methode, ["valeur"])].notna().all(axis=1)


def _somme_parts(morceaux: pd.DataFrame, cles: list[str], colonnes: list[str]) -> pd.DataFrame:
    """Shared-out sums by group, NaN where nothing is known; n_unites also where something is not."""
    partages = morceaux[[*colonnes, "n_unites"]].astype("float64").mul(morceaux["part"], axis=0)
    groupes = morceaux[cles].join(partages).groupby(cles, observed=True, dropna=False)
    unites = groupes["n_unites"].sum(skipna=False)
    return groupes[colonnes].sum(min_count=1).assign(n_unites=unites, part_max=np.nan)


def _additionne(morceaux: pd.DataFrame, cles: list[str], facteur: float) -> pd.DataFrame:
    return _somme_parts(morceaux, cles, ["valeur", "numerateur", "denominateur", "poids"])


def _recalcule(morceaux: pd.DataFrame, cles: list[str], facteur: float) -> pd.DataFrame:
    sommes = _somme_parts(morceaux, cles, ["numerateur", "denominateur", "poids"])
    bas = sommes["denominateur"].where(sommes["denominateur"] != 0)
    return sommes.assign(valeur=facteur * sommes["numerateur"] / bas)


def _pondere(morceaux: pd.DataFrame, cles: list[str], facteur: float) -> pd.DataFrame:
    produits = morceaux.assign(produit=morceaux["valeur"] * morceaux["poids"])
    sommes = _somme_parts(produits, cles, ["produit", "poids"])
    valeur = sommes["produit"] / sommes["poids"].where(sommes["poids"] != 0)
    return sommes.assign(valeur=valeur, numerateur=np.nan, denominateur=np.nan).drop(columns="produit")


def _vide(morceaux: pd.DataFrame, cles: list[str], facteur: float) -> pd.DataFrame:
    """Medians and categories of merged communes: nothing can be computed from the parts."""
    return morceaux[cles].drop_duplicates().set_index(cles).assign(**dict.fromkeys(ENTREES, np.nan))


_CALCULS: dict[Methode, Callable[[pd.DataFrame, list[str], float], pd.DataFrame]] = {
    Methode.SOMME: _additionne,
    Methode.RATIO: _recalcule,
    Methode.MOYENNE_PONDEREE: _pondere,
}
