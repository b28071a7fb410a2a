"""The page of the bulletin: what a reader sees of the weeks that are his, and who must act when there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import semaines
from tests.pages.conftest import Ouvre

OuvreAvec = Callable[[Mapping[str, str]], Ouvre]


@pytest.fixture
def ouvre_ici(ouvre_avec: OuvreAvec, magasin_pret: dict[str, str], tmp_path: Path) -> Callable[..., Ouvre]:
    """``ouvre_ici(profil)``: the pages on the committed store, with a home of its own for packages."""

    def ici(profil: str = "public") -> Ouvre:
        base = f"sqlite:///{magasin_pret['BOUSSOLE_HOME']}/boussole.sqlite"
        env = {"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_DB": base, "BOUSSOLE_PROFIL": profil}
        return ouvre_avec({**magasin_pret, **env})

    return ici


def test_without_any_snapshot_the_page_says_who_must_act(ouvre_ici: Callable[..., Ouvre]) -> None:
    ecran = ouvre_ici()("bulletin").sains()
    assert "Aucun bulletin : aucun instantané n'a encore été publié. Un agent lance « make snapshot »" in ecran.texte


def test_the_last_week_is_shown_with_its_causes_its_sources_and_its_links(
    ouvre_ici: Callable[..., Ouvre], tmp_path: Path
) -> None:
    semaines.deux_semaines(tmp_path)
    ecran = ouvre_ici()("bulletin").sains()
    assert "Semaine 2026-W48, lundi 23 novembre 2026" in ecran.texte
    assert "Bornes de recharge : 6 105 → 6 148 points (de 2023 à 2024)." in ecran.texte
    assert "Ce qui n'a pas bougé 1 programme sur 2 affiche une valeur périmée." in ecran.texte
    assert "À relancer cette semaine Essai : maisons, déc. 2023" in ecran.texte
    assert "Empreinte de l'instantané : 5aff 3bad ad8d" in ecran.texte
    corps = " ".join(str(e.proto.body) for e in ecran.elements if e.type == "html")
    assert 'href="indicateur?territoire=REG-99&amp;indicateur=bornes"' in corps


def test_an_older_week_and_a_cause_are_in_the_address(ouvre_ici: Callable[..., Ouvre], tmp_path: Path) -> None:
    semaines.deux_semaines(tmp_path)
    ouvre = ouvre_ici()
    assert "Premier bulletin : 9 valeurs entrent" in ouvre("bulletin", numero="2026-W47").sains().texte
    assert "6 148 points" in ouvre("bulletin", cause="nouvelle").sains().texte
    inconnue = ouvre("bulletin", numero="2020-W01").sains()
    assert "« 2020-W01 » comme semaine, qui n'existe pas" in inconnue.avertissements[0]


def test_a_public_reader_never_reads_an_internal_package(ouvre_ici: Callable[..., Ouvre], tmp_path: Path) -> None:
    semaines.deux_semaines(tmp_path, "snapshots-internes", nom="Programme interne")
    assert "Programme interne" not in ouvre_ici()("bulletin").sains().texte
    assert "Programme interne" in ouvre_ici("agent")("bulletin").sains().texte


def test_a_damaged_bulletin_is_one_sentence(ouvre_ici: Callable[..., Ouvre], tmp_path: Path) -> None:
    semaines.deux_semaines(tmp_path)
    (tmp_path / "snapshots" / "2026-W48" / "bulletin.json").write_text("non", "utf-8")
    ecran = ouvre_ici()("bulletin")
    assert not ecran.essai.exception
    assert ecran.erreurs == [
        "Paquet « 2026-W48 », bulletin.json : fichier illisible. Le vérifier : python -m dashboard snapshot verify."
    ]
