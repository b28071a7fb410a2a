"""Nobody can tell that something closed exists: a store that never heard of it answers the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from starlette.testclient import TestClient

from dashboard.bootstrap import Application
from dashboard.store.moteur import migre, open_moteur
from tests import catalogues, mini
from tests.api.conftest import RACINE, serveur
from tests.paquets import INTERDIT

FERMES = ("effectif_interne", "resultat_interne")
OUVERTS = [i["id"] for i in mini.INDICATEURS if i["id"] not in FERMES]
LIEUX = [mini.REGION, mini.SUD, mini.CHEVAL, "COM-98001"]
FILTRES = (
    "",
    "?maille=commune",
    "?maille=epci&periode=toutes",
    f"?territoire={mini.REGION}&debut=2020-01-01",
    "?limite=1",
)


class Deux(NamedTuple):
    """The interface on a store with closed things, and on one without."""

    avec: TestClient
    sans: TestClient


@pytest.fixture(scope="module")
def deux(app: Application, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deux]:
    dossier = tmp_path_factory.mktemp("droits")
    complet = home / "espace"
    sans = _sans_rien_de_ferme(complet, dossier / "sans")
    with _client(app, complet, dossier / "a.sqlite", fermes=True) as a, _client(app, sans, dossier / "b.sqlite") as b:
        yield Deux(a, b)


def _sans_rien_de_ferme(espace: Path, ou: Path) -> Path:
    shutil.copytree(espace, ou)
    for nom in FERMES:
        (ou / "indicateurs" / f"{nom}.yml").unlink()
    (ou / "sources" / "reserve.yml").unlink()
    for chemin, retire in (("indicateurs/effectif.yml", _sans_complement), ("politiques.yml", _sans_programme)):
        contenu = retire(yaml.safe_load((ou / chemin).read_text("utf-8")))
        (ou / chemin).write_text(yaml.safe_dump(contenu, allow_unicode=True, sort_keys=False), "utf-8")
    return ou


def _sans_complement(declare: dict[str, object]) -> dict[str, object]:
    return {c: v for c, v in declare.items() if c != "complements"}


def _sans_programme(declare: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    return {**declare, "programmes": [p for p in declare["programmes"] if p["id"] != "ferme"]}


@contextmanager
def _client(app: Application, espace: Path, magasin: Path, *, fermes: bool = False) -> Iterator[TestClient]:
    moteur = open_moteur(f"sqlite:///{magasin}")
    migre(moteur)
    atelier = mini.Atelier.ouvre(moteur, espace)
    lignes = [mini.ligne(c, p) for c, (_, _, p) in mini.COMMUNES.items()]
    lignes += [mini.ligne(mini.REGION, v, indicateur="taux_publie", periode=p) for p, v in (("2023", 30), ("2024", 41))]
    lignes += [mini.ligne(c, 7, indicateur="effectif_secret", n_unites=n) for n, c in enumerate(mini.COMMUNES, 1)]
    if fermes:
        for nom in FERMES:
            lieux = list(mini.COMMUNES) if nom == "effectif_interne" else [mini.REGION]
            lignes += [mini.ligne(c, int(INTERDIT), indicateur=nom) for c in lieux]
    assert atelier.livre(*lignes).etat == "publie"
    yield TestClient(
        serveur(
            replace(
                app,
                moteur=moteur,
                espace=atelier.espace,
                sources=atelier.sources,
                reglages=replace(app.reglages, espace=espace),
            )
        )
    )
    moteur.dispose()


def adresses() -> list[str]:
    """Everything a reader may ask that says something, what is closed included."""
    listes = ["/", "/openapi.json", "/docs", "/programmes", "/territoires", "/indicateurs", "/indicateurs?q=essai"]
    listes += ["/indicateurs?q=interne", "/indicateurs?programme=programme", "/indicateurs?politique=politique"]
    listes += [f"/indicateurs?programme={p}" for p in ("ferme", "inconnu")]
    listes += [f"/territoires/{c}{suite}" for c in LIEUX for suite in ("", "/valeurs")]
    for nom in (*OUVERTS, *FERMES):
        listes += [f"/indicateurs/{nom}", f"/indicateurs/{nom}/valeurs.geojson?maille=epci"]
        listes += [f"/indicateurs/{nom}/valeurs{filtre}" for filtre in FILTRES]
    return listes


def test_what_is_closed_changes_not_one_byte_of_any_answer(deux: Deux) -> None:
    for adresse in adresses():
        for accepte in ("*/*", "text/csv, */*;q=0.1"):
            a, b = (c.get(f"{RACINE}{adresse}", headers={"accept": accepte}) for c in deux)
            assert (a.status_code, dict(a.headers), a.content) == (b.status_code, dict(b.headers), b.content), adresse


def test_the_closed_things_are_really_there_for_an_agent(deux: Deux, home: Path) -> None:
    politiques = (home / "espace" / "politiques.yml").read_text("utf-8")
    assert "Programme fermé" in politiques
    assert catalogues.RESERVE in (home / "espace" / "sources" / "reserve.yml").read_text("utf-8")
    tout = "".join(deux.avec.get(f"{RACINE}{a}").text for a in adresses() if not any(f in a for f in FERMES))
    assert "Essai effectif_secret" in tout
    for interdit in (INTERDIT, catalogues.RESERVE, "Programme fermé", *FERMES):
        assert interdit not in tout, interdit


@pytest.mark.parametrize("suite", ["", "/valeurs", "/valeurs?maille=commune&format=csv", "/valeurs.geojson"])
@pytest.mark.parametrize("ferme", FERMES)
def test_closed_and_unknown_are_refused_in_the_same_words(deux: Deux, ferme: str, suite: str) -> None:
    inconnu = "z" * len(ferme)
    refus, absent = (deux.avec.get(f"{RACINE}/indicateurs/{nom}{suite}") for nom in (ferme, inconnu))
    assert refus.status_code == absent.status_code == 404
    assert dict(refus.headers) == dict(absent.headers)
    assert refus.content == absent.content.replace(inconnu.encode(), ferme.encode())


def test_a_publication_of_closed_data_changes_no_mark(deux: Deux, app: Application, home: Path, tmp_path: Path) -> None:
    moteur = open_moteur(f"sqlite:///{tmp_path / 'c.sqlite'}")
    migre(moteur)
    atelier = mini.Atelier.ouvre(moteur, home / "espace")
    ouvertes = [mini.ligne(c, 1) for c in mini.COMMUNES]
    atelier.livre(*ouvertes)
    client = TestClient(serveur(replace(app, moteur=moteur, espace=atelier.espace, sources=atelier.sources)))
    demandees = [f"{RACINE}{a}" for a in ("/indicateurs", "/indicateurs/effectif", "/indicateurs/effectif/valeurs")]
    marques = [client.get(a).headers["etag"] for a in demandees]
    avant = atelier.version()
    atelier.livre(*ouvertes, *[mini.ligne(c, int(INTERDIT), indicateur="effectif_interne") for c in mini.COMMUNES])
    assert atelier.version() > avant
    assert [client.get(a).headers["etag"] for a in demandees] == marques
    moteur.dispose()
