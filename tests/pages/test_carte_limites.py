"""What a map does with figures that no map likes: what it says, and what it sends to be drawn. Invented figures."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboard import bootstrap
from dashboard.figures.carte import ValeursExactes
from dashboard.reglages import lis_reglages
from tests import mini
from tests.figures.test_carte import decode, lit
from tests.mini import COMMUNES, ligne
from tests.pages.conftest import Ecran, Ouvre

CODES = sorted(COMMUNES)
SERIES: dict[str, list[float | None]] = {
    "uniforme": [12.0] * 8,
    "absent": [None] * 8,
    "negatif": [-30.0, -20.0, -12.0, -5.0, -1.0, 2.0, 8.0, 15.0],
    "etendu": [0.001, 0.05, 2.0, 90.0, 4_000.0, 150_000.0, 3_000_000.0, 10_000_000.0],
    "troue": [1.0, 2.0, None, 4.0, 5.0, None, 7.0, 8.0],
    "nord_seul": [1.0, 2.0, None, 4.0, None, None, None, None],
    "solde": [-1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0, -8.0],
}
DECIMALES = {"etendu": 3}


def _declare(nom: str) -> dict[str, Any]:
    modele = next(i for i in mini.INDICATEURS if i["id"] == "part_fictive")
    champs = {"id": nom, "libelle": f"Essai {nom}", "libelle_court": nom, "decimales": DECIMALES.get(nom, 1)}
    if nom == "solde":
        champs |= {"unite": "hab.", "decimales": 0, "carte": {"cercles": True}}
    return {**modele, **champs, "agregation": "aucune", "mailles": ["region", "epci", "commune"]}


@pytest.fixture(scope="module")
def magasin(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    dossier = tmp_path_factory.mktemp("limites")
    espace = mini.dessine(Path(shutil.copytree(espace_mini, dossier / "espace")))
    for nom in SERIES:
        (espace / "indicateurs" / f"{nom}.yml").write_text(yaml.safe_dump(_declare(nom)), encoding="utf-8")
    env = {"BOUSSOLE_HOME": str(dossier), "BOUSSOLE_ESPACE": str(espace)}
    app = bootstrap.ouvre(lis_reglages({**env, "BOUSSOLE_PROFIL": "agent"}))
    list(bootstrap.rafraichit(app))
    lignes = [ligne(c, p) for c, (_, _, p) in COMMUNES.items()]
    lignes += [ligne(c, 777, indicateur="effectif_interne") for c in COMMUNES]
    lignes += [ligne(c, indicateur="part_secrete", numerateur=7, denominateur=20, n_unites=1) for c in COMMUNES]
    for nom, valeurs in SERIES.items():
        lignes += [ligne(c, v, indicateur=nom) for c, v in zip(CODES, valeurs, strict=True) if v is not None]
    lignes.append(ligne(mini.E1, 3.0, indicateur="absent"))  # published, but not by commune
    assert mini.Atelier(app.moteur, app.espace, app.sources, espace).livre(*lignes).etat == "publie"
    app.moteur.dispose()
    return env


@pytest.fixture
def public(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin: dict[str, str]) -> Ouvre:
    return ouvre_avec(magasin)


def envoyee(ecran: Ecran) -> dict[str, Any]:
    """The content that the map's frame receives."""
    cadre = next(e for e in ecran.elements if "boussole.peint" in str(getattr(e, "proto", "")))
    arguments = json.loads(cadre.proto.json_args)
    peint = re.search(r"boussole\.peint\('(.*?)'\)", arguments["feature_group"])
    assert peint
    return lit(peint[1])


def dessinees(ecran: Ecran) -> dict[str, tuple[str, float | None]]:
    """Class, or special digit, and value of each commune, as the browser reads them."""
    return dict(zip(CODES, decode(ValeursExactes(**envoyee(ecran)["exactes"])), strict=True))


def test_one_single_value_everywhere_is_one_class_and_one_sentence(public: Ouvre) -> None:
    ecran = public("carte", indicateur="uniforme", maille="commune").sains()
    assert "12,0 % partout où une valeur est publiée" in ecran.texte
    assert "12,0 % partout 8" in ecran.texte
    assert len(envoyee(ecran)["palette"]) == 1
    assert set(dessinees(ecran).values()) == {("0", 12.0)}


def test_a_scale_without_any_value_says_so_and_draws_nothing(public: Ouvre) -> None:
    ecran = public("carte", indicateur="absent", maille="commune").sains()
    assert "Aucune valeur publiée pour cet indicateur. Son producteur doit la fournir" in ecran.texte
    assert [e for e in ecran.elements if e.type == "component_instance"] == []
    assert "3,0 %" in public("carte", indicateur="absent", maille="epci").sains().texte


def test_a_hole_is_hatched_beside_its_neighbours(public: Ouvre) -> None:
    ecran = public("carte", indicateur="troue", maille="commune").sains()
    lues = dessinees(ecran)
    assert [c for c, (classe, _) in lues.items() if classe == "m"] == [CODES[2], CODES[5]]
    assert "Donnée absente 2" in ecran.texte


def test_negative_rates_keep_their_sign_and_order(public: Ouvre) -> None:
    ecran = public("carte", indicateur="negatif", maille="commune").sains()
    assert "De −30,0 % (Commune 98001) à 15,0 % (Commune 99004)" in ecran.texte
    assert "moins de −16,8 %" in ecran.texte
    lues = dessinees(ecran)
    assert [v for _, v in lues.values()] == SERIES["negatif"]
    assert [c for c, _ in lues.values()] == sorted(c for c, _ in lues.values())


def test_counts_all_negative_have_no_circle_and_say_it(public: Ouvre) -> None:
    ecran = public("carte", indicateur="solde", maille="commune").sains()
    assert "8 sans cercle (zéro ou moins)" in ecran.texte
    assert "0 hab. 0 hab." not in ecran.texte
    assert envoyee(ecran)["cercles"]["maximum"] == 0


def test_ten_orders_of_magnitude_are_read_without_useless_digits(public: Ouvre) -> None:
    ecran = public("carte", indicateur="etendu", maille="commune").sains()
    assert "De 0,001 % (Commune 98001) à 10 000 000,000 % (Commune 99004)" in ecran.texte
    assert "1 860 000 % et plus" in ecran.texte
    assert "moins de 0,830 %" in ecran.texte
    assert [v for _, v in dessinees(ecran).values()] == SERIES["etendu"]


def test_a_map_all_secret_is_dotted_and_holds_no_figure(public: Ouvre) -> None:
    """7 out of 20 was received everywhere: 35 %."""
    ecran = public("carte", indicateur="part_secrete", maille="commune").sains()
    assert "Toutes les valeurs de « Essai part_secrete » sont couvertes par le secret à ce niveau." in ecran.texte
    assert "Secret statistique 8" in ecran.texte
    assert "35" not in ecran.texte
    assert set(dessinees(ecran).values()) == {("s", None)}
    table = public("carte", indicateur="part_secrete", maille="commune", vue="tableau").sains().essai.dataframe[0].value
    assert set(table["État"]) == {"secret statistique"}


def test_the_map_of_a_restricted_indicator_does_not_exist_for_the_public(
    public: Ouvre, ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin: dict[str, str]
) -> None:
    for demande in ({"indicateur": "effectif_interne"}, {"indicateur": "negatif", "comparer": "effectif_interne"}):
        ecran = public("carte", maille="commune", **demande).sains()
        assert "« effectif_interne »" in ecran.avertissements[0]
        assert "n'existe pas" in ecran.avertissements[0]
        assert "777" not in ecran.texte
    agent = ouvre_avec({**magasin, "BOUSSOLE_PROFIL": "agent"})
    assert "777 hab." in agent("carte", indicateur="effectif_interne", maille="commune").sains().texte


def test_classes_of_the_framed_territory_are_cut_on_its_values_alone(public: Ouvre) -> None:
    cadree = {"indicateur": "troue", "maille": "commune", "territoire": mini.SUD, "zoom": "1"}
    region = public("carte", **cadree).sains()
    assert "Classes et effectifs de toute la région." in region.texte
    ecran = public("carte", **cadree, classes="cadre").sains()
    assert "Nombre de communes par classe (Sud). Autour, les mêmes couleurs, plus pâles." in ecran.texte
    assert "8 % et plus 1 7 à 8 % 1 moins de 7 % 1 Donnée absente 1" in ecran.texte
    lues = dessinees(ecran)
    assert [lues[c][0] for c in CODES if c.startswith("COM-99")] == ["0", "m", "1", "2"]
    assert lues["COM-98001"] == ("0", 1.0)


def test_classes_of_a_frame_change_nothing_without_one(public: Ouvre) -> None:
    ailleurs = public("carte", indicateur="troue", maille="commune", classes="cadre").sains()
    assert ailleurs.avertissements == []
    assert "7 % et plus 2" in ailleurs.texte


def test_a_frame_where_all_is_missing_is_hatched_and_keeps_the_classes_of_the_region(public: Ouvre) -> None:
    cadre = {"territoire": mini.CHEVAL, "zoom": "1", "classes": "cadre"}
    ecran = public("carte", indicateur="nord_seul", maille="commune", **cadre).sains()
    assert "Aucune valeur publiée pour « Essai nord_seul » à ce niveau." in ecran.texte
    assert "Classes et effectifs de toute la région." in ecran.texte
    assert "Donnée absente 5" in ecran.texte
    lues = dessinees(ecran)
    assert {lues[c] for c in ("COM-98004", "COM-99001")} == {("m", None)}


def test_a_background_that_this_server_does_not_declare_is_told_and_never_sent(public: Ouvre) -> None:
    ecran = public("carte", indicateur="negatif", maille="commune", fond="1").sains()
    assert ecran.avertissements == ["Ce serveur ne propose pas de fond de carte ; voici la carte sans lui."]
    assert "fond" not in envoyee(ecran)
    assert "fond" not in ecran.essai.query_params


def test_a_declared_background_is_sent_only_to_the_reader_who_asks(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin: dict[str, str]
) -> None:
    ouvre = ouvre_avec({**magasin, "BOUSSOLE_FOND_DE_CARTE": "geoplateforme"})
    assert "fond" not in envoyee(ouvre("carte", indicateur="negatif", maille="commune").sains())
    assert envoyee(ouvre("carte", indicateur="negatif", maille="commune", fond="1").sains())["fond"].startswith(
        "https://data.geopf.fr/wmts?"
    )
