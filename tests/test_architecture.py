"""The direction of imports and the few rules that keep the house simple, read in the code itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[1]
RACINES = ("dashboard", "data_sources", "pages")
MODULES = sorted(f for d in RACINES for f in (RACINE / d).rglob("*.py"))
FICHIERS = [*MODULES, RACINE / "app.py", RACINE / "streamlit_app.py"]

PERMIS = {
    "dashboard/domain": {"dashboard.domain"},
    "dashboard/espace.py": {"dashboard.domain"},
    "dashboard/store": {"dashboard.domain", "dashboard.espace", "dashboard.store"},
    "dashboard/figures": {"dashboard.domain", "dashboard.figures"},
    "dashboard/access": {"dashboard.domain", "dashboard.store", "dashboard.reglages", "dashboard.access"},
    "dashboard/serving": {"dashboard.domain", "dashboard.serving"},
    "dashboard/api": {
        "dashboard.api", "dashboard.domain", "dashboard.exports.tableur", "dashboard.serving", "dashboard.espace",
        "dashboard.store.instantanes", "dashboard.store.listes", "dashboard.store.moteur", "dashboard.store.queries",
        "dashboard.store.visibilite",
    },
    "data_sources": {
        "data_sources", "dashboard.domain", "dashboard.espace", "dashboard.store.commands", "dashboard.store.reference",
        "dashboard.store.moteur", "dashboard.store.caches",
    },
    "dashboard/views": {"dashboard"},
    "pages": {"dashboard.views", "dashboard.figures", "dashboard.domain"},
}  # fmt: skip


def importes(fichier: Path) -> set[str]:
    """Every module a file imports, with the names taken from packages."""
    noms: set[str] = set()
    for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
        if isinstance(noeud, ast.Import):
            noms |= {a.name for a in noeud.names}
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            noms |= {f"{noeud.module}.{a.name}" for a in noeud.names}
        elif isinstance(noeud, ast.Call) and "import_module" in ast.unparse(noeud):
            noms |= {a.value for a in noeud.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return noms


def nom(fichier: Path) -> str:
    return fichier.relative_to(RACINE).as_posix()


@pytest.mark.parametrize("dossier", PERMIS)
def test_a_layer_imports_only_the_layers_below_it(dossier: str) -> None:
    siens = [f for f in FICHIERS if nom(f) == dossier or nom(f).startswith(f"{dossier}/")]
    assert siens, f"{dossier} : aucun fichier"
    for fichier in siens:
        notres = {i for i in importes(fichier) if i.split(".")[0] in ("dashboard", "data_sources", "pages")}
        interdits = {i for i in notres if not any(f"{i}.".startswith(f"{p}.") for p in PERMIS[dossier])}
        assert not interdits, f"{nom(fichier)} : {sorted(interdits)}"


def test_only_bootstrap_joins_the_sources_to_the_dashboard() -> None:
    # dashboard/taches.py is bootstrap's other half: the same wiring, run in the process of a task.
    permis = ("dashboard/bootstrap.py", "dashboard/taches.py")
    for fichier in FICHIERS:
        if not nom(fichier).startswith("data_sources") and nom(fichier) not in permis:
            assert not any(i.startswith("data_sources") for i in importes(fichier)), nom(fichier)


def test_streamlit_stays_at_the_edge() -> None:
    permis = ("app.py", "streamlit_app.py", "pages/", "dashboard/views/")
    for fichier in FICHIERS:
        if not nom(fichier).startswith(permis):
            assert not any(i.split(".")[0] in ("streamlit", "streamlit_folium") for i in importes(fichier)), nom(
                fichier
            )


def test_sqlalchemy_stays_in_the_store_and_the_sql_connector() -> None:
    for fichier in FICHIERS:
        if not nom(fichier).startswith(("dashboard/store/", "data_sources/connectors/sql.py")):
            assert not any(i.split(".")[0] in ("sqlalchemy", "alembic", "psycopg") for i in importes(fichier)), nom(
                fichier
            )


def test_html_is_written_in_one_module_only() -> None:
    for fichier in FICHIERS:
        texte = fichier.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in texte, nom(fichier)
        if nom(fichier) != "dashboard/views/html.py":
            assert "st.html(" not in texte, nom(fichier)


def test_the_session_is_touched_by_the_filters_only() -> None:
    # The map's click is left by st_folium in the session under the map's own key.
    permis = ("dashboard/views/filtres.py", "dashboard/views/carte_folium.py")
    for fichier in FICHIERS:
        if nom(fichier) not in permis:
            assert "session_state" not in fichier.read_text(encoding="utf-8"), nom(fichier)


def test_the_code_never_names_a_region() -> None:
    for fichier in FICHIERS:
        if nom(fichier).startswith("data_sources/bfc/"):
            continue
        texte = re.sub(r'"data_sources" / "bfc"|data_sources/bfc|data_sources", "bfc', "", fichier.read_text("utf-8"))
        trouve = re.search(r"\bBFC\b|Bourgogne|Dijon|Besançon|REG-27", texte)
        assert trouve is None, f"{nom(fichier)} : {trouve[0] if trouve else ''}"


def test_no_foreign_host_is_named_in_what_the_browser_runs() -> None:
    for fichier in (RACINE / "assets").iterdir():
        hotes = re.findall(r"https?://(?!www\.w3\.org/)[^\s\"')]+", fichier.read_text(encoding="utf-8"))
        assert not hotes, f"{fichier.name} : {hotes}"


def test_pages_stay_short_and_files_readable() -> None:
    for fichier in FICHIERS:
        lignes = len(fichier.read_text(encoding="utf-8").splitlines())
        # The verifier travels alone, in every package: it cannot be cut in two.
        seul = nom(fichier) == "dashboard/exports/verifie.py"
        limite = 60 if nom(fichier).startswith("pages/") else 340 if seul else 300
        assert lignes <= limite, f"{nom(fichier)} : {lignes} lignes"
