"""Every outlet of a tiny espace that hides values: no hidden figure leaves it, under any format. Invented figures."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pypdf
import pytest

from dashboard import audits_secret, bootstrap, instantanes, paquets_secret
from dashboard.bootstrap import Application
from dashboard.cli import main
from dashboard.domain.lecteur import AGENT, LOT_COURANT
from dashboard.domain.territoire import Maille
from dashboard.reglages import lis_reglages
from dashboard.store import queries
from dashboard.store.moteur import lecture
from tests import mini
from tests.paquets import SEMAINES

PETITE = "COM-99002"
DE_E3 = (PETITE, "COM-99003")
CHIFFRES = ("numerateur", "denominateur", "valeur")


@pytest.fixture(scope="module")
def app(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Figures of seven digits, all different: none is found by chance."""
    home = tmp_path_factory.mktemp("sorties")
    espace = mini.dessine(shutil.copytree(espace_mini, home / "espace"))
    env = {"BOUSSOLE_HOME": str(home), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_PROFIL": "agent"}
    ouverte = bootstrap.ouvre(lis_reglages(env))
    list(bootstrap.rafraichit(ouverte))
    atelier = mini.Atelier(ouverte.moteur, ouverte.espace, ouverte.sources, espace)
    lignes = [mini.ligne(c, p) for c, (_, _, p) in mini.COMMUNES.items()]
    for rang, code in enumerate(mini.COMMUNES, 1):
        haut, bas = 1_234_567 + 7_919 * rang * rang, 3_456_789 + 104_729 * rang
        unites, autres = (2 if code == PETITE else 40 + rang), (1 if code in DE_E3 else 70 + rang)
        lignes += [
            mini.ligne(code, indicateur="part_secrete", numerateur=haut, denominateur=bas, n_unites=unites),
            mini.ligne(code, 2_345_678 + 15_485 * rang**3, indicateur="effectif_secret", part_max=0.2, n_unites=autres),
        ]
    assert atelier.livre(*lignes).etat == "publie"
    yield ouverte
    ouverte.moteur.dispose()


@pytest.fixture(scope="module")
def caches(app: Application) -> set[str]:
    """What no outlet may tell: each hidden figure as a machine writes it and as a person reads it."""
    textes = set[str]()
    with lecture(app.moteur) as connexion:
        for declare in (i for i in app.espace.indicateurs if i.a_secret):
            for etat in audits_secret._etat(app, connexion, declare, LOT_COURANT).values():
                for nom in CHIFFRES:
                    for x in etat.quand.cellules.loc[etat.masque, nom].dropna():
                        textes |= {f"{x:.6f}".rstrip("0").rstrip("."), f"{x:,.0f}".replace(",", " ")} if x > 1000 else {
                            f"{x:.6f}"[:7]
                        }  # fmt: skip
    assert len(textes) >= 12
    return textes


@pytest.fixture(scope="module")
def paquet(app: Application) -> Path:
    """The whole package of a week: tables, workbook, map, portraits, report, bulletin, site."""
    return instantanes.cree(app, maintenant=SEMAINES["2026-W48"]).chemin


def texte_de(fichier: Path) -> str:
    """All that a file tells, however it is packed."""
    octets = fichier.read_bytes()
    if fichier.suffix == ".parquet":
        return str(pq.read_table(fichier).to_pandas().to_csv())
    if fichier.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return " ".join(archive.read(n).decode("utf-8", "ignore") for n in archive.namelist())
    if fichier.suffix == ".pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(octets)).pages)
    if fichier.suffix == ".gpkg":
        return _geopaquet(fichier)
    return octets.decode("utf-8", "ignore")


def _geopaquet(fichier: Path) -> str:
    with sqlite3.connect(fichier) as base:
        tables = [str(x[0]) for x in base.execute("SELECT table_name FROM gpkg_contents")]
        return " ".join(str(ligne) for t in tables for ligne in base.execute(f'SELECT * FROM "{t}"'))


def trouves(texte: str, caches: set[str]) -> set[str]:
    """Hidden figures in a text; narrow spaces are spaces."""
    plat = re.sub(r"[\u202f\xa0]", " ", texte)
    return {c for c in caches if re.search(rf"(?<![\d.]){re.escape(c)}", plat)}


def test_the_search_finds_what_is_shown(app: Application, paquet: Path) -> None:
    """The net holds: a figure that is free is found in the tables."""
    libre = app.espace.indicateur("effectif")
    assert trouves(texte_de(paquet / "donnees" / "observations" / f"{libre.id}.csv"), {"400"}) == {"400"}
    vu = texte_de(paquet / "carte.gpkg")
    assert trouves(vu, {"400"}) == {"400"}


def test_no_file_of_a_package_holds_a_hidden_figure(paquet: Path, caches: set[str]) -> None:
    fichiers = [f for f in sorted(paquet.rglob("*")) if f.is_file()]
    genres = {f.suffix for f in fichiers}
    assert {".csv", ".parquet", ".xlsx", ".gpkg", ".pdf", ".html", ".json"} <= genres
    assert {f.name: t for f in fichiers if (t := trouves(texte_de(f), caches))} == {}


def test_the_figures_of_a_package_together_do_not_give_it_back(app: Application, paquet: Path) -> None:
    croisement = paquets_secret.croise(app, paquet, paquet)
    assert croisement.cachees > 2
    assert croisement.fautes == ()


def test_no_reading_function_gives_a_figure_under_secrecy(app: Application, caches: set[str]) -> None:
    with lecture(app.moteur) as connexion:
        ids = [int(i) for i in queries.list_territoires(connexion)["id"]]
        lues = [queries.load_series(connexion, AGENT, [i.id for i in app.espace.indicateurs], ids)]
        for declare in app.espace.indicateurs:
            lues += [queries.load_dernieres(connexion, AGENT, declare.id, m) for m in Maille]
            lues += [queries.load_provenance(connexion, AGENT, declare.id, c) for c in mini.COMMUNES]
    assert sum(len(x) for x in lues) > 50
    assert trouves(" ".join(pd.DataFrame(x).to_csv() for x in lues), caches) == set()


def test_the_command_line_does_not_say_it(
    app: Application, caches: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOUSSOLE_HOME", str(app.reglages.home))
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(app.reglages.espace))
    monkeypatch.setenv("BOUSSOLE_PROFIL", "agent")
    for code in (PETITE, mini.E3):
        assert main(["why", "part_secrete", code, "2023"]) == 0
    for maille in Maille:
        assert main(["get", "part_secrete", "--maille", maille.value, "--format", "json"]) == 0
        assert main(["get", "effectif_secret", "--maille", maille.value]) == 0
    assert main(["secret", "--format", "json"]) == 0
    assert trouves(capsys.readouterr().out, caches) == set()
