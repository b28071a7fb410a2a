"""A delivery that cannot be what it says is refused with its remedy, and yesterday's values stay. Invented figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.espace import load_espace
from data_sources.controles import LotRefuse, controle_valeurs
from tests.mini import COMMUNES, Atelier, ligne

NOMS = list(COMMUNES)


def serie(valeurs: list[float], indicateur: str = "effectif") -> list[dict[str, Any]]:
    """One figure per commune and year, as many as given."""
    return [
        ligne(NOMS[rang % 8], v, periode=str(2010 + rang // 8), indicateur=indicateur) for rang, v in enumerate(valeurs)
    ]


def test_a_constant_column_is_refused_unless_admitted(atelier_sqlite: Atelier) -> None:
    refus = atelier_sqlite.livre(*serie([7.0] * 16))
    assert refus.etat == "refuse"
    assert "la colonne est constante (7,00 sur 16 lignes)" in refus.message
    assert atelier_sqlite.valeurs().empty
    assert atelier_sqlite.livre(*serie([7.0] * 16), constantes_admises=("effectif",)).etat == "publie"


def test_fractions_where_percents_are_expected_are_refused(atelier_sqlite: Atelier) -> None:
    fractions = [ligne("REG-99", 0.1 + i / 20, periode=str(2008 + i), indicateur="taux_publie") for i in range(12)]
    refus = atelier_sqlite.livre(*fractions)
    assert refus.etat == "refuse"
    assert "Déclarer la règle fraction" in refus.message


def test_a_delivery_that_lost_rows_is_refused(atelier_sqlite: Atelier) -> None:
    entiere = serie([float(i) for i in range(40)])
    assert atelier_sqlite.livre(*entiere).etat == "publie"
    avant = atelier_sqlite.valeurs()
    refus = atelier_sqlite.livre(*entiere[:28], variation_lignes_max=20)
    assert refus.etat == "refuse"
    assert "28 lignes reçues contre 40 la dernière fois (−30\u202f%, 20\u202f% admis)" in refus.message.replace(
        "\u00a0", "\u202f"
    )
    assert atelier_sqlite.valeurs().equals(avant)


def test_four_communes_a_departement_are_too_few_to_tell_a_copied_figure(atelier_sqlite: Atelier) -> None:
    nord = [c for c in NOMS if c.startswith("COM-98")]
    heritees = [ligne(c, 10.0 if c in nord else 20.0, periode=str(2000 + i)) for c in NOMS for i in range(4)]
    assert atelier_sqlite.livre(*heritees).etat == "publie"


@pytest.mark.parametrize(("au_dela", "etat"), [("alerte", "publie"), ("refus", "refuse")])
def test_a_value_that_jumps_is_told_or_refused_as_declared(atelier_sqlite: Atelier, au_dela: str, etat: str) -> None:
    atelier_sqlite.livre(ligne("COM-98001", 100), ligne("COM-98002", 100))
    resultat = atelier_sqlite.livre(
        ligne("COM-98001", 100), ligne("COM-98002", 1000), variation_max=50, au_dela=au_dela
    )
    assert resultat.etat == etat
    phrase = resultat.message if etat == "refuse" else resultat.entete.alertes[0]  # type: ignore[union-attr]
    assert "de plus de 50" in phrase
    assert "900" in phrase
    assert atelier_sqlite.chiffres()["COM-98002"] == (1000 if etat == "publie" else 100)


def test_communes_that_all_carry_the_value_of_their_departement_are_refused(espace_mini: Path) -> None:
    espace, sources = load_espace(espace_mini)
    source = next(s for s in sources if s.id == "comptes")
    declares = {i.id: i for i in espace.indicateurs}
    heritees = [(f"COM-{98 + rang // 20}{rang:03d}", 10.0 if rang < 20 else 20.0) for rang in range(40)]

    def bonnes(lignes: list[tuple[str, float]]) -> pd.DataFrame:
        cadre = pd.DataFrame(lignes, columns=["code_territoire", "valeur"])
        return cadre.assign(indicateur="effectif", fin=pd.Timestamp("2023-12-31"))

    with pytest.raises(LotRefuse, match="celle d'un niveau supérieur"):
        controle_valeurs(bonnes(heritees), source, declares)
    distinctes = [(code, valeur + rang % 3) for rang, (code, valeur) in enumerate(heritees)]
    controle_valeurs(bonnes(distinctes), source, declares)


TRIMESTRES = [("2023-03-31", "trimestre"), ("2023-06-30", "trimestre")]
DEUX_RYTHMES = [*TRIMESTRES, ("2023-12-31", "annee")]


@pytest.mark.parametrize(
    ("secret", "lecture", "fins", "faute"),
    [
        (3, "flux", DEUX_RYTHMES, "plusieurs fréquences"),
        (3, "cumul_annuel", TRIMESTRES, "n'en livrer qu'une"),
        (3, "flux", TRIMESTRES, None),
        (3, "stock", DEUX_RYTHMES, None),
        (3, "cumul_annuel", [("2022-12-31", "annee"), ("2023-12-31", "annee")], None),
        (None, "flux", DEUX_RYTHMES, None),
        (None, "cumul_annuel", TRIMESTRES, None),
    ],
)
def test_secrecy_is_not_undone_from_one_period_to_another(
    espace_mini: Path, secret: int | None, lecture: str, fins: list[tuple[str, str]], faute: str | None
) -> None:
    espace, sources = load_espace(espace_mini)
    source = next(s for s in sources if s.id == "comptes")
    declare = espace.indicateur("effectif").model_copy(update={"min_unites": secret, "lecture": lecture})
    cadre = pd.DataFrame(fins, columns=["fin", "frequence"]).assign(
        fin=lambda t: pd.to_datetime(t["fin"]), indicateur="effectif", code_territoire=NOMS[0], valeur=range(len(fins))
    )
    if faute is None:
        controle_valeurs(cadre, source, {"effectif": declare})
        return
    with pytest.raises(LotRefuse, match=f"(?i)« effectif » : .*{faute}"):
        controle_valeurs(cadre, source, {"effectif": declare})
