"""The static site of a snapshot: every figure is that of the Parquet, every link leads somewhere, nothing calls out."""

from __future__ import annotations

import csv
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dashboard import instantanes
from dashboard.domain.apports import Decision, Genre, Meteo, Signature, Synthese
from dashboard.domain.brouillon import Brouillon
from dashboard.domain.formatage import pourcentage
from dashboard.domain.indicateur import Acces
from dashboard.domain.phrases import valeur
from dashboard.exports.bulletin_partie import ecris_bulletin
from dashboard.exports.site_rendu import Page, Rendu, insecables, litteral
from dashboard.exports.site_scripts import arrondi
from dashboard.instantane_parties import Partie, site
from dashboard.store import apports
from tests import mini, paquets, sites

Cles = dict[tuple[str, str, str, str], Any]


@pytest.fixture(scope="module")
def reel(magasin_pret: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the committed espace, with its site alone."""
    return sites.paquet_reel(magasin_pret, tmp_path_factory)


@pytest.fixture(scope="module")
def petits(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The packages of the two audiences, on the tiny espace."""
    maison = paquets.installe(espace_mini, tmp_path_factory.mktemp("petits"))
    app = paquets.ouvre(maison)
    paquets.ecris(app, "programme", Acces.OUVERT, HOSTILE)
    for genre, mots in DITS:
        brouillon = Brouillon(genre, "programme", mini.REGION, mots, Signature("Directrice", "Essai"), Acces.OUVERT)
        apports.ecris(app.moteur, app.auteur, brouillon)
    yield {a: sites.paquet(app, a) for a in ("public", "interne")}
    app.moteur.dispose()


DITS = (
    (Genre.SYNTHESE, Synthese(meteo=Meteo.ORAGE, texte="Rien n'avance.")),
    (Genre.DECISION, Decision(titre="Arbitrer", echeance=date(2026, 12, 15), responsable="Bureau")),
)
HOSTILE = "<img src=x onerror=alert(1)> </script><script>alert(2)</script> {{ 7 * 7 }}"


def contenu(paquet: Path, cle: str) -> Any:
    """What a script of data hands over, and that it is nothing but one call."""
    texte = (paquet / "site" / "donnees" / f"{cle}.js").read_text("utf-8")
    tete = f"boussole.recoit({json.dumps(cle)},"
    assert texte.startswith(tete)
    assert texte.endswith(");\n")
    return json.loads(texte[len(tete) : -3])


@pytest.fixture(scope="module")
def parquet(reel: Path) -> Cles:
    """Every observation of the package: (indicateur, territoire, fin, frequence) -> (valeur, statut)."""
    table = pq.read_table(reel / "donnees" / "observations.parquet")
    colonnes = [table.column(c).to_pylist() for c in ("indicateur", "territoire")]
    fins = pc.strftime(table.column("fin"), "%Y-%m-%d").to_pylist()
    reste = [table.column(c).to_pylist() for c in ("frequence", "valeur", "statut")]
    return {(i, t, f, q): (v, s) for i, t, f, q, v, s in zip(*colonnes, fins, *reste, strict=True)}


def _attendue(parquet: Cles, cle: tuple[str, str, str, str], decimales: int) -> Any:
    v, statut = parquet.get(cle, (None, ""))
    return "s" if statut == "Q" else arrondi(v, decimales)


# ------------------------------------------------------------------------------------------------ figures


def test_every_figure_of_every_map_is_that_of_the_parquet(reel: Path, parquet: Cles) -> None:
    fichiers, compares = sorted((reel / "site" / "donnees" / "valeurs").rglob("*.js")), 0
    for fichier in fichiers:
        cle = fichier.relative_to(reel / "site" / "donnees").with_suffix("").as_posix()
        d, indicateur = contenu(reel, cle), fichier.stem
        assert len(d["codes"]) == len(d["valeurs"]) == len(d["chiffres"])
        for code, v, chiffre in zip(d["codes"], d["valeurs"], d["chiffres"], strict=True):
            attendue = _attendue(parquet, (indicateur, code, d["fin"], d["frequence"]), d["decimales"])
            assert ("s" if chiffre == "s" else v) == attendue, (cle, code)
            assert (chiffre == "m") == (attendue is None), (cle, code)
            compares += v is not None
        comptes = [d["chiffres"].count(str(r)) for r in range(len(d["palette"]))]
        assert (comptes, d["absents"], d["secrets"]) == (d["effectifs"], *map(d["chiffres"].count, "ms"))
    assert len(fichiers) > 60
    assert compares > 25_000


def test_every_figure_of_every_commune_is_that_of_the_parquet(reel: Path, parquet: Cles) -> None:
    vues = 0
    for fichier in sorted((reel / "site" / "donnees" / "communes").iterdir()):
        d = contenu(reel, f"communes/{fichier.stem}")
        for code, ligne in d["communes"].items():
            for i, v in zip(d["indicateurs"], ligne[2:], strict=True):
                assert v == _attendue(parquet, (i["id"], code, i["fin"], i["frequence"]), i["decimales"]), (code, i)
            vues += 1
        for code, ligne in d["reperes"].items():
            for i, v in zip(d["indicateurs"], ligne[1:], strict=True):
                assert v == _attendue(parquet, (i["id"], code, i["fin"], i["frequence"]), i["decimales"]), (code, i)
        assert fichier.stat().st_size < 100_000
    assert vues == 3_685


def test_every_value_of_the_indicator_pages_is_that_of_the_parquet(reel: Path, parquet: Cles) -> None:
    espace = json.loads((reel / "espace.json").read_bytes())["espace"]
    declares, vues = {i["id"]: i for i in espace["indicateurs"]}, 0
    for fichier in sorted((reel / "site" / "indicateurs").iterdir()):
        texte = fichier.read_text("utf-8")
        for fin, frequence, table in re.findall(
            r'data-fin="(.*?)" data-frequence="(.)">(.*?)</table>', texte, re.DOTALL
        ):
            for code, montree in re.findall(CASE, table):
                lue = parquet.get((fichier.stem, code, fin, frequence), (None, ""))
                assert montree == _montre(declares[fichier.stem], *lue), (fichier.stem, code)
                vues += 1
    assert vues > 300


CASE = r'territoires/((?:REG|DEP)-\w+)\.html">[^<]*</a></th><td class="b-num" data-titre="Valeur">([^<]*)<'


def _montre(declare: Mapping[str, Any], v: float | None, statut: str) -> str:
    class Lu:
        unite, decimales = declare["unite"], declare["decimales"]

    return valeur(Lu(), v, secret=statut == "Q")  # type: ignore[arg-type]


def test_every_programme_of_the_home_stands_where_the_results_say(reel: Path) -> None:
    accueil = (reel / "site" / "index.html").read_text("utf-8")
    with (reel / "donnees" / "etats.csv").open(encoding="utf-8", newline="") as f:
        etats = [e for e in csv.DictReader(f) if e["territoire"].startswith("REG-")]
    assert len(etats) == 27
    for e in etats:
        (ligne,) = re.findall(rf"<tr>(?:(?!<tr>).)*?programmes/{e['programme']}\.html.*?</tr>", accueil, re.DOTALL)
        texte = re.search(r'class="b-chiffre">([^<]*)<', ligne)
        assert (texte[1] if texte else "") == (pourcentage(float(e["taux"]), 0) if e["taux"] else "")
        attendu = re.search(r'b-second">\s/\s?([^<]*)</span></td>', ligne)
        assert bool(attendu) == bool(e["attendu"] and e["taux"]), e


# ------------------------------------------------------------------------------------------------ pages


class _Lu(HTMLParser):
    """Addresses, identifiers and what is forbidden in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.adresses: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.interdits: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for nom, v in attrs:
            if nom in ("href", "src", "action"):
                self.adresses.append((tag, v or ""))
            if nom == "id":
                self.ids.append(v or "")
            if nom == "style" or nom.startswith("on"):
                self.interdits.append(f"{tag} {nom}")
        if tag == "script" and not dict(attrs).get("src"):
            self.interdits.append("script sans src")
        if tag in ("iframe", "object", "embed", "style", "base"):
            self.interdits.append(tag)


def lis(fichier: Path) -> _Lu:
    lu = _Lu()
    lu.feed(fichier.read_text("utf-8"))
    return lu


def test_every_link_of_the_site_leads_to_a_file_and_to_a_place_in_it(reel: Path) -> None:
    racine, lues = reel / "site", {}
    for page in sorted(racine.rglob("*.html")):
        lues[page] = lis(page)
    for page, lu in lues.items():
        assert len(lu.ids) == len(set(lu.ids)), page
        for _, adresse in lu.adresses:
            morceaux = urlsplit(adresse)
            if morceaux.scheme:
                continue
            cible = (page.parent / unquote(morceaux.path)).resolve() if morceaux.path else page
            if not cible.is_relative_to(racine):  # what other parts of the package make
                assert cible.relative_to(reel).parts[0] in DU_PAQUET, adresse
                continue
            assert cible.is_file(), f"{page.name} : {adresse}"
            if morceaux.fragment and cible.name not in ("territoire.html", "carte.html"):
                assert morceaux.fragment in lues[cible].ids, f"{page.name} : {adresse}"


DU_PAQUET = {
    "donnees", "portraits", "rapport.pdf", "synthese.xlsx", "carte.gpkg", "datapackage.json", "SEAL.json",
    "MANIFEST.sha256", "verifie.py", "version.json", "bulletin.html",
}  # fmt: skip


def test_no_page_holds_a_handler_a_style_or_another_host(reel: Path) -> None:
    for page in sorted((reel / "site").rglob("*.html")):
        lu = lis(page)
        assert lu.interdits == [], page
        dehors = [(t, a) for t, a in lu.adresses if urlsplit(a).scheme or a.startswith("//")]
        assert all(t == "a" and a.startswith(("https://", "http://")) for t, a in dehors), (page, dehors)
        texte = page.read_text("utf-8")
        assert texte.startswith('<!DOCTYPE html>\n<html lang="fr">'), page
        assert "Content-Security-Policy" in texte, page
        assert texte.count("<h1") == 1, page
    for fichier in (reel / "site" / "actifs").iterdir():
        if fichier.suffix in (".js", ".css", ".svg"):
            hotes = re.findall(r"https?://(?!www\.w3\.org/)[^\s\"')]+", fichier.read_text("utf-8"))
            assert not hotes, fichier
            assert "innerHTML" not in fichier.read_text("utf-8"), fichier


def test_the_home_weighs_less_than_300_kilobytes_with_all_it_loads(reel: Path) -> None:
    racine, style = reel / "site", (reel / "site" / "actifs" / "site.css").read_text("utf-8")
    chargees = {a for t, a in lis(racine / "index.html").adresses if t in ("img", "link", "script")}
    chargees |= {f"actifs/{p}" for p in re.findall(r'url\("([^"]+)"\)', style)}
    assert sum((racine / a).stat().st_size for a in ("index.html", *chargees)) < 300_000


def test_each_territory_above_the_commune_and_each_programme_has_its_page(reel: Path) -> None:
    site_ = reel / "site"
    with (reel / "donnees" / "territoires.csv").open(encoding="utf-8", newline="") as f:
        codes = {t["code"] for t in csv.DictReader(f) if t["maille"] != "commune"}
    assert {f.stem for f in (site_ / "territoires").iterdir()} == codes
    assert len(codes) == 125
    with (reel / "donnees" / "programmes.csv").open(encoding="utf-8", newline="") as f:
        assert {p["id"] for p in csv.DictReader(f)} == {f.stem for f in (site_ / "programmes").iterdir()}
    cherche = contenu(reel, "recherche")
    assert len(cherche["communes"]) == 3_685
    assert {t[0] for t in cherche["territoires"]} == codes


def test_the_home_says_what_the_bulletin_says(espace_mini: Path, tmp_path: Path) -> None:
    maison = paquets.installe(espace_mini, tmp_path / "maison")
    app = paquets.ouvre(maison)
    parties = (Partie("bulletin", ecris_bulletin), Partie("site", site))
    chemin = instantanes.cree(app, maintenant=paquets.SEMAINES["2026-W48"], parties=parties).chemin
    app.moteur.dispose()
    phrase = "".join(t for t, _ in json.loads((chemin / "bulletin.json").read_bytes())["phrase"])
    accueil = re.sub(r"<[^>]+>", "", (chemin / "site" / "index.html").read_text("utf-8"))
    assert insecables(phrase) in html.unescape(accueil)


# ------------------------------------------------------------------------------------------------ readers


def test_the_public_site_says_nothing_that_its_readers_may_not_see(petits: dict[str, Path]) -> None:
    caches = (paquets.INTERDIT, "effectif_interne", "resultat_interne", "Programme fermé", "Mots interne")
    for secret in caches:
        vus = {a: secret in _textes(p) for a, p in petits.items()}
        assert vus == {"public": False, "interne": True}, secret


def test_the_internal_site_says_that_it_is_not_to_be_shared(petits: dict[str, Path]) -> None:
    vus = {a: "à ne pas diffuser" in (p / "site" / "index.html").read_text("utf-8") for a, p in petits.items()}
    assert vus == {"public": False, "interne": True}


def test_a_secret_value_is_said_secret_and_has_no_figure(petits: dict[str, Path]) -> None:
    d = contenu(petits["public"], "valeurs/epci/effectif_secret")
    assert d["secrets"] == d["chiffres"].count("s") > 0
    assert all(v is None for v, c in zip(d["valeurs"], d["chiffres"], strict=True) if c == "s")


def test_the_words_of_who_answers_for_a_programme_are_shown_and_signed(petits: dict[str, Path]) -> None:
    site_ = petits["public"] / "site"
    page = (site_ / "programmes" / "programme.html").read_text("utf-8")
    for mots in ("Rien n'avance.", "Orage", "Arbitrer", "à prendre", "15 déc. 2026", "Directrice, Essai"):
        assert mots in page.replace("&#39;", "'"), mots
    assert 'alt="météo\u00a0: orage"' in (site_ / "index.html").read_text("utf-8")


def test_hostile_words_stay_words(petits: dict[str, Path]) -> None:
    page = petits["public"] / "site" / "programmes" / "programme.html"
    texte = page.read_text("utf-8")
    assert lis(page).interdits == []
    assert "<script>alert" not in texte
    assert "&lt;img src=x onerror=alert(1)&gt;" in texte
    assert "{{ 7 * 7 }}" in texte
    assert litteral("</script><!--\u2028") == '"\\u003c/script>\\u003c!--\\u2028"'


def test_the_same_snapshot_gives_the_same_bytes(petits: dict[str, Path], tmp_path: Path) -> None:
    autre = instantanes_de_nouveau(petits["public"], tmp_path)
    assert _empreintes(autre) == _empreintes(petits["public"])


def instantanes_de_nouveau(paquet: Path, ou: Path) -> Path:
    """The same store, snapshotted again in another home."""
    maison = paquet.parents[1]
    with paquets.copie(maison, ou / "maison") as app:
        ancien = instantanes.dossier(app.reglages, "public")
        for f in sorted(ancien.rglob("*"), reverse=True):
            f.unlink() if f.is_file() else f.rmdir()
        return sites.paquet(app)


def _empreintes(paquet: Path) -> dict[str, str]:
    racine = paquet / "site"
    fichiers = sorted(f for f in racine.rglob("*") if f.is_file())
    return {f.relative_to(racine).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in fichiers}


def _textes(paquet: Path) -> str:
    fichiers = (f for f in (paquet / "site").rglob("*") if f.suffix in (".html", ".js"))
    return "\n".join(f.read_text("utf-8") for f in fichiers)


@pytest.mark.parametrize(
    ("v", "decimales", "rond"),
    [(0.05, 1, 0.1), (2.5, 0, 3), (-2.5, 0, -3), (-0.04, 1, 0.0), (1234.0, 0, 1234), (None, 1, None)],
)
def test_a_figure_is_rounded_as_it_is_shown(v: float | None, decimales: int, rond: float | None) -> None:
    assert arrondi(v, decimales) == rond
    assert str(arrondi(-0.04, 1)) == "0.0"


def test_a_page_never_hides_what_every_page_says(tmp_path: Path) -> None:
    rendu = Rendu(tmp_path, {"semaine": "2026-W48"})
    with pytest.raises(ValueError, match="« semaine » est déjà dit"):
        rendu.page(Page("a.html", "recherche.html", "A", "", {"semaine": "2026-W01"}))


def test_french_signs_never_begin_a_line() -> None:
    assert insecables("Voir « ici » : oui ; non ?") == "Voir «\u00a0ici\u00a0»\u00a0: oui\u00a0; non\u00a0?"
