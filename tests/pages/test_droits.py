"""Who reads decides what is on the page; an espace that puts nothing forward still opens. Invented figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dashboard import bootstrap
from dashboard.reglages import lis_reglages
from tests import mini
from tests.mini import COMMUNES, cible, ligne
from tests.pages.conftest import Ouvre

SANS_CARTE = ("essentiel", "territoire", "suivi", "indicateur", "catalogue", "aide")  # no geometry is invented
SECRETE = "COM-98005"


@pytest.fixture(scope="module")
def magasin_mini(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    env = {"BOUSSOLE_HOME": str(tmp_path_factory.mktemp("mini")), "BOUSSOLE_ESPACE": str(espace_mini)}
    app = bootstrap.ouvre(lis_reglages({**env, "BOUSSOLE_PROFIL": "agent"}))
    list(bootstrap.rafraichit(app))
    atelier = mini.Atelier(app.moteur, app.espace, app.sources, espace_mini)
    lignes = [ligne(c, p) for c, (_, _, p) in COMMUNES.items()]
    lignes += [ligne(c, 777, indicateur="effectif_interne") for c in COMMUNES]
    lignes += [
        ligne(
            c,
            indicateur="part_secrete",
            numerateur=7 if c == SECRETE else p,
            denominateur=p,
            n_unites=1 if c == SECRETE else 9,
        )
        for c, (_, _, p) in COMMUNES.items()
    ]
    lignes += [ligne(mini.REGION, 41.5, indicateur="taux_publie")]
    assert atelier.livre(*lignes).etat == "publie"
    assert atelier.livre_cibles(cible()).etat in ("publie", "deja_publie")
    app.moteur.dispose()
    return env


@pytest.fixture
def public(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_mini: dict[str, str]) -> Ouvre:
    return ouvre_avec(magasin_mini)


@pytest.fixture
def agent(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_mini: dict[str, str]) -> Ouvre:
    return ouvre_avec({**magasin_mini, "BOUSSOLE_PROFIL": "agent"})


@pytest.mark.parametrize("page", SANS_CARTE)
@pytest.mark.parametrize("lieu", [mini.REGION, mini.NORD, mini.CHEVAL, "COM-99004"])
def test_an_espace_without_showcase_opens(public: Ouvre, page: str, lieu: str) -> None:
    ecran = public(page, territoire=lieu).sains()
    assert ecran.avertissements == []


def test_an_internal_indicator_is_nowhere_for_the_public(public: Ouvre) -> None:
    for page in SANS_CARTE:
        texte = public(page, territoire="COM-98001").sains().texte
        assert "effectif_interne" not in texte
        assert "777" not in texte
    ecran = public("indicateur", indicateur="effectif_interne").sains()
    assert "« effectif_interne » comme indicateur, qui n'existe pas" in ecran.avertissements[0]
    assert "777" not in ecran.texte


def test_an_agent_sees_it(agent: Ouvre) -> None:
    assert "effectif_interne" in agent("catalogue", voir="indicateurs").sains().texte
    ecran = agent("indicateur", indicateur="effectif_interne", territoire="COM-98001").sains()
    assert ecran.avertissements == []
    assert "777" in ecran.texte


def test_an_agent_on_an_open_address_is_the_public(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_mini: dict[str, str]
) -> None:
    ouvre = ouvre_avec({**magasin_mini, "BOUSSOLE_PROFIL": "agent", "BOUSSOLE_ADRESSE": "0.0.0.0"})
    assert "effectif_interne" not in ouvre("catalogue", voir="indicateurs").sains().texte


def test_a_secret_value_is_never_on_any_page(agent: Ouvre) -> None:
    """7 out of 20 was received for this commune: 35,0 %."""
    for page in SANS_CARTE:
        for lieu in (SECRETE, mini.E1, mini.REGION):
            texte = agent(page, indicateur="part_secrete", territoire=lieu).sains().texte
            assert "35,0" not in texte
            assert "7,0 ÷ 20,0" not in texte
    texte = agent("indicateur", indicateur="part_secrete", territoire=SECRETE).sains().texte
    assert "s." in texte
    assert "ecret statistique" in texte
