"""One contract for every connector: what comes in, how it is numbered, what it says when it cannot be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import create_engine, make_url, text

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison, LivraisonIllisible, SourceIndisponible
from data_sources.connectors.registre import connecteur
from tests.conftest import adresse
from tests.data_sources.connecteurs.serveur import Rep, Serveur, rep_csv, rep_json
from tests.data_sources.connecteurs.test_ogc import wfs, zone
from tests.data_sources.connecteurs.test_sdmx import INSEE, XML


@dataclass(frozen=True)
class Cas:
    """A source that answers, the same out of reach, and how many rows it has."""

    source: Source
    acces: Acces
    lignes: int
    coupee: tuple[Source, Acces]

    def lis(self) -> Livraison:
        livraison = connecteur(self.source)(self.source, self.acces)
        assert livraison is not None
        return livraison


def _declare(genre: str, **champs: Any) -> Source:
    commun = {"id": "essai", "nom": "Essai", "licence": "Aucune", "rythme_mois": 12, "connecteur": genre}
    return Source.model_validate({**commun, **champs})


def _sql(base: str) -> Callable[[pytest.FixtureRequest, Acces], Cas]:
    def prepare(request: pytest.FixtureRequest, acces: Acces) -> Cas:
        url = adresse(base, request)
        cible = make_url(url)
        moteur = create_engine(cible.set(drivername="postgresql+psycopg") if base == "postgresql" else cible)
        with moteur.begin() as connexion:
            connexion.execute(text("CREATE TABLE stock (code VARCHAR(10), valeur FLOAT)"))
            connexion.execute(text("INSERT INTO stock VALUES ('21231', 2.5), ('25056', NULL)"))
        moteur.dispose()
        source = _declare("sql", url="ENTREPOT", requete="SELECT code, valeur FROM stock ORDER BY code")
        perdue = (
            "postgresql://boussole:motdepasse@127.0.0.1:1/x" if base == "postgresql" else "sqlite:////nulle/part.db"
        )
        return Cas(source, replace(acces, env={"ENTREPOT": url}), 2, (source, replace(acces, env={"ENTREPOT": perdue})))

    return prepare


def _fichier(request: pytest.FixtureRequest, acces: Acces) -> Cas:
    (acces.depot / "livraison.csv").write_text("code;valeur\n21231;2,5\n25056;\n", encoding="utf-8")
    source = _declare("fichier", url="*.csv")
    return Cas(source, acces, 2, (source.model_copy(update={"url": "*.xlsx"}), acces))


def _distante(
    genre: str, lignes: int, rep: str, chemin: str = "/donnees", **lecture: Any
) -> Callable[[pytest.FixtureRequest, Acces], Cas]:
    def prepare(request: pytest.FixtureRequest, acces: Acces) -> Cas:
        serveur: Serveur = request.getfixturevalue("serveur")
        reponses: dict[str, Any] = {
            "csv": lambda _: rep_csv("code;valeur\n21231;2,5\n25056;\n"),
            "json": lambda _: rep_json([{"code": "21231", "valeur": 2.5}, {"code": "25056", "valeur": None}]),
            "sdmx": lambda _: Rep(INSEE, 200, XML),
            "wfs": wfs([zone(rang) for rang in range(1, 4)]),
        }
        serveur.repond = reponses[rep]
        source = _declare(genre, url=f"{serveur.url}{chemin}", lecture={"hotes": [serveur.hote], **lecture})
        perdue = _declare(genre, url="http://127.0.0.1:1/wfs", lecture={"hotes": ["127.0.0.1:1"], **lecture})
        return Cas(source, acces, lignes, (perdue, acces))

    return prepare


CAS: dict[str, Callable[[pytest.FixtureRequest, Acces], Cas]] = {
    "sql-sqlite": _sql("sqlite"),
    "sql-postgresql": _sql("postgresql"),
    "fichier": _fichier,
    "http-csv": _distante("http", 2, "csv"),
    "http-json": _distante("http", 2, "json"),
    "sdmx": _distante("sdmx", 4, "sdmx"),
    "ogc": _distante("ogc", 3, "wfs", "/wfs", couche="ms:zones"),
}


@pytest.fixture(params=CAS)
def cas(request: pytest.FixtureRequest, acces: Acces) -> Cas:
    return CAS[request.param](request, acces)


def test_a_delivery_has_the_shape_of_all_deliveries(cas: Cas) -> None:
    livraison = cas.lis()
    assert len(livraison.lignes) == cas.lignes
    assert livraison.lignes.index.name == "ligne"
    assert livraison.lignes.index.is_monotonic_increasing
    assert livraison.lignes.index.is_unique
    assert livraison.lignes.index.min() >= 1
    assert all(isinstance(c, str) for c in livraison.lignes.columns)


def test_the_same_content_has_the_same_fingerprint(cas: Cas) -> None:
    premiere, seconde = cas.lis(), cas.lis()
    assert premiere.sha256 == seconde.sha256
    assert len(premiere.sha256) == 64
    pd.testing.assert_frame_equal(premiere.lignes, seconde.lignes)


def test_the_origin_tells_the_kind_and_no_secret(cas: Cas, tmp_path: Path) -> None:
    origine = cas.lis().origine
    assert origine.startswith(f"{cas.source.connecteur} · ")
    assert str(tmp_path) not in origine
    assert not any(v and v in origine for v in cas.acces.env.values())


def test_out_of_reach_is_one_sentence_that_names_the_source(cas: Cas) -> None:
    source, acces = cas.coupee
    with pytest.raises((SourceIndisponible, LivraisonIllisible)) as refus:
        connecteur(source)(source, acces)
    message = str(refus.value)
    assert "« essai »" in message
    assert "\n" not in message
    assert "motdepasse" not in message
