"""Reads a layer of a geographic service, page after page: OGC API Features, or WFS 2.0 (GeoJSON or GML)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import httpx
import pandas as pd

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison
from data_sources.connectors.balisage import racine, textes
from data_sources.connectors.client import Client, Reponse, ouvre, publique
from data_sources.connectors.empreinte import empreinte_lignes
from data_sources.connectors.enregistrements import en_cadre, lis_json
from data_sources.connectors.entites import LAT, LON, lis_geojson, lis_gml
from data_sources.connectors.http import exige_lignes
from data_sources.connectors.pagination import Page, parcours

PAGE = 1000
OGC_API = {"f": "json", "limit": str(PAGE)}
WFS = {
    "service": "WFS", "version": "2.0.0", "request": "GetFeature", "outputFormat": "application/json",
    "count": str(PAGE), "startIndex": "0",
}  # fmt: skip


def lis(source: Source, acces: Acces) -> Livraison | None:
    """The features of ``lecture.couche``: attributes, ``longitude`` and ``latitude``; None when unchanged.

    The service is a WFS when its address says so (``service=WFS``, or ends with ``/wfs``). Another outputFormat, a
    filter or a sort goes in ``lecture.parametres``. Raises :class:`SourceIndisponible`, :class:`LivraisonIllisible`.
    """
    with ouvre(source) as client:
        wfs = est_wfs(source.url)
        adresse, parametres = _wfs(client) if wfs else _ogc_api(client)
        reponse = client.obtiens_si_change(adresse, parametres, acces)
        if reponse is None:
            return None
        lignes, pages = parcours(client, reponse, lis_page_wfs if wfs else lis_page_ogc)
        cadre = en_cadre(lignes)
        _exige_uniques(client, cadre)
        exige_lignes(client, len(cadre))
    vides = [c for c in (LON, LAT) if c in cadre and cadre[c].isna().all()]
    cadre = cadre.drop(columns=vides)
    origine = f"ogc · {publique(reponse.url)} · {source.lecture.couche or ''}".rstrip(" ·")
    validateurs = reponse.validateurs if pages == 1 else {}
    return Livraison(cadre, empreinte_lignes(cadre), origine, validateurs=validateurs)


def est_wfs(url: str) -> bool:
    """``…/wfs`` and ``…?service=WFS``; all others are OGC API Features."""
    return "service=wfs" in url.lower() or url.split("?")[0].rstrip("/").lower().endswith("/wfs")


def _complete(defauts: Mapping[str, str], declares: Mapping[str, str]) -> dict[str, str]:
    """Declared parameters win, whatever their case: WFS names have none."""
    noms = {nom.lower() for nom in declares}
    return {**{nom: valeur for nom, valeur in defauts.items() if nom.lower() not in noms}, **declares}


def _couche(client: Client) -> str:
    if not client.source.lecture.couche:
        raise client.refus("lecture.couche absente. Donner le nom de la couche (ou collection) à lire.")
    return client.source.lecture.couche


def _wfs(client: Client) -> tuple[httpx.URL, dict[str, str]]:
    """The address without what is ours to say: one copied from a browser often asks for the capabilities."""
    adresse = client.adresse(client.source.url)
    parametres = _complete({**WFS, "typeNames": _couche(client)}, client.source.lecture.parametres)
    notres = {nom.lower() for nom in (*WFS, *parametres, "typeName")}
    restent = [(nom, valeur) for nom, valeur in adresse.params.multi_items() if nom.lower() not in notres]
    return adresse.copy_with(params=restent), parametres


def _ogc_api(client: Client) -> tuple[httpx.URL, dict[str, str]]:
    """The items of the collection, from the address of the service, of the collection or of the items."""
    adresse = client.adresse(client.source.url)
    chemin = adresse.path.rstrip("/")
    if not chemin.endswith("/items"):
        if "/collections/" not in chemin:
            chemin = f"{chemin.removesuffix('/collections')}/collections/{_couche(client)}"
        chemin += "/items"
    return adresse.copy_with(path=chemin), _complete(OGC_API, client.source.lecture.parametres)


def lis_page_ogc(client: Client, reponse: Reponse, deja: int) -> Page:
    """``features``, ``numberMatched`` where the service counts, and the link whose rel is next."""
    document = lis_json(client, reponse)
    lignes = lis_geojson(client, document)
    liens = [lien for lien in document.get("links") or [] if isinstance(lien, dict) and lien.get("rel") == "next"]
    suivante = liens[0].get("href") if liens else reponse.lien_suivant
    total = _nombre(document.get("numberMatched"))
    return Page(lignes, total, _en_json(client.suivante(str(suivante), reponse), reponse) if suivante else None)


def _en_json(suivante: httpx.URL, page: Reponse) -> httpx.URL:
    """Some services forget the format in the next link, and would answer with a page for people."""
    oublie = "f" in page.url.params and "f" not in suivante.params
    return suivante.copy_merge_params({"f": page.url.params["f"]}) if oublie else suivante


def lis_page_wfs(client: Client, reponse: Reponse, deja: int) -> Page:
    """A page of GeoJSON or GML. A service that does not count (« unknown ») is read until an empty page."""
    if reponse.octets[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        document = lis_json(client, reponse)
        lignes = lis_geojson(client, document)
        total = _nombre(document.get("numberMatched", document.get("totalFeatures")))
    else:
        lignes, total = _page_gml(client, reponse)
    recues = deja + len(lignes)
    finie = recues >= total if total is not None else not lignes
    suivante = None if finie else reponse.url.copy_merge_params({"startIndex": str(recues)})
    return Page(lignes, total, suivante)


def _page_gml(client: Client, reponse: Reponse) -> tuple[list[dict[str, object]], int | None]:
    nom, attributs = racine(client, reponse)
    if nom != "FeatureCollection":
        raise client.refus(
            f"le service WFS a répondu « {nom} » au lieu d'entités ({textes(client, reponse) or 'sans texte'}). "
            "Vérifier lecture.couche et lecture.parametres (outputFormat)."
        )
    vide = attributs.get("numberReturned") == "0"
    return [] if vide else lis_gml(client, reponse), _nombre(attributs.get("numberMatched"))


def _nombre(annonce: object) -> int | None:
    """A count, written as a number or as text; None for « unknown »."""
    texte = str(annonce)
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 16 else None


def _exige_uniques(client: Client, cadre: pd.DataFrame) -> None:
    """The same feature on two pages: the service does not keep an order between pages, so others are missing."""
    nom = next((c for c in ("gml_id", "id") if c in cadre), None)
    doubles = [v for v, n in Counter(cadre[nom].dropna()).items() if n > 1] if nom else []
    if doubles:
        raise client.refus(
            f"l'entité « {doubles[0]} » est reçue deux fois : le service ne garde pas d'ordre d'une page à l'autre. "
            "Ajouter un tri (sortBy pour un WFS, sortby pour une OGC API) à lecture.parametres."
        )
