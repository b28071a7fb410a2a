"""RDF, the same bytes for the same facts: no blank node, everything sorted, names under one base."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from rdflib import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

ADMS, SPDX = Namespace("http://www.w3.org/ns/adms#"), Namespace("http://spdx.org/rdf/terms#")
VCARD, DCATAP = Namespace("http://www.w3.org/2006/vcard/ns#"), Namespace("http://data.europa.eu/r5r/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
PREFIXES = {
    "adms": ADMS, "dcat": DCAT, "dcatap": DCATAP, "dct": DCTERMS, "foaf": FOAF, "prov": PROV, "rdf": RDF, "rdfs": RDFS,
    "skos": SKOS, "spdx": SPDX, "vcard": VCARD, "xsd": XSD,
    "eli": ELI,
}  # fmt: skip
Valeur = str | int | date | datetime | URIRef | Literal | None


class Ecrit:
    """A graph being written. ``adresse``: public address of the site; without one, names are URN (ADR 0024)."""

    def __init__(self, adresse: str, espace: str) -> None:
        self.graphe = Graph(bind_namespaces="none")
        for prefixe, nom in PREFIXES.items():
            self.graphe.bind(prefixe, nom)
        self._base = f"{adresse}/catalogue" if adresse else f"urn:boussole:{espace}"

    @property
    def catalogue(self) -> URIRef:
        """The catalogue itself."""
        return URIRef(self._base)

    def nom(self, genre: str, identifiant: str) -> URIRef:
        """The stable name of one thing of ours."""
        return URIRef(f"{self._base}#{genre}-{quote(identifiant, safe='')}")

    def dit(self, sujet: URIRef, propriete: URIRef, *valeurs: Valeur) -> None:
        """States it; None says nothing, a plain text is French."""
        for v in valeurs:
            if v is not None:
                self.graphe.add((sujet, propriete, _terme(v)))

    def est(self, sujet: URIRef, *classes: URIRef) -> URIRef:
        """Gives a thing its classes, and the thing back."""
        self.dit(sujet, RDF.type, *classes)
        return sujet


def _terme(valeur: Valeur) -> URIRef | Literal:
    if isinstance(valeur, URIRef | Literal):
        return valeur
    if isinstance(valeur, datetime):
        return Literal(valeur.isoformat().replace("+00:00", "Z"), datatype=XSD.dateTime)
    if isinstance(valeur, date):
        return Literal(valeur.isoformat(), datatype=XSD.date)
    if isinstance(valeur, int):
        return Literal(str(valeur), datatype=XSD.nonNegativeInteger)
    return Literal(valeur, lang="fr")


def texte(valeur: str) -> Literal:
    """A text that has no language: an identifier, a sum."""
    return Literal(valeur)


def turtle(graphe: Graph) -> bytes:
    """The graph in Turtle."""
    return graphe.serialize(format="turtle", encoding="utf-8")


def jsonld(graphe: Graph) -> bytes:
    """The graph in JSON-LD, sorted: the order of its sets means nothing, but would change the bytes."""
    contexte = {p: str(n) for p, n in PREFIXES.items()}
    contenu = json.loads(graphe.serialize(format="json-ld", context=contexte, auto_compact=False))
    return (json.dumps(_trie(contenu), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _trie(contenu: Any) -> Any:
    if isinstance(contenu, dict):
        return {cle: _trie(v) for cle, v in contenu.items()}
    if isinstance(contenu, list):
        return sorted((_trie(v) for v in contenu), key=lambda v: json.dumps(v, ensure_ascii=False, sort_keys=True))
    return contenu


ECRITURES = {"ttl": turtle, "jsonld": jsonld}
