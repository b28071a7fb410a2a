"""What people add is never overwritten, is refused in words when another came first, and is read by who may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from dashboard.domain.apports import Apport, Genre, Signature, Synthese
from dashboard.domain.brouillon import Brouillon, prepare
from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import AGENT, PUBLIC, Auteur, Lecteur
from dashboard.store import queries, schema
from dashboard.store.apports import ApportIntrouvable, VersionDepassee, ecris, load_apports, load_versions
from dashboard.store.ecriture import EcritureRefusee, publication
from dashboard.store.moteur import Engine
from tests.mini import ECRIVAIN, NORD, REGION, Atelier

MOI = Signature("Directrice", "Direction des mobilités")
AUTRE = Signature("Chargé de mission", "Direction de la santé")
SUJET = "programme"


def synthese(texte: str = "Tout va bien", signature: Signature = MOI, **autres: Any) -> Brouillon:
    return prepare(Genre.SYNTHESE, autres.get("sujet", SUJET), autres.get("code", REGION),
                   {"meteo": autres.get("meteo", "soleil"), "texte": texte}, signature)  # fmt: skip


def commentaire(texte: str, sujet: str = SUJET) -> Brouillon:
    return prepare(Genre.COMMENTAIRE, sujet, REGION, {"texte": texte}, MOI)


def lus(moteur: Engine, lecteur: Lecteur = AGENT, **filtres: Any) -> list[Apport]:
    with moteur.connect() as connexion:
        return load_apports(connexion, lecteur, **filtres)


def versions(moteur: Engine, fil: int, lecteur: Lecteur = AGENT) -> list[Apport]:
    with moteur.connect() as connexion:
        return load_versions(connexion, lecteur, fil)


def textes(apports: list[Apport]) -> list[str]:
    return [str(getattr(a.contenu, "texte", "")) for a in apports]


def test_a_contribution_comes_back_as_it_was_signed(moteur: Engine) -> None:
    ecrit = ecris(moteur, ECRIVAIN, synthese("<b>Été</b> « 12 % »"))
    assert (ecrit.fil, ecrit.version, ecrit.acces) == (1, 1, Acces.OUVERT)
    assert lus(moteur) == [ecrit]
    assert lus(moteur)[0].signature == MOI


def test_a_new_version_is_shown_and_the_old_one_stays(moteur: Engine) -> None:
    premiere = ecris(moteur, ECRIVAIN, synthese("Un"))
    deuxieme = ecris(moteur, ECRIVAIN, synthese("Deux", AUTRE), attendue=1)
    assert deuxieme.fil == premiere.fil
    assert lus(moteur) == [deuxieme]
    assert versions(moteur, premiere.fil) == [deuxieme, premiere]


def test_two_people_edit_the_same_synthese_and_the_second_is_told_who_came_first(moteur: Engine) -> None:
    fil = ecris(moteur, ECRIVAIN, synthese("Départ")).fil
    ecris(moteur, ECRIVAIN, synthese("De l'autre", AUTRE), fil=fil, attendue=1)
    with pytest.raises(
        VersionDepassee, match=r"Chargé de mission \(Direction de la santé\) a publié la version 2"
    ) as e:
        ecris(moteur, ECRIVAIN, synthese("De moi"), fil=fil, attendue=1)
    assert isinstance(e.value.devant.contenu, Synthese)
    assert e.value.devant.contenu.texte == "De l'autre"
    assert textes(versions(moteur, fil)) == ["De l'autre", "Départ"]
    assert ecris(moteur, ECRIVAIN, synthese("De moi"), fil=fil, attendue=e.value.devant.version).version == 3


@pytest.mark.parametrize("genre", ["synthese", "intention"])
def test_a_second_judgement_is_never_started_while_one_exists(moteur: Engine, genre: str) -> None:
    saisie = {"meteo": "orage", "texte": "x"} if genre == "synthese" else {"ambition": "x"}
    ecris(moteur, ECRIVAIN, prepare(Genre(genre), SUJET, REGION, saisie, MOI))
    with pytest.raises(VersionDepassee):
        ecris(moteur, ECRIVAIN, prepare(Genre(genre), SUJET, REGION, saisie, AUTRE))
    assert ecris(moteur, ECRIVAIN, prepare(Genre(genre), SUJET, NORD, saisie, MOI)).fil == 2


def test_two_comments_are_two_contributions(moteur: Engine) -> None:
    assert [ecris(moteur, ECRIVAIN, commentaire(t)).fil for t in ("Un", "Deux")] == [1, 2]
    assert textes(lus(moteur)) == ["Deux", "Un"]


def test_of_many_writers_at_the_same_instant_one_wins_each_version(moteur: Engine) -> None:
    def essaie(numero: int) -> int | None:
        try:
            return ecris(moteur, ECRIVAIN, synthese(f"Texte {numero}")).version
        except VersionDepassee:
            return None

    with ThreadPoolExecutor(6) as pool:
        gagnees = [v for v in pool.map(essaie, range(12)) if v is not None]
    assert gagnees == [1]
    assert len(lus(moteur)) == 1
    with ThreadPoolExecutor(6) as pool:
        fils = [a.fil for a in pool.map(lambda n: ecris(moteur, ECRIVAIN, commentaire(str(n))), range(12))]
    assert sorted(fils) == list(range(2, 14))


def test_the_base_itself_refuses_the_same_version_twice(moteur: Engine) -> None:
    ecris(moteur, ECRIVAIN, synthese())
    with moteur.connect() as connexion:
        ligne = connexion.execute(select(schema.apport)).mappings().one()
    with pytest.raises(IntegrityError), moteur.begin() as connexion:
        connexion.execute(insert(schema.apport).values(**{**ligne, "id": 99}))


def test_an_unknown_number_or_another_subject_is_refused(moteur: Engine) -> None:
    fil = ecris(moteur, ECRIVAIN, synthese()).fil
    for brouillon, numero in ((synthese(), 999), (synthese(sujet="autre"), fil), (commentaire("x"), fil)):
        with pytest.raises(ApportIntrouvable, match=f"Contribution {numero} : aucune de ce numéro"):
            ecris(moteur, ECRIVAIN, brouillon, fil=numero, attendue=1)


def test_who_may_not_write_writes_nothing(moteur: Engine) -> None:
    with pytest.raises(EcritureRefusee):
        ecris(moteur, Auteur("public"), synthese())
    assert lus(moteur) == []


def test_the_public_sees_no_internal_comment_and_nobody_sees_by_default(moteur: Engine) -> None:
    ouverte, interne = ecris(moteur, ECRIVAIN, synthese()), ecris(moteur, ECRIVAIN, commentaire("Entre nous"))
    assert lus(moteur, PUBLIC) == [ouverte]
    assert versions(moteur, interne.fil, PUBLIC) == []
    assert lus(moteur) == [interne, ouverte]
    assert lus(moteur, Lecteur("personne")) == []


def test_what_is_closed_afterwards_is_closed_with_its_past(moteur: Engine) -> None:
    ouverte = ecris(moteur, ECRIVAIN, synthese())
    ferme = Brouillon(Genre.SYNTHESE, SUJET, REGION, ouverte.contenu, MOI, Acces.INTERNE)
    ecris(moteur, ECRIVAIN, ferme, attendue=1)
    assert lus(moteur, PUBLIC) == versions(moteur, ouverte.fil, PUBLIC) == []
    assert len(versions(moteur, ouverte.fil)) == 2


def test_a_contribution_on_an_indicator_one_may_not_see_is_not_seen(atelier: Atelier) -> None:
    evenement = {"jour": "2026-01-01", "titre": "x"}
    for sujet in ("effectif", "effectif_interne"):
        ecris(atelier.moteur, ECRIVAIN, prepare(Genre.EVENEMENT, sujet, REGION, evenement, MOI))
    assert [a.sujet for a in lus(atelier.moteur, PUBLIC)] == ["effectif"]
    assert versions(atelier.moteur, 2, PUBLIC) == []
    assert len(lus(atelier.moteur)) == 2


def test_reads_are_by_subject_and_kind(moteur: Engine) -> None:
    ecris(moteur, ECRIVAIN, synthese())
    ecris(moteur, ECRIVAIN, commentaire("x", "autre"))
    assert [a.sujet for a in lus(moteur, sujets=["autre"])] == ["autre"]
    assert [a.genre for a in lus(moteur, genres={Genre.SYNTHESE})] == [Genre.SYNTHESE]
    assert lus(moteur, sujets=[]) == []


def test_a_contribution_changes_no_figure_and_waits_for_no_publication(atelier: Atelier) -> None:
    version = atelier.version()
    ecris(atelier.moteur, ECRIVAIN, synthese())
    assert atelier.version() == version
    if atelier.moteur.dialect.name == "postgresql":  # SQLite locks whole, for the time it writes
        with publication(atelier.moteur, ECRIVAIN, "essai", "essai"):
            ecris(atelier.moteur, ECRIVAIN, commentaire("Pendant ce temps"))
    with atelier.moteur.connect() as connexion:
        assert queries.load_version(connexion) >= version


def test_the_journal_tells_who_wrote_what(moteur: Engine) -> None:
    ecris(moteur, ECRIVAIN, synthese())
    with moteur.connect() as connexion:
        ligne = connexion.execute(select(schema.journal)).one()
    assert (ligne.qui, ligne.quoi) == ("agent", "synthese")
    assert ligne.detail == f"programme · {REGION} · fil 1, version 1 · Directrice"
