"""What is documented is what there is: every address and parameter of the interface, every example, every setting."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from dashboard.api.application import TOUTES
from dashboard.api.openapi import document
from dashboard.bootstrap import Application
from tests.api.conftest import RACINE, serveur
from tests.conftest import RACINE as PROJET

GUIDE = (PROJET / "docs" / "api.md").read_text(encoding="utf-8")
EXPLOITATION = (PROJET / "docs" / "exploitation.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `(/api/v1[^`]*)`\n(.*?)(?=^##)", GUIDE, flags=re.DOTALL | re.MULTILINE))
EXEMPLES = re.findall(r"^curl .+$", GUIDE, flags=re.MULTILINE)
DOCUMENT: Mapping[str, Any] = json.loads(document(TOUTES))


@pytest.fixture(scope="module")
def reel(bfc: Application) -> TestClient:
    """The interface on the committed espace."""
    return TestClient(serveur(bfc), base_url="https://boussole.exemple.fr")


def test_every_address_has_its_section_and_no_section_is_of_another() -> None:
    assert set(SECTIONS) == {f"{RACINE}{chemin}" for chemin in DOCUMENT["paths"]}


@pytest.mark.parametrize("chemin", DOCUMENT["paths"])
def test_every_parameter_is_told_where_it_is_admitted(chemin: str) -> None:
    dits = set(re.findall(r"`([^`]+)`", SECTIONS[f"{RACINE}{chemin}"]))
    admis = {p["name"] for p in DOCUMENT["paths"][chemin]["get"]["parameters"]}
    assert admis <= dits, f"{chemin} : {sorted(admis - dits)} absent de docs/api.md"
    nommes = set(re.findall(r"^\| (`[^|]+) \|", SECTIONS[f"{RACINE}{chemin}"], flags=re.MULTILINE))
    ranges = {n for cellule in nommes for n in re.findall(r"`(\w+)`", cellule)}
    assert ranges <= admis, f"{chemin} : {sorted(ranges - admis)} documenté mais refusé"


def test_every_status_is_told() -> None:
    statuts = {s for c in DOCUMENT["paths"].values() for s in c["get"]["responses"]} - {"200"}
    tableau = GUIDE[GUIDE.index("## Quand la demande") :]
    assert statuts <= set(re.findall(r"^\| (\d{3}) \|", tableau, flags=re.MULTILINE))


def test_every_address_has_an_example_or_is_the_documentation_itself() -> None:
    demandes = {urlsplit(_adresse(e)).path for e in EXEMPLES}
    sans = ("/openapi.json", "/docs", "/territoires/{code}", "/semaines")
    for chemin in DOCUMENT["paths"]:
        motif = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(f"{RACINE}{chemin}"))
        vu = any(re.fullmatch(motif, d) for d in demandes) or chemin in sans
        assert vu, f"{chemin} : aucun exemple"


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_every_example_is_answered(reel: TestClient, exemple: str) -> None:
    entetes = dict(x.split(": ", 1) for x in _options(exemple, "-H"))
    reponse = reel.get(_adresse(exemple), headers=entetes)
    assert reponse.status_code == 200, reponse.text
    if reponse.headers["content-type"].startswith("text/csv"):
        assert len(reponse.text.splitlines()) > 1
        return
    lu = reponse.json()
    listes = [v for v in lu.values() if isinstance(v, list | dict)]
    assert any(listes), "l'exemple montre quelque chose"


def _mots(exemple: str) -> list[str]:
    return shlex.split(exemple.replace("$BOUSSOLE", "https://boussole.exemple.fr"))


def _adresse(exemple: str) -> str:
    (adresse,) = [m for m in _mots(exemple) if m.startswith("https://")]
    return adresse


def _options(exemple: str, nom: str) -> Iterator[str]:
    mots = _mots(exemple)
    yield from (mots[rang + 1] for rang, mot in enumerate(mots) if mot == nom)


def test_the_page_to_read_tells_every_address_and_parameter_without_any_other_host(reel: TestClient) -> None:
    page = reel.get(f"{RACINE}/docs").text
    for chemin, operation in DOCUMENT["paths"].items():
        assert f"<code>{RACINE}{chemin}</code>" in page
        for parametre in operation["get"]["parameters"]:
            assert f"<td><code>{parametre['name']}</code></td>" in page
    assert re.findall(r"https?://", page) == []
    assert "<script" not in page


def test_every_setting_that_is_read_is_documented_and_no_other() -> None:
    lus, lit = set(), r"environ(?:\.get\(|\[)\"(BOUSSOLE_\w+)\"|env\.get\(\"(BOUSSOLE_\w+)\""
    for fichier in (*(PROJET / "dashboard").rglob("*.py"), PROJET / "app.py", PROJET / "streamlit_app.py"):
        lus |= set(re.findall(lit, fichier.read_text("utf-8")))
    lus = {nom for paire in lus for nom in paire if nom}
    assert len(lus) >= 12
    tableau = EXPLOITATION[EXPLOITATION.index("## Réglages") : EXPLOITATION.index("## Surveiller")]
    dits = set(re.findall(r"^\| `(BOUSSOLE_\w+)` \|", tableau, flags=re.MULTILINE))
    assert lus - dits == set(), "réglage lu mais non documenté dans docs/exploitation.md"
    tests = (PROJET / "tests" / "prerequis.py").read_text("utf-8")
    assert {n for n in dits - lus if n not in tests} == set(), "réglage documenté que plus rien ne lit"
