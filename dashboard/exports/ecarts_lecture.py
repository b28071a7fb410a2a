"""Two packages compared, one indicator in memory at a time; what carries the same digest is not even opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.domain.ecarts import TABLES, Cause, champs_declares, compare_observations, compare_table
from dashboard.exports.paquet import COLONNES, TEXTES, Paquet, PaquetIllisible

Comptes = Counter[Cause]


def list_observations(avant: Paquet, apres: Paquet, *, complet: bool = False) -> Iterator[tuple[str, pd.DataFrame]]:
    """Indicator by indicator, the observations that differ. ``complet``: reads also what the digests say is equal."""
    _memes_audiences(avant, apres)
    seuls = avant.places ^ apres.places
    for indicateur in sorted({*avant.indicateurs, *apres.indicateurs}):
        if not complet and _egales(avant, apres, f"observations/{indicateur}"):
            continue
        ecarts = _observations(avant, apres, indicateur, seuls)
        if len(ecarts):
            ecarts.insert(1, "indicateur", indicateur)
            yield indicateur, ecarts


def list_tables(avant: Paquet, apres: Paquet, *, complet: bool = False) -> Iterator[tuple[str, pd.DataFrame]]:
    """Table by table, the rows that differ, in the order in which people should read them."""
    _memes_audiences(avant, apres)
    for nom in TABLES:
        if not complet and _egales(avant, apres, nom):
            continue
        ecarts = compare_table(nom, avant.table(nom), apres.table(nom))
        if nom == "indicateurs":
            ecarts = _nomme_champs(ecarts, avant, apres)
        if len(ecarts):
            yield nom, ecarts


def compte(avant: Paquet, apres: Paquet, *, complet: bool = False) -> Comptes:
    """How many rows differ, by cause."""
    total: Comptes = Counter()
    for source in (list_observations, list_tables):
        for _, ecarts in source(avant, apres, complet=complet):
            total.update({Cause(str(c)): int(n) for c, n in ecarts["cause"].value_counts().items()})
    return total


def _memes_audiences(avant: Paquet, apres: Paquet) -> None:
    if avant.audience != apres.audience:
        raise PaquetIllisible(
            f"« {avant.semaine} » est un paquet {avant.audience}, « {apres.semaine} » un paquet {apres.audience} : "
            "leurs différences diraient ce que le public ne voit pas. Comparer deux paquets de même audience."
        )


def _egales(avant: Paquet, apres: Paquet, nom: str) -> bool:
    chemin = f"donnees/{nom}.csv"
    ici, la = avant.empreintes.get(chemin), apres.empreintes.get(chemin)
    return ici is not None and ici == la


def _observations(avant: Paquet, apres: Paquet, indicateur: str, seuls: frozenset[str]) -> pd.DataFrame:
    a, b = avant.observations(indicateur), apres.observations(indicateur)
    ici, la = {}, {}
    for colonne in COLONNES:
        if colonne in TEXTES:
            ici[colonne], la[colonne] = _categories(a[colonne], b[colonne])
        else:
            ici[colonne], la[colonne] = pd.Series(a[colonne].to_numpy()), pd.Series(b[colonne].to_numpy())
    return compare_observations(pd.DataFrame(ici), pd.DataFrame(la), seuls)


def _categories(a: pa.ChunkedArray, b: pa.ChunkedArray) -> tuple[pd.Series, pd.Series]:
    """Two columns of texts by the same list of words, so that they compare as integers."""
    unies = pa.chunked_array([*a.chunks, *b.chunks], type=a.type).unify_dictionaries()
    mots = unies.chunk(0).dictionary.to_pylist() if unies.num_chunks else []
    dtype = pd.CategoricalDtype(mots)
    codes = [c.indices.fill_null(-1).to_numpy(zero_copy_only=False) for c in unies.chunks]
    tous = np.concatenate(codes) if codes else np.empty(0, np.int32)
    ici, la = tous[: len(a)], tous[len(a) :]
    return tuple(pd.Series(pd.Categorical.from_codes(c, dtype=dtype, validate=False)) for c in (ici, la))  # type: ignore[return-value]


def _nomme_champs(ecarts: pd.DataFrame, avant: Paquet, apres: Paquet) -> pd.DataFrame:
    """With the declared fields that differ: the digest of a declaration alone says only that something does."""
    noms = [
        ",".join(champs_declares(avant.declares.get(i, {}), apres.declares.get(i, {})) if n == "modification" else [])
        or c
        for i, n, c in zip(ecarts["id"], ecarts["nature"], ecarts["champs"], strict=True)
    ]
    return ecarts.assign(champs=noms)
