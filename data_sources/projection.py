"""From measures as received to values as shown: current COG, roll-ups with completeness, statistical secrecy.

Pure: the same measures, referential and declarations always give the same rows of ``valeur``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.domain.agregation import Methode, agrege
from dashboard.domain.cog import vers_cog
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.reference import Reference
from dashboard.domain.territoire import Maille
from dashboard.store.commands import CLE_VALEUR, CONTENU_VALEUR
from data_sources.masquage import masque_publication

VERSION = 3
"""Raised when the rules below change: the same rows are then projected and published again."""
TEMPS = ["debut", "fin", "frequence"]
PREFIXES = {m.prefixe: m for m in Maille}


def projette(
    mesures: pd.DataFrame,
    indicateurs: Mapping[str, Indicateur],
    cles: Mapping[str, int],
    reference: Reference,
    caches: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Rows of ``valeur`` (key and content) for every indicator present in ``mesures``.

    ``caches``: indicateur, code_territoire, fin, frequence of what a lot has ever hidden.
    """
    caches = pd.DataFrame(columns=["indicateur"]) if caches is None else caches
    liens = parentes(reference)
    mesures = mesures.assign(**{c: mesures[c].astype("str") for c in ("code_territoire", "frequence")})
    morceaux = [
        _projette_un(partie, indicateurs[str(nom)], reference, liens, caches[caches["indicateur"] == nom]).assign(
            indicateur_id=cles[str(nom)]
        )
        for nom, partie in mesures.groupby("indicateur", sort=True, observed=True)
    ]
    if not morceaux:
        return pd.DataFrame(columns=[*CLE_VALEUR, *CONTENU_VALEUR])
    tout = pd.concat(morceaux, ignore_index=True)
    codes, uniques = pd.factorize(tout["code_territoire"])
    tout["territoire_id"] = reference.courants["id"].reindex(uniques).to_numpy(dtype="int64")[codes]
    tout["maille"] = np.array([_rang(str(code)) for code in uniques], dtype="int64")[codes]
    return tout[[*CLE_VALEUR, *CONTENU_VALEUR]].sort_values(CLE_VALEUR, ignore_index=True)


def _rang(code: str) -> int:
    return PREFIXES[code.partition("-")[0]].rang


def _projette_un(
    mesures: pd.DataFrame, declare: Indicateur, reference: Reference, liens: pd.DataFrame, caches: pd.DataFrame
) -> pd.DataFrame:
    tout, fournies = vraies(mesures, declare, reference, liens)
    return masque_publication(tout, declare, liens, fournies, caches)


def vraies(
    mesures: pd.DataFrame, declare: Indicateur, reference: Reference, liens: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What would be shown if nothing were hidden, and what was supplied, both in the current COG."""
    recues = _au_cog_courant(_valeurs_recues(mesures, declare), declare, reference)
    calculees = _agregats(recues, declare, reference, liens)
    voulues = {m.prefixe for m in declare.mailles}
    tout = _publie_ou_calcule(recues, calculees)
    tout = tout[tout["code_territoire"].str.partition("-")[0].isin(voulues)].reset_index(drop=True)
    return tout, recues[recues[["valeur", "numerateur"]].notna().any(axis=1)]


def _au_cog_courant(mesures: pd.DataFrame, declare: Indicateur, reference: Reference) -> pd.DataFrame:
    """Commune rows carried to the current COG; the other mailles as they are, where they are still the same place."""
    communes = mesures["code_territoire"].str.startswith("COM-")
    morceaux = [m.assign(completude=np.nan) for m in _encore_les_memes(mesures[~communes], reference)]
    for cog, partie in mesures[communes].groupby("millesime_cog"):
        millesime = int(str(cog))
        if millesime == reference.millesime:  # nothing to carry: unknown codes and doubles were refused at reading
            morceaux.append(partie.assign(completude=partie["valeur"].notna().astype("float64")))
            continue
        connues = reference.communes_de(millesime, partie["code_territoire"].unique())
        portee, rejets = vers_cog(
            partie, reference.passage, millesime, reference.millesime, connues,
            cles=TEMPS, methode=declare.agregation, facteur=declare.facteur,
        )  # fmt: skip
        assert rejets.empty, "les codes inconnus sont refusés à la lecture"
        morceaux.append(portee)
    colonnes = ["code_territoire", *TEMPS, "valeur", "numerateur", "denominateur", "n_unites", "part_max"]
    pleins = [m for m in morceaux if len(m)]
    return pd.concat(pleins, ignore_index=True).reindex(columns=[*colonnes, "completude"]).assign(origine="P")


def _encore_les_memes(mesures: pd.DataFrame, reference: Reference) -> list[pd.DataFrame]:
    """An EPCI that vanished, or whose communes changed since the vintage of the figure, is not shown as today's."""
    parties = list(mesures.groupby("millesime_cog")) or [(reference.millesime, mesures)]
    return [p[p["code_territoire"].isin(reference.inchanges_depuis(int(str(cog))))] for cog, p in parties if len(p)]


def _valeurs_recues(cadre: pd.DataFrame, declare: Indicateur) -> pd.DataFrame:
    """The value as published, or the ratio of its published numerator and denominator."""
    denominateur = cadre["denominateur"].where(cadre["denominateur"] != 0)
    quotient = declare.facteur * cadre["numerateur"] / denominateur
    return cadre.assign(valeur=cadre["valeur"].fillna(quotient))


def _agregats(recues: pd.DataFrame, declare: Indicateur, reference: Reference, liens: pd.DataFrame) -> pd.DataFrame:
    """Roll-ups of the finest maille received, for every coarser maille. Empty when it must not be rolled up."""
    fines = next((m for m in reversed(Maille) if recues["code_territoire"].str.startswith(m.prefixe).any()), None)
    if declare.agregation is Methode.AUCUNE or fines in (None, Maille.REGION):
        return recues.iloc[:0].assign(completude_population=[], calculee=[])
    enfants = recues[recues["code_territoire"].str.startswith(fines.prefixe)]
    liens = liens[liens["maille_enfant"] == fines.value]
    return pd.concat(
        [_agrege_vers(enfants, lien, declare, reference) for _, lien in liens.groupby("maille_parent")],
        ignore_index=True,
    )


def _agrege_vers(enfants: pd.DataFrame, lien: pd.DataFrame, declare: Indicateur, reference: Reference) -> pd.DataFrame:
    population = reference.courants["population"].astype("float64")
    codes, uniques = pd.factorize(enfants["code_territoire"])
    parents = lien.set_index("enfant")["parent"].reindex(uniques).to_numpy(dtype=object)[codes]
    parts = enfants.assign(
        enfant=enfants["code_territoire"], parent=parents, population=population.reindex(uniques).to_numpy()[codes]
    ).dropna(subset="parent")
    attendus = lien.assign(population=lien["enfant"].map(population)).groupby("parent", as_index=False).agg(
        enfants_attendus=("enfant", "size"), population_attendue=("population", "sum")
    )  # fmt: skip
    agreges = agrege(parts, ["parent", *TEMPS], declare.agregation, declare.facteur, attendus)
    return agreges.rename(columns={"parent": "code_territoire"}).assign(origine="C")


def parentes(reference: Reference) -> pd.DataFrame:
    """Every (enfant, parent) couple of the current COG with both mailles: commune in EPCI, département, région…"""
    communes = reference.parents
    couples = [
        communes[["commune", parent]].rename(columns={"commune": "enfant", parent: "parent"})
        for parent in ("epci", "departement", "region")
    ]
    departements = communes[["departement", "region"]].drop_duplicates()
    couples.append(departements.rename(columns={"departement": "enfant", "region": "parent"}))
    epci = communes[["epci", "region"]].dropna().drop_duplicates()
    couples.append(epci.rename(columns={"epci": "enfant", "region": "parent"}))
    tous = pd.concat(couples, ignore_index=True).dropna()
    maille = {p: m.value for p, m in PREFIXES.items()}
    return tous.assign(
        maille_enfant=tous["enfant"].str.partition("-")[0].map(maille),
        maille_parent=tous["parent"].str.partition("-")[0].map(maille),
    )


def _publie_ou_calcule(recues: pd.DataFrame, calculees: pd.DataFrame) -> pd.DataFrame:
    """The producer's aggregate wins; our own roll-up, when no part is missing, is a check beside it."""
    cle = ["code_territoire", *TEMPS]
    recues = recues.assign(completude_population=np.nan)
    if calculees.empty:
        return recues.assign(calculee=np.nan)
    entieres = calculees[calculees["completude"] == 1]
    controle = entieres[[*cle, "valeur"]].rename(columns={"valeur": "calculee"})
    publiees = recues.merge(controle, on=cle, how="left")
    seules = calculees.merge(recues[cle], on=cle, how="left", indicator="ou")
    seules = seules[seules["ou"] == "left_only"].drop(columns="ou")
    seules = seules[seules["valeur"].notna()]
    return pd.concat([publiees, seules.assign(calculee=np.nan)], ignore_index=True)
