"""The Saisie page: absent for the public; an agent writes, is refused in words, and two people never lose a text."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.apports import Apport, Genre, Signature
from dashboard.domain.brouillon import prepare
from dashboard.reglages import lis_reglages
from dashboard.store.apports import ecris, load_apports, load_versions
from dashboard.store.moteur import MagasinIndisponible
from tests.conftest import ARRETE
from tests.mini import NORD, REGION
from tests.pages.conftest import RACINE, Ecran, Ouvre

COLLEGUE = Signature("Chargé de mission", "Direction de la santé")
PIEGE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **gras**"
SYNTHESE = {"meteo": "orage", "texte": "Le retard se creuse."}
DECISION = {"titre": "Voter l'avenant", "echeance": date(2026, 11, 1), "responsable": "Commission permanente"}
PROPOSITION = {"periode": "2024", "valeur": 42.5, "motif": "Comptage local", "methode": "Relevé"}


@pytest.fixture
def env(espace_mini: Path, tmp_path: Path) -> dict[str, str]:
    espace = Path(shutil.copytree(espace_mini, tmp_path / "espace"))
    return {"BOUSSOLE_HOME": str(tmp_path / "home"), "BOUSSOLE_ESPACE": str(espace),
            "BOUSSOLE_PROFIL": "agent", "BOUSSOLE_DATE_ARRETE": ARRETE}  # fmt: skip


@pytest.fixture
def app(env: dict[str, str]) -> Iterator[Application]:
    ouverte = bootstrap.ouvre(lis_reglages(env))
    list(bootstrap.rafraichit(ouverte, ["comptes", "cibles"]))
    yield ouverte
    ouverte.moteur.dispose()


@pytest.fixture
def agent(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], env: dict[str, str], app: Application) -> Ouvre:
    ouvre = ouvre_avec(env)
    return lambda **url: ouvre("saisie", **{"programme": "programme"} | url)


def dit(app: Application, genre: Genre, saisie: dict[str, Any], **suite: Any) -> Apport:
    """What a colleague published."""
    sujet = "taux_publie" if genre is Genre.PROPOSITION else "programme"
    code = suite.pop("code", REGION)
    return ecris(app.moteur, app.auteur, prepare(genre, sujet, code, saisie, COLLEGUE), **suite)


def lus(app: Application, genre: Genre) -> list[Apport]:
    with app.moteur.connect() as connexion:
        return load_apports(connexion, app.lecteur, genres={genre})


def champ(ecran: Ecran, libelle: str) -> Any:
    essai = ecran.essai
    (trouve,) = [
        w for w in [*essai.text_area, *essai.text_input, *essai.radio, *essai.date_input, *essai.selectbox]
        if w.label == libelle
    ]  # fmt: skip
    return trouve


def remplis(ecran: Ecran, **valeurs: Any) -> None:
    """Types in the fields, and signs."""
    for libelle, valeur in ({"Fonction": "Directrice", "Direction": "Mobilités"} | valeurs).items():
        champ(ecran, libelle.replace("_", " ")).set_value(valeur)


def publie(ecran: Ecran) -> Ecran:
    (bouton,) = [b for b in ecran.essai.button if b.label.startswith("Publier")]
    return Ecran(bouton.click().run()).sains()


def test_it_is_absent_for_who_may_not_write(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], env: dict[str, str], app: Application
) -> None:
    dit(app, Genre.COMMENTAIRE, {"texte": "Entre nous"})
    public = {**env, "BOUSSOLE_PROFIL": "public"}
    assert "Mes tâches" not in ouvre_avec(public)("saisie", programme="programme").texte
    essai = AppTest.from_file(str(RACINE / "pages" / "saisie.py"), default_timeout=60).run()
    assert not essai.exception
    assert Ecran(essai).texte == ""


def test_an_agent_sees_what_is_due_first(agent: Ouvre, app: Application) -> None:
    dit(app, Genre.DECISION, DECISION)
    dit(app, Genre.PROPOSITION, PROPOSITION, code=NORD)
    texte = agent(programme="").sains().texte
    assert "1 en retard" in texte
    assert "« Voter l'avenant », attendu de : Commission permanente" in texte
    assert "2024 : proposition de 42,5 % Nord" in texte


def test_an_unknown_programme_or_contribution_is_a_sentence(agent: Ouvre) -> None:
    assert "comme programme, qui n'existe pas" in agent(programme="<b>").sains().texte
    assert "contribution qui n'existe pas ici" in agent(genre="decision", fil="999").sains().texte


def test_a_synthese_is_published_signed_and_shown(agent: Ouvre, app: Application) -> None:
    ecran = agent()
    remplis(ecran, Météo="orage", Texte=PIEGE)
    texte = publie(ecran).texte
    assert "Synthèse : version 1 publiée, lisible par tous dès maintenant." in texte
    (ecrite,) = lus(app, Genre.SYNTHESE)
    assert (ecrite.contenu.texte, ecrite.signature) == (PIEGE, Signature("Directrice", "Mobilités"))
    assert "Orage objectif compromis" in texte
    assert PIEGE in texte


def test_html_is_text_on_the_screen(agent: Ouvre, app: Application) -> None:
    for genre, saisie in (
        (Genre.SYNTHESE, SYNTHESE | {"texte": PIEGE}), (Genre.COMMENTAIRE, {"texte": PIEGE}),
        (Genre.DECISION, DECISION | {"titre": PIEGE}), (Genre.PROPOSITION, PROPOSITION | {"motif": PIEGE}),
        (Genre.EVENEMENT, {"jour": date(2026, 1, 1), "titre": PIEGE}), (Genre.INTENTION, {"ambition": PIEGE}),
    ):  # fmt: skip
        dit(app, genre, saisie)
        ecran = agent(genre=genre.value).sains()
        bruts = [str(e.proto.body) for e in ecran.elements if e.type == "html"]
        assert any("&lt;img src=x onerror" in b for b in bruts), genre
        assert not any("<img src=x" in b for b in bruts), genre


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"Texte": "é" * 100_000}, "« Texte » : 100 000 caractères, pour 4 000 au plus"),
        ({"Texte": ""}, "« Texte » : à remplir avant de publier."),
        ({"Texte": "x", "Fonction": ""}, "« Fonction » : à remplir avant de publier."),
    ],
)
def test_what_is_refused_is_one_sentence_and_stays_typed(
    agent: Ouvre, app: Application, valeurs: dict[str, str], phrase: str
) -> None:
    ecran = agent()
    remplis(ecran, Météo="nuage", **valeurs)
    ecran = publie(ecran)
    assert phrase in ecran.texte
    assert champ(ecran, "Texte").value == valeurs["Texte"]
    assert champ(ecran, "Météo").value == "nuage"
    assert lus(app, Genre.SYNTHESE) == []


def test_a_store_that_refuses_loses_nothing(agent: Ouvre, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise MagasinIndisponible("Magasin verrouillé.")

    monkeypatch.setattr("dashboard.views.saisie.ecris", refuse)
    ecran = agent()
    remplis(ecran, Météo="nuage", Texte="Un texte")
    ecran = publie(ecran)
    assert "Magasin verrouillé." in ecran.texte
    assert champ(ecran, "Texte").value == "Un texte"


def test_someone_writes_meanwhile_both_texts_are_shown_and_the_second_may_follow(
    agent: Ouvre, app: Application
) -> None:
    fil = dit(app, Genre.SYNTHESE, SYNTHESE).fil
    ecran = agent()
    assert champ(ecran, "Texte").value == "Le retard se creuse."
    dit(app, Genre.SYNTHESE, {"meteo": "soleil", "texte": "Tout repart."}, fil=fil, attendue=1)
    remplis(ecran, Météo="nuage", Texte="Je nuance.")
    ecran = publie(ecran)
    assert "Chargé de mission (Direction de la santé) a publié la version 2" in ecran.texte
    assert ecran.texte.count("Tout repart.") == 2
    assert "Cette saisie, non publiée Météo Nuage Texte Je nuance." in ecran.texte
    assert champ(ecran, "Texte").value == "Je nuance."
    assert len(lus(app, Genre.SYNTHESE)) == 1
    ecran = publie(ecran)
    assert "Synthèse : version 3 publiée" in ecran.texte
    with app.moteur.connect() as connexion:
        textes = [getattr(v.contenu, "texte", "") for v in load_versions(connexion, app.lecteur, fil)]
    assert textes == ["Je nuance.", "Tout repart.", "Le retard se creuse."]


def test_a_third_version_is_seen_before_it_is_followed(agent: Ouvre, app: Application) -> None:
    fil = dit(app, Genre.SYNTHESE, SYNTHESE).fil
    ecran = agent()
    dit(app, Genre.SYNTHESE, SYNTHESE | {"texte": "Deux"}, fil=fil, attendue=1)
    remplis(ecran, Texte="Moi")
    ecran = publie(ecran)
    dit(app, Genre.SYNTHESE, SYNTHESE | {"texte": "Trois"}, fil=fil, attendue=2)
    ecran = publie(ecran)
    assert "a publié la version 3" in ecran.texte
    assert champ(ecran, "Texte").value == "Moi"
    assert lus(app, Genre.SYNTHESE)[0].version == 3


def test_a_first_synthese_that_two_people_write_is_not_overwritten(agent: Ouvre, app: Application) -> None:
    ecran = agent()
    dit(app, Genre.SYNTHESE, SYNTHESE)
    remplis(ecran, Météo="nuage", Texte="Moi")
    ecran = publie(ecran)
    assert "a publié la version 1" in ecran.texte
    assert champ(ecran, "Texte").value == "Moi"
    (repartir,) = [b for b in ecran.essai.button if b.label == "Repartir de cette version"]
    ecran = Ecran(repartir.click().run()).sains()
    assert champ(ecran, "Texte").value == "Le retard se creuse."
    assert "non publiée" not in ecran.texte


def test_a_decision_is_taken_from_its_current_version(agent: Ouvre, app: Application) -> None:
    fil = dit(app, Genre.DECISION, DECISION).fil
    ecran = agent(genre="decision", fil=str(fil))
    assert "En retard" in ecran.texte
    assert champ(ecran, "Responsable").value == "Commission permanente"
    remplis(ecran, État="prise")
    ecran = publie(ecran)
    assert "Décision : version 2 publiée" in ecran.texte
    (decision,) = lus(app, Genre.DECISION)
    assert (decision.fil, decision.version, decision.contenu.etat) == (fil, 2, "prise")
    assert champ(ecran, "Titre").value == ""


def test_a_contested_value_is_refused_with_an_answer_only(agent: Ouvre, app: Application) -> None:
    fil = dit(app, Genre.PROPOSITION, PROPOSITION).fil
    ecran = agent(genre="proposition", fil=str(fil))
    assert champ(ecran, "Valeur").value == "42,5"
    remplis(ecran, État="refusee")
    ecran = publie(ecran)
    assert "« Réponse » : à remplir" in ecran.texte
    remplis(ecran, Réponse="Hors champ.")
    assert "Valeur contestée : version 2 publiée, lisible par les agents seulement." in publie(ecran).texte
    assert lus(app, Genre.PROPOSITION)[0].contenu.etat == "refusee"


def test_a_value_is_contested_on_an_indicator_of_the_programme(agent: Ouvre, app: Application) -> None:
    ecran = agent(genre="proposition")
    remplis(ecran, Période="2024", Valeur="1 234,5", Motif="x", Méthode="y")
    assert "version 1 publiée" in publie(ecran).texte
    (proposition,) = lus(app, Genre.PROPOSITION)
    assert (proposition.sujet, proposition.code, proposition.contenu.valeur) == ("taux_publie", REGION, 1234.5)


def test_two_comments_in_a_row_start_from_an_empty_form_and_keep_the_signature(agent: Ouvre, app: Application) -> None:
    ecran = agent(genre="commentaire")
    for texte in ("Un", "Deux"):
        remplis(ecran, Texte=texte)
        ecran = publie(ecran)
        assert champ(ecran, "Texte").value == ""
        assert champ(ecran, "Fonction").value == "Directrice"
    assert len(lus(app, Genre.COMMENTAIRE)) == 2


def test_what_is_written_on_one_territory_stays_there(agent: Ouvre, app: Application) -> None:
    dit(app, Genre.SYNTHESE, SYNTHESE)
    assert "Rien n'a encore été écrit ici." in agent(territoire=NORD).sains().texte
