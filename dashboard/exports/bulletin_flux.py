"""The bulletins as an Atom 1.0 feed: one entry a week, all its sentences inside. The same weeks give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from dashboard.domain.bulletin import Bulletin, Entree
from dashboard.domain.indicateur import Espace
from dashboard.exports.flux import ATOM, SANS_DATE, ajoute_texte, identifiant, propre

FLUX_MAX = 26
"""Weeks in the feed: half a year."""


@dataclass(frozen=True)
class Parution:
    """A bulletin and when it was published (ISO, UTC)."""

    bulletin: Bulletin
    quand: str


def flux_bulletins(parutions: Sequence[Parution], espace: Espace, base: str) -> bytes:
    """The feed, latest first. ``base``: address of the pages, slash included."""
    racine = ET.Element("feed", {"xmlns": ATOM, "xml:lang": espace.langue})
    ajoute_texte(racine, "id", identifiant(espace, "bulletins"))
    ajoute_texte(racine, "title", f"Boussole, {espace.nom} : bulletins de la semaine")
    ajoute_texte(racine, "updated", _instant(max((p.quand for p in parutions), default=f"{SANS_DATE}T00:00:00Z")))
    ET.SubElement(racine, "link", rel="self", type="application/atom+xml", href=propre(f"{base}bulletins.atom"))
    ET.SubElement(racine, "link", rel="alternate", type="text/html", href=propre(f"{base}bulletin"))
    ajoute_texte(ET.SubElement(racine, "author"), "name", f"Boussole, {espace.nom}")
    for parution in parutions:
        _entree(racine, parution, espace, base)
    ET.indent(racine)
    corps: bytes = ET.tostring(racine, encoding="utf-8", xml_declaration=True)
    return corps


def adresse(base: str, entree: Entree) -> str:
    """Where a sentence leads."""
    return f"{base}{entree.page}?{urlencode(entree.parametres)}" if entree.parametres else f"{base}{entree.page}"


def _entree(racine: ET.Element, parution: Parution, espace: Espace, base: str) -> None:
    bulletin = parution.bulletin
    entree = ET.SubElement(racine, "entry")
    ajoute_texte(entree, "id", identifiant(espace, f"bulletin:{bulletin.audience}:{bulletin.semaine}"))
    ajoute_texte(entree, "title", f"Bulletin {bulletin.semaine}")
    ajoute_texte(entree, "updated", _instant(parution.quand))
    lien = f"{base}bulletin?{urlencode({'numero': bulletin.semaine})}"
    ET.SubElement(entree, "link", rel="alternate", type="text/html", href=propre(lien))
    ajoute_texte(entree, "summary", bulletin.texte)
    contenu = ET.SubElement(entree, "content", type="html")
    contenu.text = propre(_html(bulletin, base))


def _html(bulletin: Bulletin, base: str) -> str:
    blocs = [f"<p>{escape(bulletin.texte)}</p>"]
    for cause, siennes in bulletin.par_cause().items():
        lignes = "".join(
            f'<li><a href="{escape(adresse(base, e))}">{escape(e.titre)}</a> : '
            f"{escape(e.phrase.removeprefix(f'{e.titre} : '))}</li>"
            for e in siennes
        )
        blocs.append(f"<h3>{escape(cause.libelle)}</h3><ul>{lignes}</ul>")
    return "".join(blocs)


def _instant(quand: str) -> str:
    """Atom wants a zone; ours are UTC."""
    texte = quand.replace("+00:00", "Z")
    return texte if texte.endswith("Z") else f"{texte}Z"
