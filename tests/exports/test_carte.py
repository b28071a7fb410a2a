"""A map that leaves the screen: one HTML file that asks nothing of anyone, an SVG, a PNG; nothing secret in any."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.exports.carte_html import CONTOURS, GEOMETRIE, Ressources, carte_html
from dashboard.exports.image import en_png
from dashboard.figures.carte import RAYON_MAXIMAL, Cercles, ContenuCarte, encode_valeurs
from dashboard.figures.carte_svg import Projection, bornes, carte_svg
from dashboard.figures.cartouche import Cartouche, Entree
from dashboard.serving.assets import texte_actif
from dashboard.views.carte_fichiers import SCRIPTS, STYLES

PALETTE = ("#D7E5EF", "#9CBDD4", "#598EB1")
SVG = "{http://www.w3.org/2000/svg}"


def carre(code: str, nom: str, x: float) -> dict[str, object]:
    anneau = [[x, 47.0], [x + 1, 47.0], [x + 1, 48.0], [x, 48.0], [x, 47.0]]
    return {"type": "Feature", "properties": {"code": code, "nom": nom},
            "geometry": {"type": "Polygon", "coordinates": [anneau]}}  # fmt: skip


PLACES = {
    "type": "FeatureCollection",
    "features": [carre(f"COM-9800{i}", f"Lieu <{i}>", float(i)) for i in range(4)],
}
BORDS = {"type": "FeatureCollection", "features": [carre("DEP-98", "Nord", 0.0)]}
VALEURS = [1.0, 5.0, 987654.0, float("nan")]
CARTOUCHE = Cartouche(
    "Taux <b>d'essai</b>, 2023", "De 1 à 5 & plus.", "Taux, en %", "Seuils ronds.",
    (Entree("5 % et plus", "1", "#9CBDD4"), Entree("Donnée absente", "1", motif="m"),
     Entree("Secret statistique", "1", motif="s")),
    ("Source : essai </script><script>alert(1)</script>.", "Arrêté au 23 novembre 2026."),
)  # fmt: skip
TABLE = pd.DataFrame({"Code": ["COM-98000", "COM-98001"], "Commune": ["Lieu <0>", None], "Taux (%)": [1.5, None]})


def contenu(**autres: object) -> ContenuCarte:
    exactes = encode_valeurs("01sm", VALEURS, 0, "%")
    return ContenuCarte("Titre", "/g", "01sm", PALETTE, ("a", "b", "c"), "/c", exactes, **autres)  # type: ignore[arg-type]


def page() -> str:
    fonds = {GEOMETRIE: json.dumps(PLACES).encode(), CONTOURS: json.dumps(BORDS).encode()}
    ressources = Ressources(tuple(map(texte_actif, SCRIPTS)), tuple(map(texte_actif, STYLES)), fonds)
    return carte_html(contenu(), CARTOUCHE, TABLE, ressources).decode()


def svg(**autres: object) -> str:
    return carte_svg(contenu(**autres), CARTOUCHE, PLACES, BORDS, VALEURS)


def test_the_page_names_no_other_host_and_refuses_them_all() -> None:
    texte = page()
    assert "default-src 'none'" in texte
    charges = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"([^\"]+)", texte)
    assert [c for c in charges if not c.startswith("data:")] == []
    assert "url(" not in re.sub(r"<script>.*?</script>", "", texte, flags=re.DOTALL)
    assert "sourceMappingURL" not in texte


def test_nothing_from_outside_becomes_markup() -> None:
    texte = page()
    assert "<b>d'essai</b>" not in texte
    assert "alert(1)</script>" not in texte
    assert "Lieu &lt;0&gt;" in texte
    assert texte.count("<script>") == texte.count("</script>") == len(SCRIPTS) + 1


def test_the_page_holds_legend_sources_date_and_the_table() -> None:
    texte = page()
    for attendu in ("5 % et plus", "Secret statistique", "Arrêté au 23 novembre 2026.", "COM-98000", "<td>1,5</td>"):
        assert attendu in texte


def test_a_secret_value_is_in_none_of_the_files() -> None:
    """Its figure is given to the map of this test, and must stop there."""
    assert "987654" not in page()
    assert "987654" not in svg()
    sans = replace(contenu(), exactes=encode_valeurs("01sm", [1.0, 5.0, None, None], 0, "%"))
    assert contenu().comprime() == sans.comprime()


def test_the_same_map_is_the_same_file() -> None:
    assert page() == page()
    assert svg() == svg()


def test_the_drawing_is_well_formed_and_says_what_it_is() -> None:
    racine = ET.fromstring(svg())
    assert racine.findtext(f"{SVG}title") == CARTOUCHE.titre
    textes = " ".join(t.text or "" for t in racine.iter(f"{SVG}text"))
    for attendu in ("Taux <b>d'essai</b>, 2023", "De 1 à 5 & plus.", "Taux, en %", "Arrêté au 23 novembre 2026."):
        assert attendu in textes


def test_each_class_has_its_colour_and_what_has_no_value_its_pattern() -> None:
    fonds = [p.get("fill") for p in ET.fromstring(svg()).iter(f"{SVG}path")]
    assert {"#D7E5EF", "#9CBDD4", "url(#s)", "url(#m)"} <= set(fonds)


def test_names_selection_and_frame_are_drawn_when_asked() -> None:
    sans, avec = svg(), svg(noms=("COM-98001",), choisis=("COM-98000",), cadre=(0.0, 47.0, 2.0, 48.0), limite="DEP-98")
    assert "Lieu &lt;1&gt;" in avec
    assert "Lieu &lt;1&gt;" not in sans
    assert 'stroke-width="2.4"' in avec
    assert avec.count('stroke-width="3"') > sans.count('stroke-width="3"')


def test_what_surrounds_the_framed_territory_is_paler() -> None:
    assert "fill-opacity" not in svg(limite=None)
    assert svg(limite="DEP-98").count('fill-opacity="0.5"') == 1
    assert "fill-opacity" not in svg(limite="DEP-00")


def test_circles_have_the_area_of_their_value() -> None:
    racine = ET.fromstring(carte_svg(
        contenu(cercles=Cercles(RAYON_MAXIMAL, 100.0)), CARTOUCHE, PLACES, BORDS, [100.0, 25.0, 98.0, float("nan")]
    ))  # fmt: skip
    rayons = [float(c.get("r", 0)) for c in racine.iter(f"{SVG}circle")]
    assert [r for r in rayons if r > 1] == [RAYON_MAXIMAL, RAYON_MAXIMAL / 2]


def test_a_territory_keeps_its_proportions() -> None:
    """One degree of longitude is shorter than one of latitude, by the cosine of the latitude."""
    projette = Projection.sur(bornes(PLACES))
    (x0, y0), (x1, y1) = projette([[0, 48], [1, 47]]).tolist()
    assert (x1 - x0) / (y1 - y0) == pytest.approx(0.6756, abs=0.001)
    assert (x0, y0) == (0, 0)


def test_the_drawing_becomes_an_image_without_a_browser() -> None:
    image = en_png(svg())
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    largeur = int.from_bytes(image[16:20], "big")
    assert largeur == 1800
    assert len(zlib.compress(image)) > 5_000
