"""Reads SDMX 2.1 data messages (Insee BDM, Eurostat…): one row per observation, every cell as the message writes it.

Structure-specific messages are read without their structure definition: sdmx1 then takes every attribute of a series
for a dimension of its key, which makes the same table, since dimensions and attributes both become columns. SDMX-CSV
1.0 is read as CSV: sdmx1 reads version 2 only, and asks for the structure.
"""

from __future__ import annotations

import io
import logging
from typing import Any

import pandas as pd

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison
from data_sources.connectors.balisage import racine, textes
from data_sources.connectors.client import Client, Reponse, ouvre, publique
from data_sources.connectors.empreinte import empreinte_lignes
from data_sources.connectors.http import exige_lignes, lis_csv

VALEUR = "OBS_VALUE"
MESSAGES = frozenset(
    {"GenericData", "GenericTimeSeriesData", "StructureSpecificData", "StructureSpecificTimeSeriesData"}
)
ABSENTES = ("", "NaN")


def lis(source: Source, acces: Acces) -> Livraison | None:
    """The observations; None when unchanged since the last pull.

    Columns: dimensions and attributes under their SDMX names, and ``OBS_VALUE``; text, missing when empty or NaN.
    ``lecture.dimensions`` keeps the observations that have these values. The fingerprint is of the rows: the header of
    a message holds the time it was made. Raises :class:`SourceIndisponible`, :class:`LivraisonIllisible`.
    """
    with ouvre(source) as client:
        reponse = client.obtiens_si_change(source.url, source.lecture.parametres, acces)
        if reponse is None:
            return None
        en_csv = source.lecture.format == "csv" or "csv" in reponse.type_contenu
        lignes = lis_csv(client, reponse) if en_csv else _lis_xml(client, reponse)
        lignes = _garde(client, lignes)
        exige_lignes(client, len(lignes))
    origine = f"sdmx · {publique(reponse.url)}"
    return Livraison(lignes, empreinte_lignes(lignes), origine, validateurs=reponse.validateurs)


def _lis_xml(client: Client, reponse: Reponse) -> pd.DataFrame:
    nom, _ = racine(client, reponse)
    if nom not in MESSAGES:
        raise client.refus(
            f"message « {nom} » au lieu de données SDMX 2.1 ({textes(client, reponse) or 'sans texte'}). "
            "Vérifier le flux et la clé dans url."
        )
    import sdmx  # heavy: half a second, and only these sources need it

    logging.getLogger("sdmx").setLevel(logging.ERROR)  # it warns of the absent structure at each message
    try:
        message: Any = sdmx.read_sdmx(io.BytesIO(reponse.octets))
        morceaux = [_lignes(sdmx.to_pandas(jeu, attributes="osgd", dtype=None)) for jeu in message.data if len(jeu.obs)]
    except (sdmx.exceptions.XMLParseError, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
            NotImplementedError, AssertionError, RuntimeError) as erreur:  # fmt: skip
        raise client.refus(
            f"le message SDMX de {publique(reponse.url)} est illisible ({type(erreur).__name__}). Demander la version "
            "2.1 (générique ou structurée) dans url, puis prévenir le producteur."
        ) from erreur
    cadre = pd.concat(morceaux, ignore_index=True) if morceaux else pd.DataFrame(columns=[VALEUR])
    cadre.index = pd.RangeIndex(1, len(cadre) + 1, name="ligne")
    return cadre


def _lignes(observations: Any) -> pd.DataFrame:
    """Keys as columns; « value » under its SDMX name; text as received."""
    cadre: pd.DataFrame = observations.reset_index().rename(columns={"value": VALEUR}).astype(object)
    return cadre.mask(cadre.isin(ABSENTES) | cadre.isna(), None).astype("str")


def _garde(client: Client, lignes: pd.DataFrame) -> pd.DataFrame:
    """The observations of the declared values. Raises :class:`LivraisonIllisible` on an unknown dimension."""
    for nom, valeur in client.source.lecture.dimensions.items():
        if nom not in lignes.columns:
            recues = ", ".join(f"« {c} »" for c in lignes.columns)
            raise client.refus(f"dimension « {nom} » absente. Reçues : {recues}. Corriger lecture.dimensions.")
        lignes = lignes[lignes[nom] == valeur]
    return lignes
