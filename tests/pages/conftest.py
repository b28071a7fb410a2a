"""A page run without a browser, as text: what a reader would read."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from dashboard.bootstrap import application

RACINE = Path(__file__).resolve().parents[2]
PAGES = (
    "essentiel", "politiques", "programme", "carte", "territoire", "suivi", "indicateur", "comparer", "catalogue",
    "instantanes", "qualite", "aide", "bulletin", "pourquoi", "visite",
)  # fmt: skip
PAGES_DES_AGENTS = ("donnees", "saisie", "conventions")


@dataclass(frozen=True)
class Ecran:
    """What one run of a page shows."""

    essai: AppTest

    @property
    def elements(self) -> list[Any]:
        return list(_descend(self.essai._tree))

    @property
    def texte(self) -> str:
        """Every word of the page, in order, without markup; spaces are plain."""
        return _plat(" ".join(_mots(e) for e in self.elements))

    @property
    def avertissements(self) -> list[str]:
        return [_plat(_nu(e.value)) for e in self.essai.warning]

    @property
    def erreurs(self) -> list[str]:
        return [_plat(str(e.value)) for e in self.essai.error]

    def sains(self) -> Ecran:
        """Fails when the page raised or refused."""
        assert not self.essai.exception, [e.value for e in self.essai.exception]
        assert self.erreurs == []
        return self


def _descend(noeud: Any) -> Iterator[Any]:
    for enfant in getattr(noeud, "children", {}).values():
        yield enfant
        yield from _descend(enfant)


def _mots(element: Any) -> str:
    if element.type == "html":
        return html.unescape(re.sub(r"<[^>]+>", " ", str(element.proto.body)))
    if element.type == "metric":
        return f"{element.label} {element.value} {element.delta}"
    return _nu(getattr(element, "value", "")) if element.type in ("warning", "error", "info") else ""


def _nu(texte: object) -> str:
    """As it is read: a warning escapes its words, which Markdown would otherwise take for its own signs."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", str(texte))


def _plat(texte: str) -> str:
    return re.sub(r"\s+", " ", texte.replace("\u202f", " ").replace("\xa0", " ")).strip()


Ouvre = Callable[..., Ecran]


_INITIALISE = PagesManager.__init__


def _routeur_seul(gestionnaire: PagesManager, *arguments: Any, **options: Any) -> None:
    """As app.py asks of Streamlit: the router runs every page, also the first one that is opened."""
    _INITIALISE(gestionnaire, *arguments, **options)
    PagesManager.uses_pages_directory = False


@pytest.fixture(scope="session")
def servi() -> dict[str, str]:
    """The environment that the caches of this process hold."""
    return {}


@pytest.fixture
def ouvre_avec(monkeypatch: pytest.MonkeyPatch, servi: dict[str, str]) -> Callable[[Mapping[str, str]], Ouvre]:
    """``ouvre_avec(env)`` gives ``ouvre(page, **url)``; another environment forgets all that was read."""
    monkeypatch.chdir(RACINE)
    monkeypatch.setattr(PagesManager, "__init__", _routeur_seul)

    def avec(env: Mapping[str, str]) -> Ouvre:
        for nom, valeur in env.items():
            monkeypatch.setenv(nom, valeur)
        application.cache_clear()
        if servi != env:
            st.cache_data.clear()
            st.cache_resource.clear()
            servi.clear()
            servi.update(env)

        def ouvre(page: str = "essentiel", /, **url: str) -> Ecran:
            essai = AppTest.from_file(str(RACINE / "streamlit_app.py"), default_timeout=60)
            if page != "essentiel":
                essai.switch_page(f"pages/{page}.py")
            for nom, valeur in url.items():
                essai.query_params[nom] = valeur
            return Ecran(essai.run())

        return ouvre

    return avec


@pytest.fixture
def ouvre(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_pret: dict[str, str]) -> Ouvre:
    """Pages of the committed espace, for a public reader."""
    return ouvre_avec(magasin_pret)
