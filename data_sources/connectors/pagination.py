"""Page after page, until what was announced is there; known kinds of API say where rows, total and next page are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from data_sources.connectors.client import Client, Reponse
from data_sources.connectors.enregistrements import Ligne, lis_json, lis_lignes, suis_chemin

PAGES_MAX = 30_000
FENETRE_OPENDATASOFT = 10_000  # offset + limit of Explore v2.1


@dataclass(frozen=True)
class Page:
    """One page. ``total``: rows announced for the whole, None when the service does not say."""

    lignes: list[Ligne]
    total: int | None = None
    suivante: httpx.URL | None = None


LisPage = Callable[[Client, Reponse, int], Page]  # the last: rows of the pages before


@dataclass(frozen=True)
class Prereglage:
    """A known kind of API: what its first page is asked with, and how a page is read."""

    lis_page: LisPage
    parametres: Mapping[str, str] = field(default_factory=dict)


def parcours(client: Client, reponse: Reponse, lis_page: LisPage) -> tuple[list[Ligne], int]:
    """The rows of every page, and how many pages. Raises :class:`LivraisonIllisible`."""
    lignes: list[Ligne] = []
    vues: set[str] = set()
    for pages in range(1, PAGES_MAX + 1):
        page = lis_page(client, reponse, len(lignes))
        _exige_nouvelle(client, page, vues, pages)
        _exige_colonnes(client, lignes, page.lignes, pages)
        lignes += page.lignes
        _exige_bornees(client, lignes)
        if page.suivante is None or not page.lignes:
            _exige_total(client, len(lignes), page.total)
            return lignes, pages
        reponse = client.obtiens(page.suivante)
    raise client.refus(f"plus de {PAGES_MAX} pages : la pagination ne finit pas. Vérifier lecture.suivante.")


def _exige_nouvelle(client: Client, page: Page, vues: set[str], rang: int) -> None:
    empreinte = hashlib.sha256(repr(page.lignes).encode()).hexdigest()
    if page.lignes and empreinte in vues:
        raise client.refus(
            f"la page {rang} répète une page déjà reçue : la pagination tourne en rond. "
            "Vérifier lecture.suivante et lecture.parametres."
        )
    vues.add(empreinte)


def _exige_colonnes(client: Client, avant: list[Ligne], page: list[Ligne], rang: int) -> None:
    """A column of every row so far may not vanish, nor may a new one be in every row: a field was renamed."""
    if not avant or not page:
        return
    disparues = sorted(set.intersection(*(set(x) for x in avant[: len(page)])) - set().union(*page))
    nouvelles = sorted(set.intersection(*(set(x) for x in page)) - set().union(*avant[: len(page)]))
    if disparues or nouvelles:
        ecarts = [f"« {c} » absente" for c in disparues] + [f"« {c} » nouvelle" for c in nouvelles]
        raise client.refus(
            f"les colonnes changent à la page {rang} ({', '.join(ecarts)}). Le service a changé en cours de lecture : "
            "recommencer, puis vérifier sa documentation."
        )


def _exige_bornees(client: Client, lignes: list[Ligne]) -> None:
    maximum = client.source.attentes.lignes_max
    if len(lignes) > maximum:
        raise client.refus(f"plus de {maximum} lignes reçues. Restreindre la demande, ou relever attentes.lignes_max.")


def _exige_total(client: Client, recues: int, total: int | None) -> None:
    if total is not None and recues != total:
        raise client.refus(
            f"{recues} lignes reçues, {total} annoncées par le service : livraison partielle, écartée. Recommencer ; "
            "si l'écart demeure, prévenir le producteur."
        )


def _entier(valeur: Any) -> int | None:
    return valeur if isinstance(valeur, int) and not isinstance(valeur, bool) else None


def _decalee(reponse: Reponse, recues: int, nom: str = "offset") -> httpx.URL:
    return reponse.url.copy_merge_params({nom: str(recues)})


def lis_opendatasoft(client: Client, reponse: Reponse, deja: int) -> Page:
    """Explore v2.1 ``/records``: at most 100 rows a page, offset + limit at most 10,000; grouped rows have no total."""
    document = lis_json(client, reponse)
    lignes = lis_lignes(client, document, "results")
    total, recues = _entier(document.get("total_count")), deja + len(lignes)
    if total is not None and total > FENETRE_OPENDATASOFT:
        raise client.refus(
            f"{total} lignes annoncées, et ce service n'en pagine que {FENETRE_OPENDATASOFT}. "
            "Remplacer /records par /exports/csv dans url."
        )
    taille = int(reponse.url.params.get("limit", "10"))
    finie = recues >= total if total is not None else len(lignes) < taille
    return Page(lignes, total, None if finie else _decalee(reponse, recues))


def lis_data_gouv(client: Client, reponse: Reponse, deja: int) -> Page:
    """Tabular API: ``data``, ``links.next`` (null at the end), ``meta.total``; at most 200 rows a page."""
    document = lis_json(client, reponse)
    lignes = lis_lignes(client, document, "data")
    suivante = suis_chemin(document, "links.next")
    total = _entier(suis_chemin(document, "meta.total"))
    return Page(lignes, total, client.suivante(suivante, reponse) if suivante else None)


def lis_ckan(client: Client, reponse: Reponse, deja: int) -> Page:
    """``datastore_search``: the server may give fewer rows than asked (32,000 at most); its total may be estimated."""
    document = lis_json(client, reponse)
    if isinstance(document, dict) and document.get("success") is False:
        detail = suis_chemin(document, "error.message") or suis_chemin(document, "error.__type") or "sans motif"
        raise client.refus(f"le service CKAN a refusé la demande ({detail}). Vérifier resource_id et les filtres.")
    lignes = lis_lignes(client, document, "result.records")
    total = _entier(suis_chemin(document, "result.total"))
    if suis_chemin(document, "result.total_was_estimated"):
        total = None
    recues = deja + len(lignes)
    finie = recues >= total if total is not None else not lignes
    return Page(lignes, total, None if finie else _decalee(reponse, recues))


def lis_generique(client: Client, reponse: Reponse, deja: int) -> Page:
    """Rows at ``lecture.chemin``; next page at ``lecture.suivante``, or in the Link header."""
    lecture = client.source.lecture
    document = lis_json(client, reponse)
    lignes = lis_lignes(client, document, lecture.chemin)
    suivante = suis_chemin(document, lecture.suivante) if lecture.suivante else reponse.lien_suivant
    if suivante and not isinstance(suivante, str):
        raise client.refus(f"« {lecture.suivante} » n'est pas une adresse de page. Corriger lecture.suivante.")
    return Page(lignes, None, client.suivante(suivante, reponse) if suivante else None)


GENERIQUE = Prereglage(lis_generique)
PREREGLAGES: Mapping[str, tuple[str, Prereglage]] = {  # what the address holds when it is paged, and how
    "opendatasoft": ("/records", Prereglage(lis_opendatasoft, {"limit": "100"})),
    "data_gouv": ("/data", Prereglage(lis_data_gouv, {"page_size": "200"})),
    "ckan": ("/datastore_search", Prereglage(lis_ckan, {"limit": "10000"})),
}


def prereglage(client: Client) -> Prereglage:
    """How the source is paged. The exports of a known service come whole: they are read as any JSON or CSV."""
    fin, connu = PREREGLAGES.get(client.source.lecture.prereglage or "", ("", GENERIQUE))
    return connu if client.adresse(client.source.url).path.rstrip("/").endswith(fin) else GENERIQUE
