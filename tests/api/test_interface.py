"""What the interface answers: figures, formats, marks, pages, and one French sentence when it cannot."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboard.api import application as module
from dashboard.api.parametres import LIMITE
from dashboard.api.reponses import Corps, Gardees
from dashboard.bootstrap import Application
from dashboard.domain.instantane import Semaine
from dashboard.espace import canonique
from dashboard.store.instantanes import Instantane, load_dernier_lot, note
from dashboard.store.moteur import Engine, open_moteur
from tests import mini
from tests.api.conftest import RACINE, serveur

VALEURS = f"{RACINE}/indicateurs/effectif/valeurs"


def test_the_values_are_those_of_the_store(client: TestClient) -> None:
    lues = client.get(f"{VALEURS}?maille=commune").json()
    assert {v["code"]: v["valeur"] for v in lues["valeurs"]} == {c: p for c, (_, _, p) in mini.COMMUNES.items()}
    assert (lues["unite"], lues["total"], lues["suivante"]) == ("hab.", 8, None)
    region = client.get(VALEURS).json()["valeurs"]
    assert [(v["code"], v["valeur"], v["periode"], v["fin"], v["completude"]) for v in region] == [
        (mini.REGION, 1000, "2023", "2023-12-31", 1)
    ]


def test_a_hidden_value_has_no_figure_in_any_format(client: TestClient) -> None:
    base = f"{RACINE}/indicateurs/effectif_secret/valeurs"
    cachees = [v for v in client.get(f"{base}?maille=epci").json()["valeurs"] if v["statut"] == "Q"]
    assert cachees
    assert all(v["valeur"] is None and v["confidentialite"] != "F" for v in cachees)
    lignes = list(csv.DictReader(io.StringIO(client.get(f"{base}?maille=epci&format=csv").text)))
    assert {x["code"] for x in lignes if x["statut"] == "Q" and x["valeur"] == ""} == {v["code"] for v in cachees}
    traits = client.get(f"{base}.geojson?maille=epci").json()["features"]
    assert {t["properties"]["code"] for t in traits if t["properties"]["valeur"] is None} == {
        v["code"] for v in cachees
    }


def test_periods_are_chosen_by_name_or_by_days(client: TestClient) -> None:
    def periodes(requete: str) -> list[tuple[str, float]]:
        lues = client.get(f"{RACINE}/indicateurs/taux_publie/valeurs{requete}").json()["valeurs"]
        return [(v["periode"], v["valeur"]) for v in lues]

    assert periodes("") == periodes("?periode=derniere") == [("2024", 41)]
    assert periodes("?periode=toutes") == [("2024", 41), ("2023", 30.5)]
    assert periodes("?periode=2023") == periodes("?fin=2023-12-31") == [("2023", 30.5)]
    assert periodes("?debut=2024-01-01") == [("2024", 41)]
    assert periodes(f"?territoire={mini.REGION}&maille=commune") == [("2024", 41)], "le territoire l'emporte"
    assert periodes("?periode=1950") == []


def test_a_record_says_what_a_reuser_must_know(client: TestClient) -> None:
    fiche = client.get(f"{RACINE}/indicateurs/taux_publie").json()
    assert (fiche["unite"], fiche["licence"], fiche["programme"]) == ("%", "Licence Ouverte 2.0", "programme")
    attendu = {"id": "essai", "nom": "Producteur d'essai", "sigle": "Essai", "url": None, "contact": None}
    assert fiche["producteur"] == attendu
    assert fiche["periodes"] == {"region": ["2024", "2023"], "departement": []}
    for lien in fiche["liens"].values():
        assert client.get(lien).status_code == 200


def test_every_link_of_the_home_answers(client: TestClient) -> None:
    assert client.get(RACINE).headers["location"] == f"{RACINE}/"
    for lien in client.get(f"{RACINE}/").json()["liens"].values():
        assert client.get(lien).status_code == 200, lien


def test_lists_are_searched_and_filtered(client: TestClient) -> None:
    def ids(requete: str) -> list[str]:
        return [i["id"] for i in client.get(f"{RACINE}/indicateurs?{requete}").json()["indicateurs"]]

    assert ids("q=PART+fictive") == ["part_fictive"]
    assert set(ids("programme=programme")) == set(ids("politique=politique")) == {"taux_publie", "centres_publies"}

    def codes(requete: str) -> list[str]:
        return [t["code"] for t in client.get(f"{RACINE}/territoires?{requete}").json()["territoires"]]

    assert codes("q=commune+98001") == ["COM-98001"]
    assert set(codes(f"parent={mini.SUD}&maille=epci")) == {mini.CHEVAL, mini.E3}, "un EPCI peut être à cheval"
    assert set(codes(f"parent={mini.E3}")) == {"COM-99002", "COM-99003"}
    assert len(codes("maille=commune")) == 8
    lieu = client.get(f"{RACINE}/territoires/COM-99001").json()
    assert (lieu["population"], lieu["parents"]) == (400, [mini.CHEVAL, mini.SUD, mini.REGION])
    derniers = client.get(f"{RACINE}/territoires/{mini.REGION}/valeurs").json()["valeurs"]
    assert [(v["periode"], v["valeur"]) for v in derniers if v["indicateur"] == "taux_publie"] == [("2024", 41)]


def test_pages_of_a_list_make_the_whole_list(client: TestClient) -> None:
    for forme in ("json", "csv"):
        codes, adresse = [], f"{VALEURS}?maille=commune&limite=3&format={forme}"
        while adresse:
            reponse = client.get(adresse)
            lignes = reponse.json()["valeurs"] if forme == "json" else csv.DictReader(io.StringIO(reponse.text))
            codes += [ligne["code"] for ligne in lignes]
            adresse = reponse.headers.get("link", "").partition(">")[0].removeprefix("<")
        assert codes == sorted(mini.COMMUNES)
    assert client.get(f"{VALEURS}?page=40").json()["valeurs"] == []


def test_the_format_is_asked_by_parameter_or_header(client: TestClient) -> None:
    for entetes, suffixe, attendu in (
        ({}, "", "application/json"), ({"accept": "text/csv"}, "", "text/csv"),
        ({"accept": "text/html,*/*;q=0.8"}, "", "application/json"),
        ({"accept": "text/csv;q=0.1, application/json"}, "", "application/json"),
        ({"accept": "application/json"}, "?format=csv", "text/csv"),
    ):  # fmt: skip
        assert client.get(f"{VALEURS}{suffixe}", headers=entetes).headers["content-type"].startswith(attendu)
    refus = client.get(VALEURS, headers={"accept": "image/png"})
    assert (refus.status_code, refus.headers["content-type"]) == (406, "application/problem+json")
    assert "image/png" in refus.json()["detail"]


def test_no_cell_of_a_csv_becomes_a_formula(client: TestClient, app: Application) -> None:
    indicateurs = tuple(
        i.model_copy(update={"libelle": "=1+1"}) if i.id == "effectif" else i for i in app.espace.indicateurs
    )
    piege = TestClient(serveur(replace(app, espace=app.espace.model_copy(update={"indicateurs": indicateurs}))))
    for adresse in (f"{RACINE}/indicateurs?format=csv", f"{RACINE}/territoires/{mini.REGION}/valeurs?format=csv"):
        lignes = list(csv.DictReader(io.StringIO(piege.get(adresse).text)))
        assert {x["libelle"] for x in lignes if "1+1" in x["libelle"]} == {"'=1+1"}


@pytest.mark.parametrize(
    ("adresse", "vide"),
    [("/indicateurs", "?q=absent"), ("/indicateurs/effectif/valeurs", "?periode=1950"), ("/territoires", "?q=zzzz"),
     (f"/territoires/{mini.REGION}/valeurs", "?page=9"), ("/programmes", "?page=9"), ("/semaines", "?page=9")],
)  # fmt: skip
def test_an_empty_csv_has_the_header_of_the_full_one(client: TestClient, adresse: str, vide: str) -> None:
    pleine, rien = (
        client.get(f"{RACINE}{adresse}{q}", headers={"accept": "text/csv"}).text.split("\r\n") for q in ("", vide)
    )
    assert rien == [pleine[0], ""]
    assert "liens" not in pleine[0]
    assert all("nan" not in ligne.lower().split(",") for ligne in pleine)


def test_contours_come_with_the_values_in_wgs_84(client: TestClient) -> None:
    carte = client.get(f"{VALEURS}.geojson?maille=commune")
    assert carte.headers["content-type"] == "application/geo+json"
    traits = carte.json()["features"]
    assert {t["properties"]["code"]: t["properties"]["valeur"] for t in traits} == {
        c: p for c, (_, _, p) in mini.COMMUNES.items()
    }
    longitude, latitude = traits[0]["geometry"]["coordinates"][0][0][0]
    assert (5 <= longitude <= 6, 47 <= latitude <= 48) == (True, True)


def test_an_unchanged_answer_is_not_sent_again_nor_read_again(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(serveur(app))
    premiere = client.get(VALEURS)
    assert premiere.headers["cache-control"] == "public, max-age=60, must-revalidate"
    monkeypatch.setattr("dashboard.api.valeurs.listes.load_page", lambda *_: pytest.fail("relu"))
    etag = premiere.headers["etag"]
    for marque in (etag, etag.removeprefix("W/"), f'"autre", {etag}'):
        reponse = client.get(VALEURS, headers={"if-none-match": marque})
        assert (reponse.status_code, reponse.content) == (304, b"")
        assert reponse.headers["etag"] == etag
    assert client.get(VALEURS, headers={"if-none-match": '"autre"'}).content == premiere.content
    assert client.get(VALEURS, headers={"accept-encoding": "identity"}).content == premiere.content
    assert client.head(VALEURS).headers["content-length"] == premiere.headers["content-length"]


def test_a_publication_is_seen_at_once_and_only_changes_what_it_changed(
    moteur_sqlite: Engine, espace_mini: Path, app: Application
) -> None:
    atelier = mini.Atelier.ouvre(moteur_sqlite, espace_mini)
    atelier.livre(*[mini.ligne(c, 1) for c in mini.COMMUNES])
    client = TestClient(serveur(replace(app, moteur=atelier.moteur, espace=atelier.espace, sources=atelier.sources)))
    avant, lieu = client.get(VALEURS), client.get(f"{RACINE}/territoires/{mini.REGION}")
    atelier.livre(*[mini.ligne(c, 2) for c in mini.COMMUNES])
    apres = client.get(VALEURS, headers={"if-none-match": avant.headers["etag"]})
    assert (avant.json()["valeurs"][0]["valeur"], apres.json()["valeurs"][0]["valeur"]) == (8, 16)
    marque = {"if-none-match": lieu.headers["etag"]}
    assert client.get(f"{RACINE}/territoires/{mini.REGION}", headers=marque).status_code == 304


@pytest.mark.parametrize(
    ("requete", "dit"),
    [("maille=canton", "region, departement, epci, commune"), ("limite=0", "de 1 à 10000"), ("limite=1e3", "entier"),
     ("page=%D9%A3", "entier"), ("periode=2023-13", "Forme attendue"), ("periode=2023-02-30", "2023-02-30"),
     ("periode=2023-2017", "2023-2017"), ("debut=2023-02-30", "jour du calendrier"), ("debut=hier", "2023-12-31"),
     ("debut=2024-01-01&fin=2023-01-01", "inversés"), ("maile=commune", "Paramètre « maile » inconnu"),
     ("maille=epci&maille=epci", "deux fois"), ("format=xml", "json, csv"),
     (f"territoire={'A' * 500}", "14 caractères"), ("territoire=COM-21231%0A", "DEP-21"), ("territoire=", "DEP-21")],
)  # fmt: skip
def test_a_wrong_parameter_is_refused_with_its_remedy(client: TestClient, requete: str, dit: str) -> None:
    refus = client.get(f"{VALEURS}?{requete}")
    assert (refus.status_code, refus.headers["content-type"]) == (400, "application/problem+json")
    corps = refus.json()
    assert set(corps) == {"type", "title", "status", "detail"}
    assert len(corps["detail"]) < 400
    assert dit in corps["detail"]
    assert refus.headers["cache-control"] == "no-store"


def test_reading_is_open_to_any_site_and_writing_is_not_admitted(client: TestClient) -> None:
    assert (
        client.get(VALEURS, headers={"origin": "https://ailleurs.exemple"}).headers["access-control-allow-origin"]
        == "*"
    )
    options = client.options(VALEURS)
    assert (options.status_code, options.headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")
    for methode in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        refus = client.request(methode, VALEURS)
        assert (refus.status_code, refus.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert refus.json()["status"] == 405
    assert "access-control-allow-credentials" not in client.get(VALEURS).headers


def test_a_store_that_does_not_answer_is_said_then_answers_again(app: Application, tmp_path: Path) -> None:
    absent = tmp_path / "absent.sqlite"
    sans = replace(app, moteur=open_moteur(f"sqlite:///{absent}"))
    client = TestClient(serveur(sans))
    panne = client.get(VALEURS)
    assert (panne.status_code, panne.headers["retry-after"]) == (503, "300")
    assert str(tmp_path) not in panne.text
    assert not absent.exists(), "rien n'est créé"
    assert client.get(f"{RACINE}/openapi.json").status_code == 200
    sans.moteur.dispose()


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    gardees = Gardees(1000)
    for n in range(50):
        gardees.range(n, Corps(bytes(60), bytes(40), "x", "m"))
    assert [n for n in range(50) if gardees.prend(n)] == list(range(40, 50))
    gardees.range("gros", Corps(bytes(300), b"", "x", "m"))
    assert gardees.prend("gros") is None
    assert LIMITE.schema["maximum"] == 10_000


def test_too_many_readings_at_once_are_refused_not_queued(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ATTENTE", 0)
    refus = TestClient(serveur(app)).get(VALEURS)
    assert (refus.status_code, refus.headers["retry-after"]) == (503, "1")


def test_a_published_week_is_read_again_with_its_figures_and_its_words(
    moteur_sqlite: Engine, espace_mini: Path, app: Application, tmp_path: Path
) -> None:
    atelier = mini.Atelier.ouvre(moteur_sqlite, espace_mini)
    atelier.livre(*[mini.ligne(c, 1) for c in mini.COMMUNES])
    with moteur_sqlite.connect() as connexion:
        lot = load_dernier_lot(connexion)
    alors = canonique(atelier.espace, atelier.sources)[0]
    semaine, quand = Semaine.lis("2026-W48"), datetime(2026, 11, 23, 4)
    for audience, s in (("public", semaine), ("interne", Semaine.lis("2026-W47"))):
        sceau = Instantane(s, audience, quand, date(2026, 11, 23), lot, alors, 0, "c", f"s{audience}", None)
        note(moteur_sqlite, mini.ECRIVAIN, [sceau])
    depuis = shutil.copytree(espace_mini, tmp_path / "depuis")
    fiche = depuis / "indicateurs" / "effectif.yml"
    fiche.write_text(fiche.read_text("utf-8").replace("hab.", "ménages"), "utf-8")
    atelier = mini.Atelier.ouvre(moteur_sqlite, depuis)
    atelier.livre(*[mini.ligne(c, 2) for c in mini.COMMUNES])
    client = TestClient(serveur(replace(app, moteur=moteur_sqlite, espace=atelier.espace, sources=atelier.sources)))
    assert [s["semaine"] for s in client.get(f"{RACINE}/semaines").json()["semaines"]] == ["2026-W48"]
    lues = [client.get(f"{VALEURS}{suite}").json() for suite in ("", "?semaine=2026-W48")]
    assert [(v["unite"], v["valeurs"][0]["valeur"]) for v in lues] == [("ménages", 16), ("hab.", 8)]
    lieu = client.get(f"{RACINE}/territoires/{mini.REGION}/valeurs?semaine=2026-W48").json()["valeurs"]
    assert [(v["indicateur"], v["unite"], v["valeur"]) for v in lieu] == [("effectif", "hab.", 8)]
    interne, absente = (client.get(f"{VALEURS}?semaine={s}") for s in ("2026-W47", "2026-W46"))
    assert (interne.status_code, interne.text) == (404, absente.text.replace("W46", "W47"))


def test_a_level_at_which_nothing_is_published_is_refused_with_those_that_are(client: TestClient) -> None:
    refus = client.get(f"{RACINE}/indicateurs/taux_publie/valeurs?maille=commune")
    assert refus.status_code == 400
    assert "« taux_publie » n'est pas publié par commune. Admises : region" in refus.json()["detail"]
