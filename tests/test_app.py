"""The server outside the pages: headers, policy, assets, geometry, compression, health."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Message, Scope
from streamlit.runtime.pages_manager import PagesManager

from dashboard.instantanes import InstantaneRefuse
from dashboard.reglages import FONDS_DE_CARTE
from dashboard.serving.alertes import Demande, Producteur
from dashboard.serving.assets import charge_actifs, url_actif
from dashboard.serving.entetes import empreinte_csp, empreintes_des_scripts
from dashboard.serving.fond import FONDS
from dashboard.serving.geometrie import fichier_geometrie
from dashboard.serving.instantanes import Archives
from dashboard.serving.montage import middleware, routes
from dashboard.serving.page_html import PageEnFrancais, en_francais
from dashboard.serving.sante import Controle

STATIQUE = Path(st.__file__).parent / "static"
SCRIPT = "boussole.monte(map_div);"
COLLECTION = b'{"type":"FeatureCollection","features":[]}'
TOUT_VA = (Controle("magasin", True, "Le magasin répond."),)


@dataclass(frozen=True)
class Reponse:
    statut: int
    entetes: dict[str, str]
    corps: bytes


def demande(app: Starlette, chemin: str, **entetes: str) -> Reponse:
    """GET without a client library: the path goes to the application exactly as written.

    In a thread of its own, because the browser's driver keeps a loop running in the main one.
    """
    with ThreadPoolExecutor(max_workers=1) as fil:
        return fil.submit(lambda: asyncio.run(_demande(app, chemin, entetes))).result()


async def _demande(app: Starlette, chemin: str, entetes: dict[str, str]) -> Reponse:
    recus: list[Message] = []
    chemin, _, requete = chemin.partition("?")
    noms = [(nom.replace("_", "-").encode(), valeur.encode()) for nom, valeur in entetes.items()]
    scope: Scope = {
        "type": "http", "method": "GET", "path": chemin, "raw_path": chemin.encode(),
        "query_string": requete.encode(),
        "headers": [(b"host", b"testserver"), *noms], "http_version": "1.1", "scheme": "http",
        "server": ("testserver", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip

    async def recoit() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def envoie(message: Message) -> None:
        recus.append(message)

    await app(scope, recoit, envoie)
    corps = b"".join(m.get("body", b"") for m in recus[1:])
    return Reponse(recus[0]["status"], {k.decode(): v.decode() for k, v in recus[0]["headers"]}, corps)


@pytest.fixture
def espace(tmp_path: Path) -> Path:
    dossier = tmp_path / "reference" / "geometrie"
    dossier.mkdir(parents=True)
    (dossier / "commune_legere.geojson.gz").write_bytes(gzip.compress(COLLECTION, mtime=0))
    (tmp_path / "espace.yml").write_text("secret de l'espace", encoding="utf-8")
    return tmp_path


def rien(_demande: Demande) -> bytes:
    """A feed without anything."""
    return b"<feed/>"


def aucun(_base: str) -> bytes:
    """A feed of bulletins without any."""
    return b"<feed/>"


def introuvable(audience: str, semaine: str) -> Path:
    """A home without any package."""
    raise InstantaneRefuse(f"Instantané {audience} {semaine} introuvable.")


def application(
    espace: Path,
    controles: Sequence[Controle] = TOUT_VA,
    alertes: Producteur = rien,
    bulletins: Callable[[str], bytes] = aucun,
    archives: Archives = introuvable,
    fond: str | None = None,
) -> Starlette:
    """Our routes and middleware around what Streamlit would serve."""

    async def page(_requete: Request) -> Response:
        return HTMLResponse((STATIQUE / "index.html").read_text(encoding="utf-8"))

    return Starlette(
        routes=[
            *routes(espace, lambda: controles, alertes, bulletins, archives),
            Route("/component/{reste:path}", page),
            Route("/{reste:path}", page),
        ],
        middleware=[
            *middleware(STATIQUE, lambda: SCRIPT, agent=False, fond=fond),
            Middleware(GZipMiddleware, minimum_size=500),  # as Streamlit adds inside ours
        ],
    )


def directives(reponse: Reponse) -> dict[str, list[str]]:
    morceaux = (d.split() for d in reponse.entetes["content-security-policy"].split(";"))
    return {nom: sources for nom, *sources in morceaux}


# --- headers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("chemin", ["/", "/carte", "/sante", "/pret", "/actifs/absent.js", "/component/x/index.html"])
def test_every_answer_carries_the_security_headers(espace: Path, chemin: str) -> None:
    entetes = demande(application(espace), chemin).entetes
    assert entetes["x-content-type-options"] == "nosniff"
    assert entetes["x-frame-options"] == "SAMEORIGIN"
    assert entetes["referrer-policy"] == "same-origin"
    assert entetes["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in entetes["permissions-policy"]
    assert entetes["content-security-policy"].startswith("default-src 'self';")


def test_the_policy_names_no_host_and_no_joker(espace: Path) -> None:
    politique = directives(demande(application(espace), "/"))
    sources = {source for liste in politique.values() for source in liste}
    admises = {
        "'self'",
        "'none'",
        "'unsafe-inline'",
        "data:",
        "blob:",
        *empreintes_des_scripts(STATIQUE / "index.html"),
    }
    assert sources == admises


def test_scripts_are_our_files_and_the_one_known_inline_script(espace: Path) -> None:
    politique = directives(demande(application(espace), "/carte"))
    assert politique["script-src"] == ["'self'", *empreintes_des_scripts(STATIQUE / "index.html")]
    assert politique["object-src"] == ["'none'"]
    assert politique["frame-ancestors"] == ["'self'"]


def test_eval_is_allowed_under_component_only(espace: Path) -> None:
    app = application(espace)
    assert directives(demande(app, "/component/x/index.html"))["script-src"] == [
        "'self'", "'unsafe-eval'", empreinte_csp(SCRIPT),
    ]  # fmt: skip
    for chemin in ("/", "/carte", "/composant", "/static/component/x.js", "/actifs/component/x"):
        assert "unsafe-eval" not in demande(app, chemin).entetes["content-security-policy"]


def test_a_declared_background_adds_its_host_to_the_images_of_the_map_frame_alone(espace: Path) -> None:
    sans, avec = application(espace), application(espace, fond="geoplateforme")
    cadre = "/component/x/index.html"
    assert directives(demande(avec, cadre))["img-src"] == ["https://data.geopf.fr", "'self'", "data:", "blob:"]
    autres = {nom: sources for nom, sources in directives(demande(avec, cadre)).items() if nom != "img-src"}
    assert autres == {nom: s for nom, s in directives(demande(sans, cadre)).items() if nom != "img-src"}
    for chemin in ("/", "/carte", "/sante", "/actifs/absent.js"):
        assert directives(demande(avec, chemin)) == directives(demande(sans, chemin))


@pytest.mark.parametrize("fond", [None, "", "openstreetmap", "https://tuiles.exemple.fr", "*"])
def test_no_other_background_ever_enters_the_policy(espace: Path, fond: str | None) -> None:
    for chemin in ("/", "/component/x/index.html"):
        assert directives(demande(application(espace, fond=fond), chemin))["img-src"] == ["'self'", "data:", "blob:"]


def test_every_background_that_a_setting_admits_is_declared_with_one_host() -> None:
    assert set(FONDS_DE_CARTE) == set(FONDS)
    assert all(urlsplit(f.tuiles)[:2] == ("https", f.hote) for f in FONDS.values())


def test_the_hash_of_an_inline_script_is_the_one_browsers_compute() -> None:
    # Value of the example in the CSP level 2 recommendation, section 7.17.1.
    assert empreinte_csp("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepte", ["gzip", "identity"])
def test_the_page_is_in_french_and_runs_our_script_first(espace: Path, accepte: str) -> None:
    reponse = demande(application(espace), "/carte", accept_encoding=accepte)
    corps = gzip.decompress(reponse.corps) if accepte == "gzip" else reponse.corps
    page = corps.decode("utf-8")
    assert '<html lang="fr">' in page
    assert "<title>Boussole</title>" in page
    assert "You need to enable JavaScript" not in page
    assert page.index(url_actif("avant.js")) < page.index("<script>")
    assert int(reponse.entetes["content-length"]) == len(reponse.corps)
    assert "etag" not in reponse.entetes


def test_component_frames_are_in_french_without_our_page_script() -> None:
    page = '<html lang="en" style=""><head><title>Streamlit Folium Component</title></head></html>'
    attendu = '<html lang="fr" style=""><head><title>Carte</title></head></html>'
    assert en_francais(page) == attendu
    assert en_francais(attendu) == attendu


@pytest.mark.parametrize("chemin", ["/catalogue.html", "/api/v1/docs"])
def test_a_page_of_ours_leaves_as_it_is_written(chemin: str) -> None:
    corps = '<html lang="fr"><head><title>À nous</title></head><body></body></html>'
    route = Route(chemin, lambda _: HTMLResponse(corps, headers={"ETag": '"1"'}))
    reponse = demande(Starlette(routes=[route], middleware=[Middleware(PageEnFrancais, script="/x.js")]), chemin)
    assert reponse.corps.decode() == corps
    assert reponse.entetes["etag"] == '"1"'


def test_our_style_sheet_comes_after_those_of_streamlit() -> None:
    page = en_francais("<head><style>a</style></head><body><div></div></body>", style="/actifs/1/style.css")
    assert page == (
        '<head><style>a</style></head><body><link rel="stylesheet" href="/actifs/1/style.css"><div></div></body>'
    )


def test_the_older_automatic_menu_of_streamlit_is_off() -> None:
    __import__("app")
    assert PagesManager.uses_pages_directory is False


# --- assets --------------------------------------------------------------------------------------


def test_leaflet_and_our_scripts_are_served_for_a_year_under_a_url_that_names_them(espace: Path) -> None:
    for nom in ("leaflet.js", "leaflet.css", "carte.js", "lecture.js", "carte.css", "avant.js"):
        reponse = demande(application(espace), url_actif(nom), accept_encoding="gzip")
        assert (reponse.statut, reponse.entetes["content-encoding"]) == (200, "gzip")
        assert "immutable" in reponse.entetes["cache-control"]
        assert gzip.decompress(reponse.corps) == charge_actifs().par_url[url_actif(nom)].contenu


def test_bundles_of_streamlit_are_gzipped_once_and_whole(espace: Path) -> None:
    paquet = max((STATIQUE / "static" / "js").glob("index.*.js"), key=lambda p: p.stat().st_size)
    app = application(espace)
    reponse = demande(app, f"/static/js/{paquet.name}", accept_encoding="gzip, br")
    assert reponse.entetes["content-encoding"] == "gzip"
    assert reponse.entetes["vary"] == "Accept-Encoding"
    assert gzip.decompress(reponse.corps) == paquet.read_bytes()
    assert len(reponse.corps) < 0.5 * paquet.stat().st_size


@pytest.mark.parametrize(
    "chemin",
    [
        "/actifs/", "/actifs/leaflet", "/actifs/../app.py", "/actifs/..%2fapp.py", "/actifs/0000000000000000/carte.js",
        "/actifs/leaflet/../../app.py", "/actifs//etc/passwd", "/actifs/geometrie", "/actifs/carte.js",
    ],
)  # fmt: skip
def test_an_unknown_asset_is_not_found(espace: Path, chemin: str) -> None:
    reponse = demande(application(espace), chemin)
    assert (reponse.statut, reponse.corps.decode()) == (404, "Fichier introuvable.")


# --- geometry ------------------------------------------------------------------------------------


def test_geometry_is_sent_as_stored_gzipped(espace: Path) -> None:
    url = fichier_geometrie(espace, "commune").url
    reponse = demande(application(espace), url, accept_encoding="gzip")
    assert reponse.entetes["content-type"] == "application/geo+json"
    assert reponse.entetes["content-encoding"] == "gzip"
    assert "immutable" in reponse.entetes["cache-control"]
    assert gzip.decompress(reponse.corps) == COLLECTION
    assert demande(application(espace), url).corps == COLLECTION


def test_a_new_geometry_has_a_new_url_and_the_old_one_is_gone(espace: Path) -> None:
    app = application(espace)
    avant = fichier_geometrie(espace, "commune")
    avant.chemin.write_bytes(gzip.compress(b'{"type":"FeatureCollection","features":[{}]}', mtime=0))
    apres = fichier_geometrie(espace, "commune")
    assert avant.url != apres.url
    assert demande(app, avant.url).statut == 404
    assert demande(app, apres.url).statut == 200


@pytest.mark.parametrize(
    "fin",
    [
        "canton_legere.geojson", "commune_moyenne.geojson", "commune_legere.geojson.gz", "../../espace.yml",
        "../geometrie/commune_legere.geojson", "commune_legere.geojson/", "epci_legere.geojson",
    ],
)  # fmt: skip
def test_only_known_mailles_and_versions_are_looked_up(espace: Path, fin: str) -> None:
    empreinte = fichier_geometrie(espace, "commune").empreinte
    reponse = demande(application(espace), f"/actifs/geometrie/{empreinte}/{fin}")
    assert reponse.statut == 404
    assert b"secret" not in reponse.corps


def test_asking_for_a_missing_geometry_says_what_to_do(espace: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Reconstruire le référentiel"):
        fichier_geometrie(espace, "epci")
    with pytest.raises(ValueError, match=r"'canton_legere' inconnue\. Mailles : region"):
        fichier_geometrie(espace, "canton")


# --- health --------------------------------------------------------------------------------------


def test_alive_even_when_nothing_is_ready(espace: Path) -> None:
    app = application(espace, [Controle("magasin", False, "Le magasin ne répond pas.")])
    assert demande(app, "/sante").corps == b"ok"
    reponse = demande(app, "/pret")
    assert reponse.statut == 503
    assert json.loads(reponse.corps) == {
        "pret": False,
        "controles": {"magasin": {"ok": False, "message": "Le magasin ne répond pas."}},
    }


def test_ready_when_every_check_passes(espace: Path) -> None:
    reponse = demande(application(espace), "/pret")
    assert (reponse.statut, json.loads(reponse.corps)["pret"]) == (200, True)
    assert reponse.entetes["cache-control"] == "no-store"


def test_not_ready_without_any_check(espace: Path) -> None:
    assert demande(application(espace, []), "/pret").statut == 503


def test_a_check_that_breaks_gives_an_answer_without_its_secret(espace: Path) -> None:
    def casse() -> Sequence[Controle]:
        raise RuntimeError("postgresql://boussole:motdepasse@base/boussole")

    app = Starlette(routes=routes(espace, casse, rien, aucun, introuvable))
    reponse = demande(app, "/pret")
    assert reponse.statut == 503
    assert b"RuntimeError" in reponse.corps
    assert b"motdepasse" not in reponse.corps


# --- the feed of bulletins -----------------------------------------------------------------------


def test_the_bulletins_are_an_atom_feed_that_is_not_sent_twice(espace: Path) -> None:
    app = application(espace, bulletins=lambda base: f"<feed>{base}</feed>".encode())
    reponse = demande(app, "/bulletins.atom")
    assert reponse.statut == 200
    assert reponse.entetes["content-type"] == "application/atom+xml; charset=utf-8"
    assert reponse.corps.endswith(b"/</feed>")
    assert demande(app, "/bulletins.atom", **{"if-none-match": reponse.entetes["etag"]}).statut == 304


def test_bulletins_that_cannot_be_read_are_one_sentence_without_the_cause(espace: Path) -> None:
    def casse(_base: str) -> bytes:
        raise RuntimeError("postgresql://boussole:motdepasse@base/boussole")

    reponse = demande(application(espace, bulletins=casse), "/bulletins.atom")
    assert reponse.statut == 503
    assert b"motdepasse" not in reponse.corps
    assert "ne peuvent pas être lus".encode() in reponse.corps


# --- what is made once for the whole process, and gzip ------------------------------------------


@pytest.mark.parametrize(
    ("entete", "accepte"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("br, gzip ; q=0.00, deflate", False),
        ("br", False),
    ],
)
def test_gzip_is_sent_to_who_names_it_without_refusing_it(espace: Path, entete: str, accepte: bool) -> None:
    url = fichier_geometrie(espace, "commune").url
    reponse = demande(application(espace), url, accept_encoding=entete)
    assert (reponse.entetes.get("content-encoding") == "gzip") is accepte
    assert (gzip.decompress(reponse.corps) if accepte else reponse.corps) == COLLECTION


def test_what_limits_or_keeps_is_made_once_for_the_whole_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUSSOLE_ADRESSE", "127.0.0.1")  # the module sets it
    monkeypatch.setattr(PagesManager, "uses_pages_directory", PagesManager.uses_pages_directory)
    serveur = import_module("app")
    serveur._unique.cache_clear()
    faits: list[str] = []

    def fabrique(nom: str, rendu: object) -> Callable[[], Callable[..., object]]:
        def fais() -> Callable[..., object]:
            faits.append(nom)
            return lambda *_: rendu

        return fais

    monkeypatch.setattr("dashboard.pilotage.Flux", fabrique("flux", b"<feed/>"))
    monkeypatch.setattr("dashboard.archives.Archives", fabrique("archives", Path("a.zip")))
    for _ in range(3):
        assert serveur.flux_alertes(Demande((), None, (), "http://testserver/")) == b"<feed/>"
        assert serveur.archives("public", "2026-W48") == Path("a.zip")
    serveur._unique.cache_clear()
    assert sorted(faits) == ["archives", "flux"]
