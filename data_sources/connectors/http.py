"""Reads a table from a web service: CSV, or JSON page after page. Nothing is converted that JSON does not type."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison, LivraisonIllisible
from data_sources.connectors.client import Client, Reponse, ouvre, publique
from data_sources.connectors.empreinte import empreinte_lignes
from data_sources.connectors.enregistrements import en_cadre, refuse_html
from data_sources.connectors.pagination import parcours, prereglage
from data_sources.connectors.texte import lis_texte


def lis(source: Source, acces: Acces) -> Livraison | None:
    """The rows of the service; None when unchanged since the last pull.

    Validators are given back when the whole came in one answer: the first of several pages may stay while others
    change. Raises :class:`SourceIndisponible`, :class:`LivraisonIllisible`.
    """
    with ouvre(source) as client:
        reglage = prereglage(client)
        reponse = client.obtiens_si_change(source.url, {**reglage.parametres, **source.lecture.parametres}, acces)
        if reponse is None:
            return None
        if _format(client, reponse) == "csv":
            lignes = lis_csv(client, reponse)
            sha256, pages = hashlib.sha256(reponse.octets).hexdigest(), 1
        else:
            recues, pages = parcours(client, reponse, reglage.lis_page)
            lignes = en_cadre(recues)
            sha256 = empreinte_lignes(lignes)
    exige_lignes(client, len(lignes))
    validateurs = reponse.validateurs if pages == 1 else {}
    return Livraison(lignes, sha256, f"http · {publique(reponse.url)}", validateurs=validateurs)


def exige_lignes(client: Client, nombre: int) -> None:
    """Raises :class:`LivraisonIllisible` when nothing came and something is expected."""
    if nombre == 0 and client.source.attentes.lignes_min > 0:
        raise client.refus(
            "le service a répondu sans aucune ligne. Vérifier les filtres (lecture.parametres) et l'adresse ; "
            "si l'absence de lignes est normale, mettre attentes.lignes_min à 0."
        )


def _format(client: Client, reponse: Reponse) -> str:
    """csv or json: as declared, else as the answer says, else as the address ends."""
    declare = client.source.lecture.format
    if declare:
        return declare
    refuse_html(client, reponse, "CSV ou JSON")
    type_contenu, chemin = reponse.type_contenu, reponse.url.path.lower()
    if type_contenu.endswith(("json", "+json")):
        return "json"
    if "csv" in type_contenu or chemin.rstrip("/").endswith((".csv", ".csv.gz", "/csv")):
        return "csv"
    if chemin.rstrip("/").endswith((".json", "/json")):
        return "json"
    raise client.refus(
        f"{publique(reponse.url)} ne dit pas son format (type « {type_contenu or 'absent'} »). "
        "Ajouter lecture.format : csv ou json."
    )


def lis_csv(client: Client, reponse: Reponse) -> pd.DataFrame:
    """The rows of a delimited text, read as a file of the same content would be. Raises :class:`LivraisonIllisible`."""
    refuse_html(client, reponse, "CSV")
    with TemporaryDirectory() as dossier:
        recu = Path(dossier) / "reponse.csv"
        recu.write_bytes(reponse.octets)
        try:
            return lis_texte(recu, _encodee(client.source, reponse))
        except LivraisonIllisible as erreur:
            raise client.refus(
                f"CSV illisible ({str(erreur).rstrip('.')}). Vérifier lecture, ou l'adresse."
            ) from erreur


def _encodee(source: Source, reponse: Reponse) -> Source:
    """The source with the encoding that the answer announces, when it declares none and the announce holds."""
    if source.lecture.encodage or not reponse.charset:
        return source
    try:
        reponse.octets.decode(reponse.charset)
    except (UnicodeError, LookupError):
        return source
    return source.model_copy(update={"lecture": source.lecture.model_copy(update={"encodage": reponse.charset})})
