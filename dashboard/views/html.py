"""The one module that writes HTML. Text is escaped unless it was built here; nothing else calls ``st.html``."""

from __future__ import annotations

import base64
from html import escape

import streamlit as st

from dashboard.domain.organisme import Producteur


class Sur(str):
    """HTML built by this module: safe to nest, never made from outside text."""

    __slots__ = ()


def balise(nom: str, *contenu: str | None, **attributs: str | int | None) -> Sur:
    """One element. Plain text is escaped; ``classe`` gives class, ``aria_label`` aria-label; None is left out."""
    textes = "".join(c if isinstance(c, Sur) else escape(c) for c in contenu if c is not None)
    noms = {"classe": "class", "pour": "for"}
    paires = "".join(
        f' {noms.get(cle, cle.replace("_", "-"))}="{escape(str(v))}"' for cle, v in attributs.items() if v is not None
    )
    return Sur(f"<{nom}{paires}>" + ("" if nom in ("img", "br") else f"{textes}</{nom}>"))


def joint(*morceaux: str) -> Sur:
    """Elements one after the other; plain text is escaped."""
    return Sur("".join(m if isinstance(m, Sur) else escape(m) for m in morceaux))


def lien_externe(adresse: str | None, texte: str) -> Sur:
    """A link to a source; an address that is not one of the web stays text."""
    if adresse is None or not adresse.startswith(("https://", "http://")):
        return joint(texte)
    return balise("a", texte, href=adresse, rel="noopener noreferrer", target="_blank", classe="b-lien")


def joindre(p: Producteur) -> Sur | None:
    """A link to the contact of a producer: a service's address or form, else its site."""
    adresse = p.joindre
    if adresse is None:
        return None
    if adresse.startswith("mailto:"):
        return balise("a", adresse.removeprefix("mailto:"), href=adresse, classe="b-lien")
    return lien_externe(adresse, adresse.removeprefix("https://").removeprefix("http://").rstrip("/"))


def image_svg(svg: str, alt: str, classe: str | None = None) -> Sur:
    """An SVG as an image: Streamlit strips inline SVG, and an image cannot run a script."""
    adresse = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    return balise("img", src=adresse, alt=alt, classe=classe)


def affiche(*morceaux: str) -> None:
    """Writes elements on the page."""
    st.html(joint(*morceaux))
