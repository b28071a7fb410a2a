"""The alerts as an Atom 1.0 feed (RFC 4287): the same alerts give the same bytes, and an old one is never new again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from dashboard.domain.avis import Avis, Filtre
from dashboard.domain.indicateur import Espace

ATOM = "http://www.w3.org/2005/Atom"
SANS_DATE = date(2000, 1, 1)
"""Atom wants a date everywhere: that of an alert whose fact has none, and of a feed without any alert."""
_INTERDITS = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def flux(avis: Sequence[Avis], filtre: Filtre, espace: Espace, lieu: str, base: str) -> bytes:
    """The feed, latest fact first. ``lieu``: name of the territory. ``base``: address of the pages, slash included."""
    racine = ET.Element("feed", {"xmlns": ATOM, "xml:lang": espace.langue})
    parametres = parametres_de(filtre)
    ajoute_texte(racine, "id", identifiant(espace, f"flux?{urlencode(parametres)}"))
    ajoute_texte(racine, "title", f"Boussole, {lieu} : alertes des programmes")
    ajoute_texte(racine, "updated", _instant(max((_jour(a) for a in avis), default=SANS_DATE)))
    ET.SubElement(
        racine, "link", rel="self", type="application/atom+xml", href=_adresse(base, "alertes.atom", parametres)
    )
    ET.SubElement(racine, "link", rel="alternate", type="text/html", href=propre(base))
    ajoute_texte(ET.SubElement(racine, "author"), "name", f"Boussole, {espace.nom}")
    for un in sorted(avis, key=_jour, reverse=True):
        _entree(racine, un, espace, lieu, base)
    ET.indent(racine)
    corps: bytes = ET.tostring(racine, encoding="utf-8", xml_declaration=True)
    return corps


def parametres_de(filtre: Filtre) -> list[tuple[str, str]]:
    """The filter as parameters of the address of the feed."""
    choix = [("programme", p) for p in filtre.programmes] + [("territoire", filtre.territoire)]
    return choix + [("alerte", a.value) for a in filtre.alertes]


def identifiant(espace: Espace, nom: str) -> str:
    """A name that never changes, the same whatever the address under which the server is known."""
    return uuid5(NAMESPACE_URL, f"boussole:{espace.id}:{nom}").urn


def _entree(racine: ET.Element, avis: Avis, espace: Espace, lieu: str, base: str) -> None:
    programme, code = avis.dossier.etat.programme, avis.dossier.etat.code
    entree = ET.SubElement(racine, "entry")
    ajoute_texte(entree, "id", identifiant(espace, avis.cle))
    ajoute_texte(entree, "title", f"{programme.nom}, {lieu} : {avis.alerte.libelle.lower()}")
    ajoute_texte(entree, "updated", _instant(_jour(avis)))
    adresse = _adresse(base, "programme", [("programme", programme.id), ("territoire", code)])
    ET.SubElement(entree, "link", rel="alternate", type="text/html", href=adresse)
    ET.SubElement(entree, "category", term=avis.alerte.value, label=avis.alerte.libelle)
    ajoute_texte(entree, "summary", avis.phrase)


def ajoute_texte(parent: ET.Element, nom: str, texte: str) -> None:
    """A child that holds a text."""
    ET.SubElement(parent, nom).text = propre(texte)


def propre(texte: str) -> str:
    """Without the characters that XML cannot hold; the others are escaped when written."""
    return _INTERDITS.sub("", texte)


def _adresse(base: str, page: str, parametres: Sequence[tuple[str, str]]) -> str:
    return propre(f"{base}{page}?{urlencode(parametres)}")


def _jour(avis: Avis) -> date:
    return avis.depuis or SANS_DATE


def _instant(jour: date) -> str:
    return f"{jour.isoformat()}T00:00:00Z"
