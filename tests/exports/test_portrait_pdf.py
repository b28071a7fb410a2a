"""The portrait as a file: its figures are those of the store, everybody can read it, and it never changes by itself."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from dashboard import portraits
from dashboard.bootstrap import Application, ouvre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.instantane import empreinte_courte
from dashboard.domain.phrases import valeur
from dashboard.exports.code_qr import cachet_instantane
from dashboard.exports.portrait_pdf import Imprimeur, empreinte
from dashboard.reglages import lis_reglages
from dashboard.store import queries

ARRETE = date(2026, 11, 23)
PARTIEL, SECRET = "EPCI-200070332", "EPCI-200067668"
CODES = ["REG-27", "DEP-58", "EPCI-242100410", PARTIEL, SECRET, "COM-39368", "COM-21231"]
HOSTILE = '#panic("x") *gras* $x$ `a` [b] <c> \\u{41} </text><script>'


@pytest.fixture(scope="module")
def donnees(bfc: Application) -> dict[str, dict[str, Any]]:
    return dict(portraits.donnees(bfc, CODES, ARRETE))


@pytest.fixture(scope="module")
def imprimes(donnees: dict[str, dict[str, Any]]) -> dict[str, bytes]:
    imprimeur = Imprimeur()
    return {code: imprimeur.pdf(contenu) for code, contenu in donnees.items()}


def lu(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def plat(texte: str) -> str:
    return re.sub(r"\s+", " ", texte)


def mots(pdf: bytes) -> str:
    return plat(" ".join(p.extract_text() for p in lu(pdf).pages))


def structure(objet: Any, vus: set[int] | None = None) -> Iterator[DictionaryObject]:
    """Every element of the tags."""
    vus = set() if vus is None else vus
    objet = objet.get_object() if hasattr(objet, "get_object") else objet
    if isinstance(objet, list):
        for enfant in objet:
            yield from structure(enfant, vus)
    elif isinstance(objet, DictionaryObject) and id(objet) not in vus:
        vus.add(id(objet))
        if "/S" in objet:
            yield objet
        if "/K" in objet:
            yield from structure(objet["/K"], vus)


@pytest.mark.parametrize("code", CODES)
def test_a_portrait_is_tagged_french_titled_and_of_four_pages_at_most(
    code: str, imprimes: dict[str, bytes], donnees: dict[str, dict[str, Any]]
) -> None:
    lecteur = lu(imprimes[code])
    racine: Any = lecteur.trailer["/Root"]
    assert 2 <= len(lecteur.pages) <= 4
    assert racine["/Lang"].startswith("fr")
    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"]
    assert lecteur.metadata is not None
    assert lecteur.metadata.title == f"{donnees[code]['titre']} : portrait de territoire"
    assert lecteur.metadata["/CreationDate"].startswith("D:20261123")
    assert all(round(float(p.mediabox.width)) == 595 and round(float(p.mediabox.height)) == 842 for p in lecteur.pages)


@pytest.mark.parametrize("code", ["REG-27", "EPCI-242100410", "COM-39368"])
def test_every_figure_has_its_words_and_tables_their_headers(code: str, imprimes: dict[str, bytes]) -> None:
    elements = list(structure(lu(imprimes[code]).trailer["/Root"]["/StructTreeRoot"]))  # type: ignore[index]
    figures = [e for e in elements if e["/S"] == "/Figure"]
    assert len(figures) >= 2
    assert all(str(f.get("/Alt", "")).strip() for f in figures)
    genres = {str(e["/S"]) for e in elements}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= genres


def test_only_the_fonts_that_come_with_the_composer_are_used(imprimes: dict[str, bytes]) -> None:
    polices = set()
    for page in lu(imprimes["REG-27"]).pages:
        for police in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            polices.add(str(police.get_object()["/BaseFont"]).split("+")[-1])
    assert polices
    assert all(p.startswith("LibertinusSerif") for p in polices), polices


@pytest.mark.parametrize("code", ["REG-27", "DEP-58", "EPCI-242100410", PARTIEL, "COM-39368", "COM-21231"])
def test_the_figures_are_those_of_the_store(code: str, bfc: Application, imprimes: dict[str, bytes]) -> None:
    suivis: list[Indicateur] = [i for i in bfc.espace.indicateurs if i.id in bfc.espace.vitrine.cartes]
    with bfc.moteur.connect() as connexion:
        places = queries.list_territoires(connexion).set_index("code")
        series = queries.load_series(connexion, bfc.lecteur, [i.id for i in suivis], [int(places.at[code, "id"])])
    texte = mots(imprimes[code])
    for declare in suivis:
        derniere = series[series["indicateur"] == declare.id].iloc[-1]
        assert plat(valeur(declare, float(derniere["valeur"]))) in texte, declare.id


def test_known_figures_of_a_metropole_and_of_what_contains_it(imprimes: dict[str, bytes]) -> None:
    texte = mots(imprimes["EPCI-242100410"])
    for attendu in ("261 178 hab.", "49,4 %", "45,2 à 53,5", "non distinguable", "2 802 670", "Arrêté au 23 nov. 2026",
                    "2026-W48", "Complétude : 13 indicateurs", "INSEE", "Licence Ouverte 2.0"):  # fmt: skip
        assert attendu in texte, attendu


def test_a_merged_commune_has_its_whole_population(imprimes: dict[str, bytes]) -> None:
    assert "5 032 hab." in mots(imprimes["COM-39368"])


def test_the_same_data_give_the_same_bytes(donnees: dict[str, dict[str, Any]], imprimes: dict[str, bytes]) -> None:
    assert Imprimeur().pdf(donnees["COM-39368"]) == imprimes["COM-39368"]


def test_the_same_store_gives_the_same_data_alone_or_among_others(
    bfc: Application, donnees: dict[str, dict[str, Any]]
) -> None:
    ((_, seul),) = portraits.donnees(bfc, ["EPCI-242100410"], ARRETE)
    assert empreinte(seul) == empreinte(donnees["EPCI-242100410"])


def test_the_fingerprint_stands_in_the_file(donnees: dict[str, dict[str, Any]], imprimes: dict[str, bytes]) -> None:
    assert empreinte(donnees["DEP-58"]).encode() in imprimes["DEP-58"]
    assert empreinte(donnees["REG-27"]).encode() not in imprimes["DEP-58"]


@pytest.mark.parametrize("code", ["REG-27", "EPCI-242100410", "COM-21231"])
def test_a_portrait_made_on_demand_says_so_with_the_fingerprint_of_its_own_data(
    code: str, donnees: dict[str, dict[str, Any]], imprimes: dict[str, bytes]
) -> None:
    sienne = empreinte(donnees[code]).removeprefix("boussole-")
    mention = f"Hors instantané, empreinte {empreinte_courte(sienne)}."
    assert all(mention in plat(page.extract_text()) for page in lu(imprimes[code]).pages)
    elements = structure(lu(imprimes[code]).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    alts = [str(e.get("/Alt", "")) for e in elements if e["/S"] == "/Figure"]
    assert f"Code QR : « Boussole hors instantané données {sienne} »." in alts


def test_a_portrait_of_a_package_carries_its_week_and_its_whole_digest(donnees: dict[str, dict[str, Any]]) -> None:
    cachet = cachet_instantane("2026-W48.r2", "interne", "3f2a91bc" * 8)
    pdf = Imprimeur().pdf(donnees["DEP-58"], cachet)
    assert pdf == Imprimeur().pdf(donnees["DEP-58"], cachet)
    assert "Instantané 2026-W48.r2, empreinte 3f2a 91bc 3f2a." in mots(pdf)
    assert "Hors instantané" not in mots(pdf)
    elements = structure(lu(pdf).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    assert f"Code QR : « {cachet.texte} »." in [str(e.get("/Alt", "")) for e in elements]


def test_a_hidden_value_is_said_so_and_nothing_around_it_betrays_it(
    donnees: dict[str, dict[str, Any]], imprimes: dict[str, bytes]
) -> None:
    lignes = {x["libelle"]: x for x in donnees[SECRET]["comparaison"]["lignes"]}
    for libelle in ("Femmes maires", "Âge des maires"):
        ligne = lignes[libelle]
        assert ligne["valeur"] == "s."
        assert (ligne["intervalle"], ligne["ecart"], ligne["rang"], ligne["place"]) == ("", "", "", None)
        assert not any(libelle.lower() in json.dumps(c).lower() for c in donnees[SECRET]["contrastes"]["groupes"])
    texte = mots(imprimes[SECRET])
    assert "Femmes maires mars 2026 s." in texte
    assert "2 secrets" in texte


def test_a_territory_that_goes_beyond_the_region_says_so_on_every_page(imprimes: dict[str, bytes]) -> None:
    for page in lu(imprimes[PARTIEL]).pages:
        assert "Partie régionale : 3 communes sur 63." in plat(page.extract_text())


def test_programmes_of_a_small_territory_are_those_of_its_departement_and_it_is_said(
    imprimes: dict[str, bytes],
) -> None:
    assert "voici ceux du département Jura" in mots(imprimes["COM-39368"])
    assert "voici ceux" not in mots(imprimes["DEP-58"])
    assert "Maisons de santé" in mots(imprimes["COM-39368"])


def test_programmes_have_their_drawings_in_a_departement_and_the_region(imprimes: dict[str, bytes]) -> None:
    for code in ("REG-27", "DEP-58"):
        assert "Programme par programme" in mots(imprimes[code])
        assert "DITP, déc. 2023" in mots(imprimes[code])
    assert "Programme par programme" not in mots(imprimes["COM-21231"])


def hostile(x: Any) -> Any:
    """The same data whose every text tries to be more than text; drawings and colours stay drawings and colours."""
    if isinstance(x, dict):
        gardes = ("formes", "teintes", "textes_teintes", "couleurs", "teinte", "svg", "nuance", "code")
        return {c: v if c in gardes else hostile(v) for c, v in x.items()}
    if isinstance(x, list | tuple):
        return [hostile(v) for v in x]
    return HOSTILE if isinstance(x, str) and x else x


def test_a_hostile_label_stays_text(donnees: dict[str, dict[str, Any]]) -> None:
    pdf = Imprimeur().pdf(hostile(donnees["COM-21231"]))
    assert mots(pdf).replace(" ", "").count(plat(HOSTILE).replace(" ", "")) > 20


@pytest.mark.parametrize("jour", [date(2000, 1, 1), date(2019, 6, 30), date(2099, 12, 31)])
def test_a_portrait_can_be_made_at_any_date(bfc: Application, jour: date) -> None:
    codes, imprimeur = ["REG-27", "DEP-58", SECRET, "COM-39368"], Imprimeur()
    for code, contenu in portraits.donnees(bfc, codes, jour):
        assert 2 <= len(lu(imprimeur.pdf(contenu)).pages) <= 4, code


def test_what_is_later_than_the_date_is_not_known(bfc: Application) -> None:
    ((_, contenu),) = portraits.donnees(bfc, ["DEP-58"], date(2019, 6, 30))
    annees = [int(x["date"][-4:]) for x in contenu["comparaison"]["lignes"] if x["date"]]
    assert max(annees) <= 2019
    assert {x["libelle"]: x["valeur"] for x in contenu["comparaison"]["lignes"]}["Évolution 2017-2023"] == "n.d."


def test_the_second_espace_has_its_portraits_too(magasin_corse: dict[str, str]) -> None:
    app = ouvre(lis_reglages(magasin_corse))
    with app.moteur.connect() as connexion:
        places = queries.list_territoires(connexion)
    codes = [str(c) for c in places.groupby("maille")["code"].first()]
    imprimeur = Imprimeur()
    for code, contenu in portraits.donnees(app, codes, ARRETE):
        assert contenu["titre"] in mots(imprimeur.pdf(contenu)), code
    app.moteur.dispose()
