"""What the catalogue finds and how it judges: search, filters, freshness. Invented datasets."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.bootstrap import Application
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Acces
from dashboard.exports.catalogue_entrees import JAMAIS, Demande, Entree, cherche, compose
from dashboard.exports.catalogue_html import catalogue_html
from dashboard.exports.dcat_matiere import Fichier, Jeu, Matiere

PREMIER, DERNIER = date(2020, 1, 1), date(2025, 12, 31)


@pytest.fixture(scope="module")
def matiere(bfc: Application) -> Matiere:
    """Two datasets of the région, with invented days; the others are as if they were closed."""
    espace, sources = bfc.espace, {s.id: s for s in bfc.sources}
    jeux = []
    for nom in ("population", "maires"):
        siens = tuple(i for i in espace.ordonnes if nom in i.sources)
        noms = {i.producteur for i in siens}
        producteurs = tuple(p for p in espace.producteurs if p.id in noms)
        jeux.append(Jeu(sources[nom], siens, producteurs, (PREMIER, DERNIER), (), None))  # type: ignore[arg-type]
    visibles = frozenset(i.id for jeu in jeux for i in jeu.indicateurs)
    couvertures = dict.fromkeys(visibles, (PREMIER, DERNIER))
    fichier = Fichier("donnees/observations/population_municipale.csv", 1200, "a" * 64)
    return Matiere(espace, visibles, tuple(jeux), {fichier.chemin: fichier}, couvertures=couvertures)


def ids(entrees: list[Entree]) -> list[str]:
    return [e.id for e in entrees]


def test_a_word_is_found_whatever_its_accents_and_its_place(matiere: Matiere) -> None:
    c = compose(matiere, DERNIER)
    assert ids(cherche(c.jeux, Demande("MAIRES"))) == ["maires"]
    assert ids(cherche(c.indicateurs, Demande("femmes interieur"))) == ["part_femmes_maires"]
    assert ids(cherche(c.indicateurs, Demande("insee population"))) == ["population_municipale"]
    assert cherche(c.jeux, Demande("zzz")) == []
    assert ids(cherche(c.jeux, Demande())) == ["population", "maires"]


def test_filters_add_up(matiere: Matiere) -> None:
    c = compose(matiere, DERNIER)
    assert ids(cherche(c.jeux, Demande(producteurs=["insee"]))) == ["population"]
    assert cherche(c.jeux, Demande("maires", producteurs=["insee"])) == []
    assert cherche(c.jeux, Demande(acces=[Acces.INTERNE])) == []
    themes = set(c.jeux[0].themes)
    assert themes
    assert "population" in ids(cherche(c.jeux, Demande(themes=sorted(themes))))


def test_a_dataset_is_as_fresh_as_the_worst_of_its_indicators(matiere: Matiere) -> None:
    assert {e.fraicheur for e in compose(matiere, DERNIER).jeux} == {Fraicheur.A_JOUR}
    vieux = compose(matiere, date(2099, 1, 1))
    assert {e.fraicheur for e in vieux.jeux} == {Fraicheur.PERIME}
    sans = Matiere(matiere.espace, matiere.visibles, matiere.jeux, {}, couvertures={})
    assert {e.fraicheur for e in compose(sans, DERNIER).indicateurs} == {JAMAIS}


def test_only_producers_of_what_is_seen_are_named(matiere: Matiere) -> None:
    assert [o.producteur.id for o in compose(matiere, DERNIER).offres] == ["insee", "interieur"]
    page = catalogue_html(matiere, DERNIER, "https://exemple.invalid/").decode()
    assert "Institut national de la statistique" in page
    assert "Enedis" not in page
    assert 'href="https://exemple.invalid/donnees/observations/population_municipale.csv"' in page


def test_an_unknown_dataset_and_a_closed_one_are_the_same(matiere: Matiere) -> None:
    c = compose(matiere, DERNIER)
    assert c.jeu("maires")[1].titre == matiere.jeux[1].source.nom
    for inconnu in ("programmes", "n_existe_pas"):
        with pytest.raises(KeyError):
            c.jeu(inconnu)


def test_words_from_outside_are_only_words(matiere: Matiere) -> None:
    jeu = matiere.jeux[0]
    source = jeu.source.model_copy(update={"nom": "<script>alert(1)</script>", "description": "a & b"})
    piege = Matiere(matiere.espace, matiere.visibles, (Jeu(source, *_reste(jeu)),), {}, couvertures={})
    page = catalogue_html(piege, DERNIER).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def _reste(jeu: Jeu) -> tuple[object, ...]:
    return jeu.indicateurs, jeu.producteurs, jeu.couverture, jeu.lots, jeu.modifie
