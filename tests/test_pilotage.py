"""The dossiers of programmes and their feed, served: what a reader may see, and nothing else. Figures invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from dashboard import pilotage
from dashboard.bootstrap import Application
from dashboard.domain.alertes import Alerte, alertes_de
from dashboard.domain.apports import Genre, Meteo, Signature
from dashboard.domain.avis import Filtre
from dashboard.domain.brouillon import prepare
from dashboard.domain.indicateur import Acces, Programme
from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur
from dashboard.domain.statut import Statut
from dashboard.exports.flux import ATOM
from dashboard.reglages import lis_reglages
from dashboard.serving.alertes import TYPE, Demande, FluxRefuse
from dashboard.store import abonnements
from dashboard.store.apports import ecris
from dashboard.store.moteur import open_moteur
from tests.mini import ECRIVAIN, NORD, REGION, Atelier, cible, ligne
from tests.test_app import Reponse, application, demande

ARRETE = date(2026, 11, 23)
PIEGE = "<script>alert(1)</script>"
SECRET = "Programme réservé"


def taux(code: str, valeur: float, **autres: Any) -> dict[str, Any]:
    return ligne(code, valeur, indicateur="taux_publie", **{"periode": "2024", **autres})


def programme(identifiant: str, *indicateurs: str, nom: str) -> Programme:
    return Programme.model_validate({
        "id": identifiant, "politique": "politique", "nom": nom, "nom_court": nom, "cadre": "Aucun",
        "indicateurs": indicateurs,
    })  # fmt: skip


def ouvre(atelier: Atelier, lecteur: Lecteur = PUBLIC) -> Application:
    """The tiny espace with one more programme, counted by an indicator that only agents may see."""
    espace = atelier.espace.model_copy(update={"programmes": (
        *atelier.espace.programmes,
        programme("reserve", "effectif_interne", nom=SECRET),
        programme("mixte", "taux_publie", "effectif_interne", nom=f"Mixte {PIEGE}"),
    )})  # fmt: skip
    reglages = lis_reglages({"BOUSSOLE_DATE_ARRETE": ARRETE.isoformat()})
    return Application(reglages, espace, atelier.sources, "", atelier.moteur, lecteur, ECRIVAIN)


@pytest.fixture
def app(atelier: Atelier) -> Application:
    """Late in the région (20 % where 71 % is expected), on its way in one département."""
    atelier.livre(taux(REGION, 28), taux(NORD, 75), ligne("COM-98001", 7, indicateur="effectif_interne"))
    atelier.livre_cibles(cible(), cible(code_territoire=NORD))
    return ouvre(atelier)


def ids(app: Application, lecteur: Lecteur, code: str = REGION) -> list[str]:
    return [d.etat.programme.id for d in pilotage.dossiers(app, lecteur, code, ARRETE)]


def test_a_dossier_holds_the_state_and_the_words_of_its_own_territory(app: Application) -> None:
    signature = Signature("Directrice", "Direction d'essai")
    for code, meteo in ((REGION, "soleil"), (NORD, "orage")):
        contenu = {"meteo": meteo, "texte": "Des mots."}
        ecris(app.moteur, ECRIVAIN, prepare(Genre.SYNTHESE, "programme", code, contenu, signature))
    contenu = {"titre": "Voter", "echeance": date(2026, 11, 1), "responsable": "la commission"}
    ecris(app.moteur, ECRIVAIN, prepare(Genre.DECISION, "programme", REGION, contenu, signature))
    region = pilotage.dossiers(app, AGENT, REGION, ARRETE)[0]
    nord = pilotage.dossiers(app, AGENT, NORD, ARRETE)[0]
    assert (region.etat.statut, region.meteo, len(region.decisions)) == (Statut.EN_RETARD, Meteo.SOLEIL, 1)
    assert alertes_de(region) == (Alerte.EN_RETARD, Alerte.DECISION_DEPASSEE, Alerte.METEO_CONTREDITE)
    assert (nord.etat.statut, nord.meteo, nord.decisions) == (Statut.DANS_LA_TRAJECTOIRE, Meteo.ORAGE, ())


def test_a_programme_whose_indicator_a_reader_may_not_see_is_not_there_for_him(app: Application) -> None:
    assert ids(app, AGENT) == ["programme", "reserve", "mixte"]
    assert ids(app, PUBLIC) == ["programme", "mixte"]
    assert ids(app, Lecteur("personne", frozenset())) == []
    mixte = pilotage.dossiers(app, PUBLIC, REGION, ARRETE)[1]
    assert [s.indicateur.id for s in mixte.etat.situations] == ["taux_publie"]


def test_below_the_region_only_the_programmes_that_count_something_there_are_followed(app: Application) -> None:
    assert ids(app, AGENT, "COM-98001") == ["reserve", "mixte"]
    assert ids(app, PUBLIC, NORD) == ["programme", "mixte"]


def test_an_unknown_part_of_a_filter_is_refused_with_what_exists_for_this_reader(app: Application) -> None:
    for donne, message in (
        ({"programmes": ["programe"]}, "Programme « programe » : valeur inconnue. Essayer : programme"),
        ({"territoire": "DEP-00"}, "Territoire « DEP-00 » : valeur inconnue. Essayer : DEP-9"),
        ({"territoire": "Nord"}, "Territoire « Nord » : valeur inconnue. Essayer : REG-99, DEP-98, DEP-99"),
        ({"alertes": ["retard"]}, "Alerte « retard » : valeur inconnue. Essayer : en_retard"),
        ({"territoire": "COM-98001"}, "aucun programme n'y est mesuré"),
    ):
        with pytest.raises(pilotage.FiltreInconnu, match=message):
            pilotage.filtre(app, PUBLIC, **donne)  # type: ignore[arg-type]
    with pytest.raises(pilotage.FiltreInconnu) as refus:
        pilotage.filtre(app, PUBLIC, programmes=["reserve"])
    assert str(refus.value) == "Programme « reserve » : valeur inconnue. Essayer : programme, mixte."
    assert pilotage.filtre(app, AGENT, programmes=["reserve"]).programmes == ("reserve",)


# --- what is new for a subscriber ----------------------------------------------------------------


def dites(app: Application, abonne: abonnements.Abonnement) -> list[Alerte]:
    """Told and marked, as a sending does."""
    trouvees, echecs = pilotage.nouveautes(app, [abonne])
    assert echecs == []
    return [a.alerte for _, avis, _ in trouvees for a in avis]


def test_an_alert_is_told_once_and_again_only_when_its_figure_changes(app: Application, atelier: Atelier) -> None:
    filtre = pilotage.filtre(app, PUBLIC, ["programme"])
    abonne = abonnements.abonne(app.moteur, ECRIVAIN, "elu@exemple.fr", filtre)
    assert dites(app, abonne) == [Alerte.EN_RETARD, Alerte.METEO_ABSENTE]
    ((_, _, cles),) = pilotage.nouveautes(app, [abonne])[0]
    assert dites(app, replace(abonne, dites=cles)) == []
    atelier.livre(taux(REGION, 29), taux(NORD, 75))
    assert dites(app, replace(abonne, dites=cles)) == [Alerte.EN_RETARD, Alerte.METEO_ABSENTE]


def test_a_mail_never_tells_what_the_public_may_not_read(app: Application) -> None:
    agent = replace(app, lecteur=AGENT)
    abonne = abonnements.abonne(app.moteur, ECRIVAIN, "elu@exemple.fr", Filtre((), REGION))
    ((_, avis, _),) = pilotage.nouveautes(agent, [abonne])[0]
    assert {a.dossier.etat.programme.id for a in avis} == {"programme", "mixte"}


def test_a_subscription_to_a_place_that_is_gone_is_said_and_stops_no_other(app: Application) -> None:
    gone, la = (
        abonnements.abonne(app.moteur, ECRIVAIN, f"{n}@exemple.fr", Filtre((), c))
        for n, c in (("a", "DEP-97"), ("b", NORD))
    )
    trouvees, echecs = pilotage.nouveautes(app, [gone, la])
    assert [x[0] for x in trouvees] == [la]
    assert echecs[0].startswith("a@exemple.fr : Territoire « DEP-97 »")


# --- the route -----------------------------------------------------------------------------------


def sert(app: Application, tmp_path: Path, requete: str = "", **entetes: str) -> Reponse:
    return demande(application(tmp_path, alertes=pilotage.Flux(app)), f"/alertes.atom{requete}", **entetes)


def titres(reponse: Reponse) -> list[str]:
    assert reponse.statut == 200, reponse.corps
    return [str(t.text) for t in ET.fromstring(reponse.corps).iterfind(f"{{{ATOM}}}entry/{{{ATOM}}}title")]


def test_the_feed_is_served_with_its_type_and_what_the_reader_may_see(app: Application, tmp_path: Path) -> None:
    reponse = sert(app, tmp_path)
    assert reponse.entetes["content-type"] == TYPE == "application/atom+xml; charset=utf-8"
    assert "Programme d'essai, Essai : en retard" in titres(reponse)
    assert SECRET.encode() not in reponse.corps
    assert b"reserve" not in reponse.corps
    assert any(SECRET in t for t in titres(sert(replace(app, lecteur=AGENT), tmp_path)))


def test_html_in_names_is_escaped_and_links_are_those_of_the_asked_host(app: Application, tmp_path: Path) -> None:
    reponse = sert(app, tmp_path)
    assert b"<script" not in reponse.corps
    assert any(PIEGE in t for t in titres(reponse))
    assert b'href="http://testserver/programme?programme=programme&amp;territoire=REG-99"' in reponse.corps


def test_two_requests_give_identical_bytes_and_the_second_may_cost_nothing(app: Application, tmp_path: Path) -> None:
    premiere = sert(app, tmp_path)
    assert sert(app, tmp_path).corps == premiere.corps
    etag = premiere.entetes["etag"]
    for connu in (etag, f'"autre", W/{etag}', "*"):
        seconde = sert(app, tmp_path, if_none_match=connu)
        assert (seconde.statut, seconde.corps, seconde.entetes["etag"]) == (304, b"", etag)
    assert sert(app, tmp_path, if_none_match='"autre"').statut == 200


def test_filters_choose_programmes_kinds_and_place(app: Application, tmp_path: Path) -> None:
    assert titres(sert(app, tmp_path, "?programme=programme&alerte=en_retard&alerte=echu")) == [
        "Programme d'essai, Essai : en retard"
    ]
    assert titres(sert(app, tmp_path, f"?territoire={NORD}&programme=programme&alerte=")) == [
        "Programme d'essai, Nord : météo absente"
    ]


@pytest.mark.parametrize(("requete", "phrase"), [
    ("?programme=reserve", "Programme « reserve » : valeur inconnue."),
    ("?programme=%3Cscript%3E", "Programme « <script> » : valeur inconnue."),
    ("?territoire=DEP-00", "Territoire « DEP-00 » : valeur inconnue."),
    ("?territoire=REG-99&territoire=DEP-98", "Un seul territoire par flux"),
    ("?alerte=hier", "Alerte « hier » : valeur inconnue."),
    ("?programmes=programme", "Filtre « programmes » inconnu. Filtres admis : programme, territoire, alerte."),
])  # fmt: skip
def test_an_unknown_filter_is_refused_in_one_french_sentence(
    app: Application, tmp_path: Path, requete: str, phrase: str
) -> None:
    reponse = sert(app, tmp_path, requete)
    assert (reponse.statut, reponse.entetes["content-type"]) == (400, "text/plain; charset=utf-8")
    texte = reponse.corps.decode()
    assert texte.startswith(phrase)
    assert len(texte.splitlines()) == 1


def test_a_store_that_does_not_answer_is_said_without_its_path(app: Application, tmp_path: Path) -> None:
    absent = replace(app, moteur=open_moteur(f"sqlite:///{tmp_path / 'absent.sqlite'}"))
    reponse = sert(absent, tmp_path)
    assert (reponse.statut, reponse.entetes["cache-control"]) == (503, "no-store")
    texte = reponse.corps.decode()
    assert texte.startswith("Les alertes ne peuvent pas être lues en ce moment.")
    assert str(tmp_path) not in texte
    assert "sqlite" not in texte


def test_what_an_address_asks_reaches_the_producer_as_it_was_written(tmp_path: Path) -> None:
    recues: list[Demande] = []

    def note(recue: Demande) -> bytes:
        recues.append(recue)
        raise FluxRefuse("non")

    chemin = "/alertes.atom?programme=a&programme=b&territoire=&alerte=echu"
    assert demande(application(tmp_path, alertes=note), chemin).corps == b"non"
    assert recues == [Demande(("a", "b"), None, ("echu",), "http://testserver/")]


def test_the_access_of_words_is_respected(app: Application) -> None:
    contenu, qui = {"meteo": "soleil", "texte": "Réservé."}, Signature("Directrice", "Direction d'essai")
    brouillon = prepare(Genre.SYNTHESE, "programme", REGION, contenu, qui)
    ecris(app.moteur, ECRIVAIN, replace(brouillon, acces=Acces.INTERNE))
    meteos: Sequence[Meteo | None] = [
        pilotage.dossiers(app, lecteur, REGION, ARRETE)[0].meteo for lecteur in (AGENT, PUBLIC)
    ]
    assert meteos == [Meteo.SOLEIL, None]
