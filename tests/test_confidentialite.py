"""A public reader cannot tell that a restricted dataset exists: every outlet is walked in his place."""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from google.protobuf.message import Message
from google.protobuf.text_format import MessageToString
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboard import archives, bootstrap, bulletins, catalogues, cli, instantanes, interface
from dashboard.api import matiere
from dashboard.bootstrap import Application
from dashboard.domain.lecteur import AGENT, PARTENAIRE, PUBLIC
from dashboard.instantane_parties import PARTIES
from dashboard.reglages import lis_reglages
from dashboard.store import queries, visibilite, vues
from tests import confidentiel, mini, paquets
from tests.confidentiel import CHIFFRE, GFU, INTERDITS, LIBELLE, NOM
from tests.confidentiel import PARTENAIRE as PARTENAIRE_DIT
from tests.pages.conftest import PAGES, PAGES_DES_AGENTS, RACINE, Ecran, Ouvre
from tests.pages.conftest import ouvre_avec as ouvre_avec
from tests.pages.conftest import servi as servi
from tests.partage import une_fois

INCONNU = "keu_invisible"
"""As near to the names that are known: what is suggested depends on nothing else."""


@pytest.fixture(scope="module")
def home(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With its public package of the week, everything drawn."""

    def construit(ou: Path) -> None:
        maison = confidentiel.installe(espace_mini, ou)
        app = paquets.ouvre(maison)
        instantanes.cree(app, maintenant=paquets.SEMAINES["2026-W48"])
        for nom, adresse in (("Revue ouverte", "programme=programme"), ("Revue taisible", "programme=programme,ferme")):
            vues.cree(app.moteur, "suivi", nom, adresse, ["programme"], app.auteur)
        app.moteur.dispose()

    return une_fois(tmp_path_factory, "confidentiel", construit) / "maison"


@pytest.fixture(scope="module")
def public(home: Path) -> Iterator[Application]:
    app = paquets.ouvre(home, "public")
    yield app
    app.moteur.dispose()


def muet(texte: str, ou: str) -> None:
    """Fails when a word of the restricted datasets is there."""
    plat = re.sub(r"[\s\u202f\xa0]+", " ", html.unescape(texte))
    assert [mot for mot in INTERDITS if mot in plat] == [], ou


def textes(fichier: Path) -> Iterator[str]:
    """All that a file holds, unfolded: archives, compressed streams, pages of a PDF."""
    octets = fichier.read_bytes()
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            yield from (archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    elif octets.startswith(b"%PDF"):
        lu = PdfReader(io.BytesIO(octets))
        yield " ".join(p.extract_text() for p in lu.pages) + str(lu.metadata)
    elif octets.startswith(b"\x1f\x8b"):
        yield gzip.decompress(octets).decode("utf-8", "replace")
    else:
        yield octets.decode("utf-8", "replace")


# ------------------------------------------------------------------------------------------ the store


def test_the_words_looked_for_are_those_an_agent_meets(home: Path) -> None:
    agent = paquets.ouvre(home)
    with agent.moteur.connect() as connexion:
        vus = {p.profil: queries.list_indicateurs(connexion, p) for p in (AGENT, PARTENAIRE, PUBLIC)}
    agent.moteur.dispose()
    assert (GFU in vus["agent"], GFU in vus["partenaire"], GFU in vus["public"]) == (True, True, False)
    internes = {"effectif_interne", "resultat_interne"}
    assert internes <= set(vus["agent"])
    assert internes.isdisjoint({*vus["partenaire"], *vus["public"]})


def test_a_partner_reads_what_is_shared_and_writes_nothing(home: Path) -> None:
    partenaire = paquets.ouvre(home, "partenaire")
    assert (partenaire.lecteur, partenaire.auteur.peut_ecrire) == (PARTENAIRE, False)
    expose = bootstrap.lecteur_local(lis_reglages({"BOUSSOLE_PROFIL": "partenaire", "BOUSSOLE_ADRESSE": "0.0.0.0"}))
    assert expose == PUBLIC
    partenaire.moteur.dispose()


# ------------------------------------------------------------------------------------------ pages


@pytest.fixture
def ouvre(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], home: Path) -> Ouvre:
    return ouvre_avec({**paquets.environnement(home), "BOUSSOLE_PROFIL": "public"})


def envoye(ecran: Ecran) -> str:
    """All that the browser receives of a page, the options of its selectors included."""
    messages = [e.proto for e in ecran.elements if isinstance(getattr(e, "proto", None), Message)]
    assert messages
    return " ".join(MessageToString(m, as_utf8=True) for m in messages) + ecran.texte


@pytest.mark.parametrize("page", [*PAGES, *PAGES_DES_AGENTS])
def test_no_page_says_a_word_of_it(ouvre: Ouvre, page: str) -> None:
    ecran = ouvre(page)
    assert not ecran.essai.exception
    muet(envoye(ecran), page)
    assert page != "suivi" or "Revue ouverte" in envoye(ecran)
    assert page not in PAGES_DES_AGENTS or ecran.texte.startswith("L'essentiel")


def test_the_page_of_agreements_is_guarded_by_itself(ouvre: Ouvre) -> None:
    essai = AppTest.from_file(str(RACINE / "pages" / "conventions.py"), default_timeout=60).run()
    assert not essai.exception
    assert Ecran(essai).texte == ""


@pytest.mark.parametrize(
    "url", [{"voir": "indicateurs"}, {"voir": "producteurs"}, {"q": "taisible"}, {"jeu": "comptes"}, {"acces": "gfu"}]
)
def test_no_part_of_the_catalogue_page_says_a_word_of_it(ouvre: Ouvre, url: dict[str, str]) -> None:
    ecran = ouvre("catalogue", **url)
    assert not ecran.essai.exception
    texte = envoye(ecran)
    muet(texte.replace("taisible", "") if "q" in url else texte, str(url))


def test_the_explanation_of_an_open_figure_says_no_word_of_it(ouvre: Ouvre) -> None:
    ecran = ouvre("pourquoi", indicateur="effectif", territoire=mini.REGION, periode="2023")
    texte = envoye(ecran.sains())
    assert "Comptes d'essai" in texte
    muet(texte, "pourquoi")


@pytest.mark.parametrize(
    ("page", "nom"),
    [
        ("catalogue", "jeu"),
        ("indicateur", "indicateur"),
        ("carte", "indicateur"),
        ("comparer", "indicateur"),
        ("suivi", "q"),
    ],
)
def test_naming_it_in_the_address_is_naming_nothing(ouvre: Ouvre, page: str, nom: str) -> None:
    dits = [ouvre(page, **{nom: voulu}).texte.replace(voulu, "…") for voulu in (GFU, INCONNU)]
    assert dits[0] == dits[1]


# ------------------------------------------------------------------------------------------ commands


@pytest.mark.parametrize(
    "commande", ["get {}", "get {} --territoire REG-99 --format json", "why {} REG-99 2023", "alertes --indicateur {}"]
)
def test_asking_for_it_by_command_is_asking_for_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], commande: str
) -> None:
    _environnement(monkeypatch, home)
    dits = []
    for voulu in (GFU, INCONNU):
        try:
            code = cli.main(commande.format(voulu).split())
        except SystemExit as sortie:
            code = int(str(sortie.code))
        lu = capsys.readouterr()
        dits.append((code, (lu.out + lu.err).replace(voulu, "…")))
    assert dits[0] == dits[1]
    assert dits[0][0] != 0
    muet(dits[0][1], commande)


def test_no_command_says_a_word_of_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _environnement(monkeypatch, home)
    for commande in ("doctor", "doctor --format json", "alertes", "snapshot list", "bulletin show"):
        try:
            cli.main(commande.split())
        except SystemExit:
            raise AssertionError(commande) from None
        lu = capsys.readouterr()
        muet(lu.out + lu.err, commande)
    for forme in ("table", "json"):
        assert cli.main(f"why effectif {mini.REGION} 2023 --format {forme}".split()) == 0
        muet(capsys.readouterr().out, "why")
    cli.main(["catalogue", "--out", str(tmp_path / "c.ttl")])
    muet((tmp_path / "c.ttl").read_text("utf-8"), "catalogue")


def _environnement(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for nom, valeur in {**paquets.environnement(home), "BOUSSOLE_PROFIL": "public"}.items():
        monkeypatch.setenv(nom, valeur)


# ------------------------------------------------------------------------------------------ what is served


def test_nothing_served_says_a_word_of_it(public: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    for forme in ("ttl", "jsonld"):
        muet(catalogues.servi(forme, "https://exemple.invalid", public).decode(), forme)
    muet(bulletins.flux("https://exemple.invalid/", public).decode(), "bulletins")
    monkeypatch.setattr(bootstrap, "application", lambda: public)
    dits = {c.nom: c.message for c in bootstrap.controles_pret()}
    assert dits["sources"] == "2 sources publiées sur 2."
    muet(str(dits), "pret")


def test_a_file_of_it_is_as_unknown_as_any_other(public: Application) -> None:
    refus = []
    for voulu in (GFU, INCONNU):
        with pytest.raises(instantanes.InstantaneRefuse) as refuse:
            catalogues.fichier(f"donnees/observations/{voulu}.csv", public)
        refus.append(str(refuse.value).replace(voulu, "…"))
    assert refus[0] == refus[1]


def test_the_public_package_says_a_word_of_it_in_no_file(public: Application) -> None:
    paquet = instantanes.dossier(public.reglages, "public") / "2026-W48"
    fichiers = [f for f in paquet.rglob("*") if f.is_file()]
    assert {"site", "portraits", "donnees"} <= {f.relative_to(paquet).parts[0] for f in fichiers}
    for fichier in fichiers:
        nom = fichier.relative_to(paquet).as_posix()
        muet(nom, nom)
        for texte in textes(fichier):
            muet(texte, nom)


# ------------------------------------------------------------------------------------------ the day an agreement ends


@pytest.fixture(scope="module")
def partage(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """An open dataset under an agreement that ends on a Sunday; its public package of the week before is published."""
    home = tmp_path_factory.mktemp("partage")
    maison = confidentiel.installe(espace_mini, home, "ouvert", jusqu_au=FIN.isoformat(), diffusion="ouvert")
    app = paquets.ouvre(maison)
    with pytest.MonkeyPatch.context() as le_temps:
        le_temps.setattr(visibilite, "aujourd_hui", lambda: FIN)
        instantanes.cree(app, maintenant=paquets.SEMAINES["2026-W48"], parties=BULLETIN)
    yield app
    app.moteur.dispose()


FIN = date(2026, 11, 29)
BULLETIN = [p for p in PARTIES if p.nom in ("bulletin", "catalogue et lignage")]


@pytest.mark.parametrize(("jour", "lu"), [(FIN, True), (FIN + timedelta(1), False)])
def test_an_agreement_that_ended_stops_what_was_already_published(
    partage: Application, monkeypatch: pytest.MonkeyPatch, jour: date, lu: bool
) -> None:
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: jour)
    public = replace(partage, lecteur=PUBLIC)
    observations = f"donnees/observations/{GFU}.csv"
    assert _repond(lambda: archives.archive(public, "public", "2026-W48")) is lu
    assert _repond(lambda: catalogues.fichier(observations, public)) is lu
    assert _repond(lambda: catalogues.fichier("donnees/indicateurs.csv", public)) is lu
    assert [n.semaine for n in bulletins.numeros(public, PUBLIC)] == (["2026-W48"] if lu else [])
    assert (GFU in catalogues.servi("ttl", "https://exemple.invalid", public).decode()) is lu
    for lecteur in (AGENT, PARTENAIRE, PUBLIC):
        with partage.moteur.connect() as connexion:
            assert (GFU in queries.list_indicateurs(connexion, lecteur)) is lu


def _repond(question: Callable[[], object]) -> bool:
    try:
        question()
    except instantanes.InstantaneRefuse:
        return False
    return True


@pytest.mark.parametrize("commande", ["snapshot zip 2026-W48 --out {}", "snapshot diff 2026-W48 2026-W48"])
def test_no_command_opens_a_package_that_is_withheld(
    partage: Application, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    commande: str,
) -> None:  # fmt: skip
    _environnement(monkeypatch, partage.reglages.home)
    for jour, code in ((FIN, 0), (FIN + timedelta(1), 1)):
        monkeypatch.setattr(visibilite, "aujourd_hui", lambda jour=jour: jour)
        assert cli.main(commande.format(tmp_path / f"{code}.zip").split()) == code
    assert "2026-W48 » retiré" in capsys.readouterr().err
    assert not (tmp_path / "1.zip").exists()


def test_the_next_package_says_nothing_of_what_ended(partage: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN + timedelta(1))
    fait = instantanes.cree(partage, maintenant=paquets.SEMAINES["2026-W49"], parties=BULLETIN)
    for fichier in (f for f in fait.chemin.rglob("*") if f.is_file()):
        for texte in textes(fichier):
            assert [mot for mot in (GFU, LIBELLE, NOM, CHIFFRE) if mot in texte] == [], fichier.name


def test_a_page_opened_before_midnight_shows_it_no_more_after(
    partage: Application, ouvre_avec: Callable[[Mapping[str, str]], Ouvre], monkeypatch: pytest.MonkeyPatch
) -> None:
    ouvre = ouvre_avec({**paquets.environnement(partage.reglages.home), "BOUSSOLE_PROFIL": "public"})
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN)
    assert LIBELLE in ouvre("catalogue", voir="indicateurs").texte
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN + timedelta(1))
    assert LIBELLE not in ouvre("catalogue", voir="indicateurs").texte
    assert NOM not in ouvre("catalogue").texte
    assert CHIFFRE not in ouvre("indicateur", indicateur=GFU).texte.replace(" ", "")
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN)
    assert LIBELLE in ouvre("catalogue", voir="indicateurs").texte


def test_agents_are_told_what_ended_and_nothing_else_is(
    partage: Application, ouvre_avec: Callable[[Mapping[str, str]], Ouvre], monkeypatch: pytest.MonkeyPatch
) -> None:
    ouvre = ouvre_avec({**paquets.environnement(partage.reglages.home), "BOUSSOLE_PROFIL": "agent"})
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN - timedelta(20))
    avant = ouvre("conventions").sains().texte
    assert ("expire sous 30 jours" in avant, "reste 20 jours" in avant, PARTENAIRE_DIT in avant) == (True, True, True)
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN + timedelta(2))
    apres = ouvre("conventions").sains().texte
    assert "1 expirée" in apres
    assert f"depuis 2 jours. Plus lu par personne : {LIBELLE}." in apres
    assert "Abonnements aux alertes et au bulletin" in apres


@pytest.mark.parametrize(
    ("reste", "dit"),
    [
        (61, "Aucune convention n'expire sous 60 jours."),
        (60, f"À renouveler : « {NOM} », jusqu'au 29 nov. 2026."),
        (-1, f"À renouveler : « {NOM} », expirée, close le 29 nov. 2026."),
    ],
)
def test_doctor_tells_agents_what_ends_and_fails_for_nothing(
    partage: Application, monkeypatch: pytest.MonkeyPatch, reste: int, dit: str
) -> None:
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN - timedelta(reste))
    monkeypatch.setattr(bootstrap, "application", lambda: partage)
    controles = {c.nom: c for c in bootstrap.controles_pret(detaille=True)}
    assert (controles["conventions"].ok, controles["conventions"].message) == (True, dit)
    assert "conventions" not in {c.nom for c in bootstrap.controles_pret()}


# ----------------------------------------------------------------------------------- then its source is withdrawn


@pytest.fixture(scope="module")
def retiree(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A shared source fed an open indicator too, in a package; its agreement ended, then the espace forgot it."""
    maison = confidentiel.installe(
        espace_mini, tmp_path_factory.mktemp("retiree"), "ouvert", jusqu_au=FIN.isoformat(), diffusion="ouvert"
    )
    source = maison / "espace" / "sources" / f"{confidentiel.SOURCE}.yml"
    effectif = maison / "espace" / "indicateurs" / "effectif.yml"
    (maison / "espace" / "indicateurs" / f"{GFU}.yml").unlink()
    seul = effectif.read_text("utf-8")
    source.write_text(source.read_text("utf-8").replace(GFU, "effectif"), "utf-8")
    effectif.write_text(f"{seul}complements: [{confidentiel.SOURCE}]\n", "utf-8")
    with pytest.MonkeyPatch.context() as le_temps:
        le_temps.setattr(visibilite, "aujourd_hui", lambda: FIN)
        app = paquets.ouvre(maison)
        bootstrap.prepare(app)
        source_partagee = next(s for s in app.sources if s.id == confidentiel.SOURCE)
        assert bootstrap.tire(app, source_partagee, lambda _etape, _part: None).etat == "publie"
        assert _region(app) == int(CHIFFRE) * len(mini.COMMUNES)
        instantanes.cree(app, maintenant=paquets.SEMAINES["2026-W48"], parties=BULLETIN)
        app.moteur.dispose()
    source.unlink()
    effectif.write_text(seul, "utf-8")
    app = paquets.ouvre(maison)
    bootstrap.prepare(app)
    yield app
    app.moteur.dispose()


def _region(app: Application) -> float:
    return mini.Atelier(app.moteur, app.espace, app.sources, app.reglages.espace).chiffres(lecteur=PUBLIC)[mini.REGION]


def test_what_a_withdrawn_source_gave_is_told_nowhere(
    retiree: Application, ouvre_avec: Callable[[Mapping[str, str]], Ouvre], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN + timedelta(1))
    assert _region(retiree) == sum(population for _, _, population in mini.COMMUNES.values())
    public = replace(retiree, lecteur=PUBLIC)
    assert not _repond(lambda: archives.archive(public, "public", "2026-W48"))
    assert not _repond(lambda: catalogues.fichier("donnees/observations/effectif.csv", public))
    donnees = interface.donnees(public)
    with retiree.moteur.connect() as connexion:
        courante = matiere.lis_matiere(connexion, donnees, queries.load_version(connexion))
        alors = matiere.en_semaine(connexion, courante, "2026-W48", donnees.sources)
        assert ("effectif" in courante.indicateurs, "effectif" in alors.indicateurs) == (True, False)
        assert "effectif" not in queries.list_indicateurs(connexion, alors.lecteur)
    ouvre = ouvre_avec({**paquets.environnement(retiree.reglages.home), "BOUSSOLE_PROFIL": "public"})
    for semaine in ({}, {"semaine": "2026-W48"}):
        ecran = ouvre("indicateur", indicateur="effectif", **semaine).sains()
        assert str(int(CHIFFRE) * len(mini.COMMUNES)) not in re.sub(r"\s", "", ecran.texte)
        assert ("Essai effectif" in ecran.texte) is not bool(semaine)
