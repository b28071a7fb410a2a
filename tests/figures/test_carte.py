"""The map's content: classes and exact values in a few KB, nothing secret, nothing from another host."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from folium import FeatureGroup, Map
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.carte import (
    RAYON_MAXIMAL,
    Bibliotheque,
    Cercles,
    ContenuCarte,
    ValeursExactes,
    couche_de_valeurs,
    dessin_pastille,
    encode_valeurs,
    fond_de_carte,
    pastille,
    rayon,
)

BIBLIOTHEQUE = Bibliotheque(("/actifs/leaflet.js",), ("/actifs/leaflet.css",))
PALETTE = ("#D7E5EF", "#9CBDD4", "#598EB1", "#275F86", "#0C3654")


def _octets(texte: str) -> bytes:
    return zlib.decompress(base64.b64decode(texte))


def lit(contenu: str) -> dict[str, object]:
    """What the browser reads from a content."""
    champs: dict[str, object] = json.loads(_octets(contenu))
    return champs


def decode(exactes: ValeursExactes) -> list[tuple[str, float | None]]:
    """The same reading as assets/lecture.js: (class or special digit, value)."""
    plans = np.frombuffer(_octets(exactes.texte), dtype=np.uint8).reshape(exactes.octets, -1).astype(np.int64)
    return [_paire(exactes, int(rang)) for rang in sum(plan << 8 * i for i, plan in enumerate(plans))]  # type: ignore[union-attr]


def _paire(exactes: ValeursExactes, rang: int) -> tuple[str, float | None]:
    if rang < 3:
        return "msn"[rang], None
    classe = max(c for c, base in enumerate(exactes.bases) if rang >= base)
    return str(classe), (rang - exactes.bases[classe] + exactes.minimums[classe]) / 10**exactes.decimales


def contenu(chiffres: str, **autres: object) -> ContenuCarte:
    return ContenuCarte("Titre", "/actifs/g.geojson", chiffres, PALETTE, ("a", "b", "c", "d", "e"), **autres)  # type: ignore[arg-type]


def test_values_come_back_as_displayed_with_their_class() -> None:
    exactes = encode_valeurs("0m1s2n", [-3.25, None, 0.04, 7.0, 12.349, None], 1, "%", signe=True)
    assert decode(exactes) == [("0", -3.3), ("m", None), ("1", 0.0), ("s", None), ("2", 12.3), ("n", None)]


def test_the_digits_of_a_class_never_come_from_the_rounded_value() -> None:
    """4.96 is in the class under 5 and shows 5.0: class and text both stay true."""
    assert decode(encode_valeurs("01", [4.96, 5.01], 1)) == [("0", 5.0), ("1", 5.0)]


@given(
    st.lists(st.tuples(st.sampled_from("012345678msn"), st.integers(-200_000, 1_000_000)), max_size=60),
    st.integers(0, 2),
)
def test_every_value_survives_the_trip(paires: list[tuple[str, int]], decimales: int) -> None:
    valeurs = [entier / 10**decimales for _, entier in paires]
    exactes = encode_valeurs("".join(c for c, _ in paires), valeurs, decimales)
    attendu = [(c, None if c in "msn" else v) for (c, _), v in zip(paires, valeurs, strict=True)]
    assert decode(exactes) == attendu


def test_a_secret_or_missing_value_never_leaves() -> None:
    avec = encode_valeurs("0s0m", [1.0, 987654.0, 2.0, 123456.0], 0)
    sans = encode_valeurs("0s0m", [1.0, None, 2.0, None], 0)
    assert avec == sans


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="2 classes pour 3 valeurs"):
        encode_valeurs("01", [1.0, 2.0, 3.0], 0)


def test_3685_rates_fit_in_a_map_change() -> None:
    alea = np.random.default_rng(2026)
    valeurs = alea.normal(0, 8, 3685)
    chiffres = "".join(map(str, np.searchsorted([-10, -5, 5, 10], valeurs)))
    comprime = contenu(chiffres, exactes=encode_valeurs(chiffres, valeurs.tolist(), 1)).comprime()
    assert len(comprime) < 7_500
    assert lit(comprime)["exactes"] is not None


def test_values_too_many_for_the_budget_leave_their_classes() -> None:
    valeurs = np.random.default_rng(2026).uniform(0, 15_000_000, 4_000)
    chiffres = "".join(map(str, np.searchsorted([3e6, 6e6, 9e6, 12e6], valeurs)))
    champs = lit(contenu(chiffres, exactes=encode_valeurs(chiffres, valeurs.tolist(), 0)).comprime())
    assert champs["exactes"] is None
    assert champs["chiffres"] == chiffres
    assert champs["libelles"] == ["a", "b", "c", "d", "e"]


def test_circles_always_keep_their_values() -> None:
    valeurs = np.random.default_rng(2026).uniform(0, 15_000_000, 6_000).tolist()
    exactes = encode_valeurs("0" * 6_000, valeurs, 0)
    champs = lit(contenu("0" * 6_000, exactes=exactes, cercles=Cercles(RAYON_MAXIMAL, 15e6)).comprime())
    assert champs["exactes"] is not None


def test_areas_of_circles_are_proportional_to_values() -> None:
    assert rayon(100, 100) == RAYON_MAXIMAL
    assert rayon(25, 100) == RAYON_MAXIMAL / 2
    assert rayon(0, 100) == rayon(5, 0) == 0


def test_the_text_of_a_content_survives_templates() -> None:
    """jinja renders a folium layer twice, st_folium rewrites what follows an underscore."""
    for graine in range(30):
        valeurs = np.random.default_rng(graine).integers(0, 1_000_000, 200).astype(float).tolist()
        texte = contenu("0" * 200, exactes=encode_valeurs("0" * 200, valeurs, 0)).comprime()
        assert not re.search(r"[{}_`'\"\\]", texte)


def test_the_base_map_never_varies_and_names_our_host_only() -> None:
    cartes = [fond_de_carte(BIBLIOTHEQUE) for _ in range(2)]
    scripts = {re.sub(r"_[0-9a-f]{32}", "", _script(carte)) for carte in cartes}
    assert len(scripts) == 1
    liens = [url for carte in cartes for _, url in [*carte.default_js, *carte.default_css]]
    assert all(url.startswith("/actifs/") for url in liens)
    assert "http" not in scripts.pop()


def _script(carte: Map) -> str:
    return str(carte._template.module.script(carte))


def test_a_new_content_only_changes_the_layer() -> None:
    groupe = couche_de_valeurs(contenu("0123"))
    assert isinstance(groupe, FeatureGroup)
    (peinture,) = groupe._children.values()
    assert lit(vars(peinture)["contenu"])["chiffres"] == "0123"


@pytest.mark.parametrize("chiffre", ["m", "s", "n"])
def test_legend_swatches_of_what_has_no_class_are_images_in_the_page(chiffre: str) -> None:
    entete, donnees = pastille(chiffre).split(",", 1)
    assert entete == "data:image/svg+xml;base64"
    assert "<pattern" in base64.b64decode(donnees).decode()
    servie = Path(__file__).resolve().parents[2] / "assets" / f"motif_{chiffre}.svg"
    assert servie.read_text(encoding="utf-8").strip() == dessin_pastille(chiffre)


def test_ten_orders_of_magnitude_are_read_back_exactly() -> None:
    """More than three bytes a value when they are needed, and only then."""
    valeurs = [0.001, 12.5, 98_765.432, 7_654_321_098.765]
    classes = "0011"
    exactes = encode_valeurs(classes, valeurs, 3)
    assert exactes.octets > 3
    plans = np.frombuffer(_octets(exactes.texte), dtype=np.uint8).reshape(exactes.octets, -1).astype(int)
    rangs = sum(plan * 256**poids for poids, plan in enumerate(plans))
    assert [_paire(exactes, int(r)) for r in rangs] == list(zip(classes, valeurs, strict=True))
    assert encode_valeurs("0123", [1, 2, 3, 4], 0).octets == 3


def test_values_that_no_browser_counts_exactly_are_refused() -> None:
    with pytest.raises(ValueError, match="trop étendues"):
        encode_valeurs("00", [0.0, 1e12], 4)
    with pytest.raises(ValueError, match="trop étendues"):
        encode_valeurs("00", [0.0, 1e30], 0)


def test_what_is_not_asked_weighs_nothing() -> None:
    champs = lit(contenu("0123").comprime())
    assert not {"cadre", "limite", "choisis", "noms", "jumelle"} & set(champs)
    demande = lit(contenu("0123", noms=("COM-98001",), cadre=(1.0, 2.0, 3.0, 4.0), jumelle=True).comprime())
    assert (demande["noms"], demande["cadre"], demande["jumelle"]) == (["COM-98001"], [1.0, 2.0, 3.0, 4.0], True)
