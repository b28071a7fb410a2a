"""Reads a table from a web service: CSV, or JSON page after page. Nothing is converted that JSON does not type."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison
from data_sources.connectors.client import Client, Reponse, ouvre, publique
from data_sources.connectors.empreinte import empreinte_lignes
from data_sources.connectors.enregistrements import en_cadre, refuse_html
from data_sources.connectors.pagination import parcours, prereglage

HERITEES = ("cp1252", "mac_roman", "cp850")
LETTRES = "éèêëàâçùûôîïœÉÈÊÀÇÔÎ’«»°€"
MARQUES = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


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
    """All cells as text, empty ones missing; the index, « ligne », is the rank from 1.

    Raises :class:`LivraisonIllisible` on another number of cells than of columns, or on two columns of one name.
    """
    refuse_html(client, reponse, "CSV")
    texte = _decode(client, reponse)
    separateur = client.source.lecture.separateur or _separateur(texte)
    colonnes = _entete(client, texte, separateur)
    try:
        table = pacsv.read_csv(
            io.BytesIO(texte.encode()),
            parse_options=pacsv.ParseOptions(delimiter=separateur, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(colonnes, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid as erreur:
        detail = str(erreur).splitlines()[0][:200]
        raise client.refus(
            f"CSV illisible ({detail}). Vérifier lecture.separateur, ou prévenir le producteur."
        ) from erreur
    cadre: pd.DataFrame = table.to_pandas().astype("str")
    return cadre.set_axis(pd.RangeIndex(1, len(cadre) + 1, name="ligne"), axis=0)


def _decode(client: Client, reponse: Reponse) -> str:
    """Declared encoding, else byte order mark, else charset of the answer, else UTF-8, else the likeliest in French."""
    octets, declare = reponse.octets, client.source.lecture.encodage
    marque = next((nom for debut, nom in MARQUES if octets.startswith(debut)), None)
    essais = [declare] if declare else [marque or reponse.charset or "utf-8"]
    for nom in essais:
        try:
            return octets.decode(nom).lstrip("\ufeff")
        except (UnicodeDecodeError, LookupError):
            essais += [] if declare or len(essais) > 1 else [_devine(octets)]
    raise client.refus(f"texte illisible en « {essais[-1]} ». Corriger lecture.encodage (utf-8, cp1252…).")


def _devine(octets: bytes) -> str:
    """The one-byte encoding that gives most French letters: general detectors take « Dépôt » for Latvian."""
    extrait = octets[:1_000_000]
    return max(HERITEES, key=lambda nom: sum(map(extrait.decode(nom, errors="replace").count, LETTRES)))


def _separateur(texte: str) -> str:
    """The delimiter most often in the header."""
    entete = texte.split("\n", 1)[0]
    return max(";,\t|", key=entete.count)


def _entete(client: Client, texte: str, separateur: str) -> Sequence[str]:
    colonnes = next(csv.reader(io.StringIO(texte), delimiter=separateur), [])
    doubles = sorted({c for c in colonnes if colonnes.count(c) > 1})
    if not colonnes or doubles:
        detail = f"deux colonnes se nomment « {doubles[0]} »" if doubles else "aucun en-tête"
        raise client.refus(f"CSV illisible ({detail}). Vérifier l'adresse, ou prévenir le producteur.")
    return colonnes
