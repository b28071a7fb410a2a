"""Each control of quality sees the defect it is made for, and keeps quiet on clean data. Every figure is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur
from dashboard.domain.qualite import Dimension, Mesure, Seuils, Verdict
from dashboard.domain.source import Reparation
from dashboard.exports.qualite import Bilan, EtatJeu, bilan, suite
from dashboard.exports.qualite_table import tableau
from data_sources import pipeline
from tests.mini import COMMUNES, NORD, Atelier, ligne

A_L_HEURE, EN_RETARD = date(2025, 12, 31), date(2026, 1, 30)
PROPRES = [ligne(c, v[2]) for c, v in COMMUNES.items()]
TOTAL_JUSTE = ligne(NORD, 470)


def lis(atelier: Atelier, arrete: date = A_L_HEURE, lecteur: Lecteur = AGENT) -> Bilan:
    with atelier.moteur.connect() as connexion:
        return bilan(connexion, lecteur, atelier.espace, atelier.sources, arrete)


def effectif(atelier: Atelier, arrete: date = A_L_HEURE) -> dict[Dimension, Mesure]:
    (etat,) = [e for e in lis(atelier, arrete).indicateurs if e.indicateur.id == "effectif"]
    return {m.dimension: m for m in etat.mesures}


def comptes(atelier: Atelier) -> EtatJeu:
    (etat,) = [j for j in lis(atelier).jeux if j.source.id == "comptes"]
    return etat


def livre(atelier: Atelier, *lignes: dict[str, Any], etat: str = "publie", **attentes: Any) -> pipeline.Resultat:
    resultat = atelier.livre(*lignes, **attentes)
    assert resultat.etat == etat, resultat.message
    return resultat


def exige(atelier: Atelier, **seuils: dict[str, float]) -> None:
    """The source ``comptes`` declares these thresholds."""
    atelier.sources = tuple(
        s.model_copy(update={"qualite": Seuils.model_validate(seuils)}) if s.id == "comptes" else s
        for s in atelier.sources
    )


def test_clean_data_raise_no_alarm(atelier: Atelier) -> None:
    """On both databases."""
    livre(atelier, *PROPRES, TOTAL_JUSTE)
    livre(atelier, *PROPRES, TOTAL_JUSTE, ligne("COM-98001", 99, periode="2022"))
    mesures = effectif(atelier)
    assert [m.verdict for m in mesures.values()] == [Verdict.BON] * 6
    assert {d: m.valeur for d, m in mesures.items()} == {
        Dimension.COMPLETUDE: 100, Dimension.PONCTUALITE: 0, Dimension.VALIDITE: 100, Dimension.UNICITE: 100,
        Dimension.COHERENCE: 0, Dimension.REVISIONS: 0,
    }  # fmt: skip
    assert comptes(atelier).refus == ""


def test_missing_territories_are_counted_with_their_inhabitants(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES[:3])
    lue = effectif(atelier_sqlite)[Dimension.COMPLETUDE]
    assert lue.verdict is Verdict.A_SURVEILLER
    assert lue.valeur == 37.5
    assert "3\u202fcommunes sur 8 au 31 déc. 2023, 45,0\u202f% des habitants" in lue.phrase
    assert "Demander au producteur" in lue.phrase


def test_a_period_that_does_not_come_is_late_by_so_many_days(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES)
    lue = effectif(atelier_sqlite, EN_RETARD)[Dimension.PONCTUALITE]
    assert (lue.valeur, lue.verdict) == (30, Verdict.A_SURVEILLER)
    assert "30\u202fjours de retard" in lue.phrase


def test_refused_rows_lower_the_validity_alone(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES, ligne("COM-00000", 1), ligne("COM-00001", 1), rejets_max=2)
    mesures = effectif(atelier_sqlite)
    assert (mesures[Dimension.VALIDITE].valeur, mesures[Dimension.VALIDITE].verdict) == (80, Verdict.A_SURVEILLER)
    assert mesures[Dimension.UNICITE].verdict is Verdict.BON


def test_repeated_rows_lower_the_uniqueness_refused_or_repaired(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES, PROPRES[0], PROPRES[1], rejets_max=2)
    assert effectif(atelier_sqlite)[Dimension.UNICITE].valeur == 80
    regle = (Reparation(regle="doublons_identiques"),)
    atelier_sqlite.sources = tuple(
        s.model_copy(update={"reparations": regle}) if s.id == "comptes" else s for s in atelier_sqlite.sources
    )
    livre(atelier_sqlite, *PROPRES, PROPRES[0], PROPRES[2])
    mesures = effectif(atelier_sqlite)
    assert mesures[Dimension.UNICITE].valeur == 80
    assert mesures[Dimension.VALIDITE].valeur == 100


def test_a_total_that_is_not_the_sum_of_its_parts_is_told_with_its_gap(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES, ligne(NORD, 500))
    lue = effectif(atelier_sqlite)[Dimension.COHERENCE]
    assert lue.verdict is Verdict.A_SURVEILLER
    assert lue.valeur == pytest.approx(6.0)  # 470 against 500
    assert "1 en écart" in lue.phrase
    assert "6,0\u202f%" in lue.phrase


def test_massive_revisions_are_told_with_their_share_and_their_size(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES)
    livre(atelier_sqlite, *[ligne(c, v[2] * 2) for c, v in COMMUNES.items()])
    lue = effectif(atelier_sqlite)[Dimension.REVISIONS]
    assert (lue.valeur, lue.verdict) == (100, Verdict.A_SURVEILLER)
    assert "14\u202fvaleurs sur 14 changées ou retirées, de 100\u202f% en médiane" in lue.phrase
    livre(atelier_sqlite, *[ligne(c, v[2] * 2) for c, v in COMMUNES.items()][:7])
    retirees = effectif(atelier_sqlite)[Dimension.REVISIONS]
    assert retirees.phrase.startswith("3\u202fvaleurs sur 14")  # a commune gone, its département and its région changed


def test_the_history_has_one_point_a_lot_and_an_undone_lot_leaves_none(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES[:2])
    fautif = livre(atelier_sqlite, *PROPRES[:4])
    b = lis(atelier_sqlite)
    (etat,) = [e for e in b.indicateurs if e.indicateur.id == "effectif"]
    with atelier_sqlite.moteur.connect() as connexion:
        du_jeu, sien = (suite(connexion, AGENT, b, e) for e in (comptes(atelier_sqlite), etat))
    assert [v for _, v in du_jeu[Dimension.VALIDITE]] == [100, 100]
    assert [v for _, v in sien[Dimension.COMPLETUDE]] == [25, 50]
    assert fautif.bilan is not None
    pipeline.annule(atelier_sqlite.contexte, fautif.bilan.lot)
    assert effectif(atelier_sqlite)[Dimension.COMPLETUDE].valeur == 25


def test_a_secret_value_is_present_and_never_compared(atelier_sqlite: Atelier) -> None:
    """A gap or a revision of what is hidden would tell something of it."""
    secrets = [
        ligne(c, 10 + rang, indicateur="effectif_secret", n_unites=1 if rang < 2 else 50)
        for rang, c in enumerate(COMMUNES)
    ]
    livre(atelier_sqlite, *secrets, ligne(NORD, 999, indicateur="effectif_secret", n_unites=1))
    livre(atelier_sqlite, *secrets, ligne(NORD, 111, indicateur="effectif_secret", n_unites=1))
    (etat,) = [e for e in lis(atelier_sqlite).indicateurs if e.indicateur.id == "effectif_secret"]
    mesures = {m.dimension: m for m in etat.mesures}
    assert atelier_sqlite.valeurs("effectif_secret").loc[NORD, "statut"] == "Q"
    assert mesures[Dimension.COMPLETUDE].valeur == 100
    assert mesures[Dimension.COHERENCE].valeur is None
    assert mesures[Dimension.REVISIONS].valeur == 0


def test_the_file_has_one_line_a_measure_with_its_sentence(atelier_sqlite: Atelier) -> None:
    livre(atelier_sqlite, *PROPRES[:3])
    b = lis(atelier_sqlite)
    table = tableau([*b.jeux, *b.indicateurs, *b.producteurs], atelier_sqlite.espace, b.arrete)
    assert len(table) == 6 * (len(b.jeux) + len(b.indicateurs) + len(b.producteurs))
    (lue,) = table[(table["Identifiant"] == "effectif") & (table["Mesure"] == "Complétude")].to_dict("records")
    assert (lue["Valeur"], lue["Unité"], lue["Verdict"], lue["Producteur"]) == (37.5, "%", "à surveiller", "Essai")
    assert lue["En clair"].startswith("3\u202fcommunes sur 8")
    (essai,) = table[(table["Genre"] == "producteur") & (table["Mesure"] == "Cohérence")].to_dict("records")
    assert essai["En clair"] == "0 bons sur 0 mesurés"
    assert essai["Verdict"] == "non mesurable"


DEFAUTS_BLOQUES = [
    ("completude", 90, PROPRES[:3], "complétude de 37,5\u202f% (3\u202fcommunes sur 8), 90,0\u202f% au moins exigés"),
    ("validite", 95, [*PROPRES, ligne("COM-00000", 1)], "validité de 88,9\u202f% (1\u202fligne sur 9 en cause)"),
    ("unicite", 95, [*PROPRES, PROPRES[0]], "unicité de 88,9\u202f%"),
    ("coherence", 5, [*PROPRES, ligne(NORD, 500)], "cohérence de 6,0\u202f% (1\u202ftotal en écart sur 1)"),
    ("revisions", 20, [ligne(c, v[2] * 2) for c, v in COMMUNES.items()], "révisions de 100\u202f%"),
]


@pytest.mark.parametrize(("dimension", "seuil", "lignes", "dit"), DEFAUTS_BLOQUES, ids=[x[0] for x in DEFAUTS_BLOQUES])
def test_a_threshold_declared_as_blocking_refuses_the_delivery(
    atelier_sqlite: Atelier, dimension: str, seuil: float, lignes: list[dict[str, Any]], dit: str
) -> None:
    exige(atelier_sqlite, **{dimension: {"bloque": seuil}})
    livre(atelier_sqlite, *PROPRES)
    avant = atelier_sqlite.chiffres()
    refus = livre(atelier_sqlite, *lignes, etat="refuse", rejets_max=5)
    assert dit in refus.message
    assert f"qualite.{dimension}.bloque" in refus.message
    assert atelier_sqlite.chiffres() == avant
    jeu = comptes(atelier_sqlite)
    assert jeu.verdict is Verdict.BLOQUANT
    assert dit in jeu.refus
    assert "les valeurs d'avant sont gardées" in jeu.refus
    essai = atelier_sqlite.livre(*lignes, a_blanc=True, rejets_max=5)
    assert essai.etat == "refuse"


def test_a_known_total_is_checked_at_each_delivery_and_a_wrong_one_is_refused(atelier_sqlite: Atelier) -> None:
    attentes = atelier_sqlite.source(totaux={"effectif 2023": 1000}).attentes
    atelier_sqlite.sources = tuple(
        s.model_copy(update={"attentes": attentes}) if s.id == "comptes" else s for s in atelier_sqlite.sources
    )
    livre(atelier_sqlite, *PROPRES)
    (lue,) = [m for m in comptes(atelier_sqlite).mesures if m.dimension is Dimension.COHERENCE]
    assert (lue.valeur, lue.verdict) == (0, Verdict.BON)
    assert lue.phrase == "1\u202ftotal connu vérifié à chaque livraison."
    livre(atelier_sqlite, *PROPRES[:-1], ligne("COM-99004", 41), etat="refuse")
    assert comptes(atelier_sqlite).verdict is Verdict.BLOQUANT
    assert "totalise 1\u202f001, 1\u202f000 attendus" in comptes(atelier_sqlite).refus


def test_who_does_not_see_all_is_not_told_why_a_delivery_was_refused(atelier_sqlite: Atelier) -> None:
    """The reason may name an indicator that is closed to him."""
    exige(atelier_sqlite, completude={"bloque": 90})
    livre(atelier_sqlite, *PROPRES, *[ligne(c, 1, indicateur="effectif_interne") for c in list(COMMUNES)[:2]],
          etat="refuse")  # fmt: skip
    (public,) = [j for j in lis(atelier_sqlite, lecteur=PUBLIC).jeux if j.source.id == "comptes"]
    assert public.refus.endswith("les valeurs d'avant sont gardées.")
    assert "effectif_interne" in comptes(atelier_sqlite).refus


def test_a_closed_dataset_its_producer_and_their_counts_are_nowhere_for_the_public(atelier_sqlite: Atelier) -> None:
    ferme = atelier_sqlite.espace.producteurs[0].model_copy(update={"id": "ferme", "sigle": "Fermé"})
    declares = tuple(
        i.model_copy(update={"producteur": "ferme"}) if i.acces is Acces.INTERNE else i
        for i in atelier_sqlite.espace.indicateurs
    )
    atelier_sqlite.espace = atelier_sqlite.espace.model_copy(
        update={"indicateurs": declares, "producteurs": (*atelier_sqlite.espace.producteurs, ferme)}
    )
    livre(atelier_sqlite, *PROPRES)
    atelier_sqlite.sources = (
        *atelier_sqlite.sources,
        replace_source(atelier_sqlite, id="reserve", acces=Acces.INTERNE, producteur="ferme"),
    )
    tout, public = lis(atelier_sqlite), lis(atelier_sqlite, lecteur=PUBLIC)
    assert {p.producteur.id for p in tout.producteurs} == {"essai", "ferme"}
    assert {p.producteur.id for p in public.producteurs} == {"essai"}
    assert "effectif_interne" in {e.indicateur.id for e in tout.indicateurs}
    assert "effectif_interne" not in {e.indicateur.id for e in public.indicateurs}
    assert "effectif_interne" not in {e.indicateur.id for j in public.jeux for e in j.indicateurs}
    assert "reserve" not in {j.source.id for j in public.jeux}
    assert lis(atelier_sqlite, lecteur=replace(PUBLIC, acces=frozenset())) == Bilan(A_L_HEURE, (), (), ())


def replace_source(atelier: Atelier, **autres: object) -> Any:
    return atelier.source().model_copy(update=autres)
