"""The package of the week, made and published on the tiny espace: what it holds, what it hides, what stops it."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from dashboard import instantanes, restauration
from dashboard.bootstrap import Application
from dashboard.domain.formatage import pourcentage
from dashboard.domain.indicateur import Espace
from dashboard.domain.instantane import SCEAU, Sceau, Semaine, empreintes_tables
from dashboard.domain.statut import Statut
from dashboard.exports import instantane_schema, publication, verifie
from dashboard.exports.publication import InstantaneAbime
from dashboard.instantane_parties import Partie
from dashboard.instantanes import InstantaneImpossible, InstantaneRefuse
from dashboard.store.ecriture import EcritureRefusee
from dashboard.store.instantanes import load_instantanes
from dashboard.store.moteur import migre
from tests import mini, paquets
from tests.conftest import RACINE, adresse
from tests.paquets import INTERDIT, cree, modifie


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paquets.installe(espace_mini, tmp_path_factory.mktemp("instantanes"))


@pytest.fixture
def app(maison: Path, tmp_path: Path) -> Iterator[Application]:
    with paquets.copie(maison, tmp_path / "maison") as ouverte:
        yield ouverte


@pytest.fixture(scope="module")
def complets(maison: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A complete package of each audience, drawings included. Read only."""
    with paquets.copie(maison, tmp_path_factory.mktemp("complets") / "maison") as ouverte:
        quand = paquets.SEMAINES["2026-W48"]
        return {a: instantanes.cree(ouverte, a, maintenant=quand).chemin for a in ("public", "interne")}


def snapshots(app: Application) -> Path:
    return instantanes.dossier(app.reglages, "public")


def etat_sain(app: Application, courant: str | None) -> None:
    """``current`` names a verified package, and nothing is left over."""
    ou = snapshots(app)
    assert publication.courant(ou) == courant
    assert not [f.name for f in ou.iterdir() if f.name.startswith(".")]
    assert verifie.verifie(str(ou)) == []


# ------------------------------------------------------------------------------------------ what it holds


def test_a_package_is_sealed_complete_and_said_in_the_store(app: Application) -> None:
    fait = cree(app)
    assert (fait.nouveau, str(fait.semaine)) == (True, "2026-W48")
    etat_sain(app, "2026-W48")
    version = json.loads((fait.chemin / "version.json").read_bytes())
    assert (version["arrete"], version["cree_le"], version["audience"]) == (
        "2026-11-23",
        "2026-11-23T04:00:00Z",
        "public",
    )
    assert version["contenu"] == fait.contenu == Sceau.lis((fait.chemin / SCEAU).read_bytes()).contenu
    with app.moteur.connect() as connexion:
        (ligne,) = load_instantanes(connexion, "public")
    assert (ligne.semaine, ligne.sceau, ligne.contenu, ligne.precedent) == (
        fait.semaine,
        fait.sceau,
        fait.contenu,
        None,
    )


def test_every_figure_of_the_csv_is_that_of_the_parquet(complets: dict[str, Path]) -> None:
    for paquet in complets.values():
        for table in (instantane_schema.RESULTATS, instantane_schema.OBJECTIFS):
            lues = restauration.lis_table(paquet, table)
            assert lues == pq.read_table(paquet / "donnees" / f"{table.nom}.parquet").to_pylist()
        observations = pq.read_table(paquet / "donnees" / "observations.parquet").to_pylist()
        genres = {c.nom: c.genre for c in instantane_schema.OBSERVATIONS.champs}
        lues = []
        for fichier in sorted((paquet / "donnees" / "observations").iterdir()):
            with fichier.open(encoding="utf-8", newline="") as ouvert:
                lues += [{c: restauration.valeur(v, genres[c]) for c, v in x.items()} for x in csv.DictReader(ouvert)]
        assert lues == observations
        assert len(lues) > 20


def test_every_figure_of_the_workbook_is_that_of_the_data(complets: dict[str, Path]) -> None:
    classeur = CalamineWorkbook.from_path(str(complets["public"] / "synthese.xlsx"))
    assert classeur.sheet_names == ["Lisez-moi", "Essentiel", "Programmes", "Résultats", "Indicateurs", "Région",
                                   "Départements", "EPCI"]  # fmt: skip
    observations = pq.read_table(complets["public"] / "donnees" / "observations.parquet").to_pylist()
    vus = 0
    for feuille in ("Région", "Départements", "EPCI"):
        titres, _, *lignes = classeur.get_sheet_by_name(feuille).to_python()
        for ligne in lignes:
            for titre, valeur in zip(titres[2:], ligne[2:], strict=False):
                indicateur = str(titre).removeprefix("Essai ").partition(" (")[0]
                siennes = [o for o in observations if (o["indicateur"], o["territoire"]) == (indicateur, ligne[0])]
                if valeur == "s.":
                    assert siennes[-1]["statut"] == "Q"
                elif valeur != "":
                    assert valeur == siennes[-1]["valeur"]
                    vus += 1
    assert vus == 7


def test_a_hidden_value_has_no_figure_anywhere(complets: dict[str, Path]) -> None:
    for paquet in complets.values():
        tout = pq.read_table(paquet / "donnees" / "observations.parquet").to_pylist()
        caches = [x for x in tout if x["statut"] == "Q"]
        assert caches
        chiffres = ("valeur", "numerateur", "denominateur", "n_unites", "calculee")
        assert {x[c] for x in caches for c in chiffres} == {None}


def _tout_le_texte(paquet: Path) -> dict[str, bytes]:
    """Every file in clear: a workbook unzipped, a Parquet read."""
    textes = {}
    for fichier in sorted(f for f in paquet.rglob("*") if f.is_file()):
        octets = fichier.read_bytes()
        if fichier.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                octets = b"".join(archive.read(n) for n in archive.namelist())
        elif fichier.suffix == ".parquet":
            octets = str(pq.read_table(fichier).to_pylist()).encode()
        elif fichier.suffix == ".pdf":
            octets = _texte_pdf(fichier).encode()
        textes[fichier.relative_to(paquet).as_posix()] = octets
    return textes


def _texte_pdf(fichier: Path) -> str:
    import pypdf

    return "".join(page.extract_text() for page in pypdf.PdfReader(fichier).pages)


def test_the_public_package_holds_nothing_restricted(complets: dict[str, Path]) -> None:
    secrets = (INTERDIT, "effectif_interne", "resultat_interne", "Programme fermé", "Mots interne", "sur ferme")
    publics, internes = _tout_le_texte(complets["public"]), b"".join(_tout_le_texte(complets["interne"]).values())
    for secret in secrets:
        assert [nom for nom, texte in publics.items() if secret.encode() in texte] == [], secret
        assert secret.encode() in internes, secret
    assert complets["public"].parent != complets["interne"].parent


def test_the_espace_of_a_package_is_read_back_as_one(complets: dict[str, Path]) -> None:
    lus = {
        a: Espace.model_validate(json.loads((p / "espace.json").read_bytes())["espace"]) for a, p in complets.items()
    }
    assert len(lus["public"].indicateurs) == len(lus["interne"].indicateurs) - 2
    assert [p.id for p in lus["public"].programmes] == ["programme"]


def test_the_descriptor_tells_the_digest_of_each_table(complets: dict[str, Path]) -> None:
    descripteur = json.loads((complets["public"] / "datapackage.json").read_bytes())
    empreintes = empreintes_tables(descripteur)
    manifeste = (complets["public"] / "MANIFEST.sha256").read_text("utf-8").splitlines()
    sommes = {ligne[66:]: ligne[:64] for ligne in manifeste}
    assert empreintes == {c: sommes[c] for c in empreintes}
    assert "donnees/observations/effectif.csv" in empreintes
    assert set(sommes) >= {"rapport.pdf", "carte.gpkg", "synthese.xlsx", "LISEZMOI.txt", "verifie.py", "espace.json",
                           f"portraits/{mini.REGION}.pdf", f"portraits/{mini.E1}.pdf"}  # fmt: skip


def test_the_package_is_valid_for_frictionless(complets: dict[str, Path]) -> None:
    frictionless = pytest.importorskip("frictionless", reason="installé par make test (requirements-dev.txt)")
    for paquet in complets.values():
        rapport = frictionless.Package(str(paquet / "datapackage.json")).validate()
        assert rapport.valid, rapport.flatten(["type", "message"])
        assert len(rapport.tasks) > 15


def test_gdal_opens_every_layer_of_the_map(complets: dict[str, Path]) -> None:
    import pyogrio

    carte = complets["public"] / "carte.gpkg"
    couches = {str(nom) for nom, _ in pyogrio.list_layers(carte)}
    assert couches == {"region", "departement", "epci", "commune", "notice"}
    communes = pyogrio.read_dataframe(carte, layer="commune")
    assert dict(zip(communes["code"], communes["effectif"], strict=True)) == {c: v[2] for c, v in mini.COMMUNES.items()}
    assert communes.geometry.notna().all()
    assert set(communes["effectif_periode"]) == {"2023"}


def test_pdfs_carry_the_week_and_the_fingerprint(complets: dict[str, Path]) -> None:
    lisezmoi = (complets["public"] / "LISEZMOI.txt").read_text("utf-8")
    courte = lisezmoi.partition("Empreinte du contenu : ")[2].partition("\n")[0]
    for pdf in ("rapport.pdf", "bulletin.pdf", f"portraits/{mini.NORD}.pdf"):
        texte = " ".join(_texte_pdf(complets["public"] / pdf).split())
        assert "2026-W48" in texte
        assert courte in texte
        assert "Hors instantané" not in texte


def test_every_pdf_carries_the_code_of_its_week_its_audience_and_its_whole_content(complets: dict[str, Path]) -> None:
    import pypdf

    for audience, paquet in complets.items():
        contenu = Sceau.lis((paquet / SCEAU).read_bytes()).contenu
        pdfs = sorted(paquet.rglob("*.pdf"))
        assert len(pdfs) > 3
        for pdf in pdfs:
            alts = {str(o["/Alt"]) for o in _objets(pypdf.PdfReader(pdf)) if "/Alt" in o}
            assert f"Code QR : « Boussole 2026-W48 {audience} contenu {contenu} »." in alts, pdf.name


def _objets(lu: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary of a PDF, its tags among them."""
    for numero in range(1, lu.trailer["/Size"]):
        objet = lu.get_object(numero)
        if isinstance(objet, dict):
            yield objet


def test_the_progress_printed_in_the_report_is_that_of_the_data(complets: dict[str, Path]) -> None:
    texte = _texte_pdf(complets["public"] / "rapport.pdf").replace("\u202f", " ")
    etats = restauration.lis_table(complets["public"], instantane_schema.ETATS)
    region = [e for e in etats if e["territoire"] == mini.REGION and e["taux"] is not None]
    assert region
    for etat in region:
        assert pourcentage(etat["taux"], 0).replace("\u202f", " ") in texte
        assert Statut(etat["statut"]).libelle in texte.lower()


def test_the_same_data_give_the_same_bytes_of_every_drawing(
    maison: Path, tmp_path: Path, complets: dict[str, Path]
) -> None:
    with paquets.copie(maison, tmp_path / "m") as autre:
        refait = instantanes.cree(autre, maintenant=paquets.SEMAINES["2026-W48"]).chemin
    avant, apres = (
        dict(reversed(x.split("  ", 1)) for x in (p / "MANIFEST.sha256").read_text("utf-8").splitlines())
        for p in (complets["public"], refait)
    )  # fmt: skip
    assert avant == apres


def test_each_step_is_told_to_who_watches(app: Application) -> None:
    vues: list[tuple[str, float]] = []
    cree(app, progres=lambda etape, part: vues.append((etape, part)))
    assert [e for e, _ in dict.fromkeys((e, 0) for e, _ in vues)] == ["valeurs", "tables", "sceau et vérification"]
    assert all(0 <= part < 1 for _, part in vues)


# ------------------------------------------------------------------------------------------ once, then corrected


def test_the_same_data_twice_are_published_once(app: Application) -> None:
    premier = cree(app)
    second = cree(app, maintenant=datetime(2026, 11, 29, 20, tzinfo=UTC), raison="sans objet")
    assert (second.nouveau, second.contenu, second.sceau) == (False, premier.contenu, premier.sceau)
    etat_sain(app, "2026-W48")


def test_other_data_in_the_same_week_need_a_reason_and_make_a_revision(app: Application) -> None:
    premier = cree(app)
    octets = {f: f.read_bytes() for f in premier.chemin.rglob("*") if f.is_file()}
    modifie(app)
    with pytest.raises(InstantaneRefuse, match="--raison"):
        cree(app)
    corrige = cree(app, raison="Un mot manquait")
    assert str(corrige.semaine) == "2026-W48.r2"
    assert Sceau.lis((corrige.chemin / SCEAU).read_bytes()).precedent == premier.sceau
    assert {f: f.read_bytes() for f in octets} == octets
    assert "Un mot manquait" in (corrige.chemin / "LISEZMOI.txt").read_text("utf-8")
    etat_sain(app, "2026-W48.r2")
    assert [(str(e.semaine), e.motif) for e in instantanes.liste(app, "public", paquets.SEMAINES["2026-W48"])] == [
        ("2026-W48.r2", "Un mot manquait"), ("2026-W48", ""),
    ]  # fmt: skip


def test_a_missed_week_is_said_and_never_made_afterwards(app: Application) -> None:
    cree(app, "2026-W47")
    cree(app, "2026-W49")
    etats = instantanes.liste(app, "public", paquets.SEMAINES["2026-W49"])
    assert [(str(e.semaine), e.etat) for e in etats] == [
        ("2026-W49", "publie"), ("2026-W48", "non_produite"), ("2026-W47", "publie"),
    ]  # fmt: skip
    with pytest.raises(InstantaneRefuse, match="horloge"):
        cree(app, "2026-W48")
    etat_sain(app, "2026-W49")


def test_the_zone_of_the_machine_changes_nothing(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        assert str(cree(app, maintenant=datetime(2026, 11, 22, 22, 59, tzinfo=UTC)).semaine) == "2026-W47"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_public_profile_makes_nothing(app: Application, maison: Path) -> None:
    public = paquets.ouvre(maison, "public")
    with pytest.raises(EcritureRefusee):
        cree(public)
    public.moteur.dispose()


# ------------------------------------------------------------------------------------------ what stops it


def _lance(app: Application, semaine: str, limite: int, *tout: str) -> subprocess.CompletedProcess[str]:
    commande = [sys.executable, "-c", paquets.TUE, str(app.reglages.home), semaine, str(limite), *tout]
    return subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)


def _tue_a(app: Application, maison: Path, limite: int, *tout: str) -> None:
    """After a kill at the nth write, ``current`` is verified; the next run clears and finishes."""
    _remets(app, maison)
    fait = _lance(app, "2026-W48", limite, *tout)
    assert fait.returncode == -9, (limite, fait.stderr)
    _reprend(app, limite)


def _remets(app: Application, maison: Path) -> None:
    """The home as it was when only last week was published."""
    home = app.reglages.home
    for reste in ("snapshots", "boussole.sqlite"):
        chemin = home / reste
        shutil.rmtree(chemin) if chemin.is_dir() else chemin.unlink(missing_ok=True)
    shutil.copy(maison / "boussole.sqlite", home)
    shutil.copytree(maison / "avec_w47", home / "snapshots")


def _reprend(app: Application, limite: object) -> None:
    courant = publication.courant(snapshots(app))
    assert courant in ("2026-W47", "2026-W48"), limite
    assert verifie.verifie_paquet(str(snapshots(app) / courant)) == [], limite
    repris = cree(app)
    assert str(repris.semaine) == "2026-W48", limite
    etat_sain(app, "2026-W48")
    with app.moteur.connect() as connexion:
        assert [str(x.semaine) for x in load_instantanes(connexion, "public")][-1] == "2026-W48", limite


@pytest.fixture(scope="module")
def maison_w47(maison: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A home with last week published, kept beside; and how many writes a run makes."""
    copie = shutil.copytree(maison, tmp_path_factory.mktemp("w47") / "maison")
    ouverte = paquets.ouvre(copie)
    cree(ouverte, "2026-W47")
    ouverte.moteur.dispose()
    shutil.copytree(copie / "snapshots", copie / "avec_w47")
    temoin = shutil.copytree(copie, copie.parent / "temoin")
    fait = subprocess.run(
        [sys.executable, "-c", paquets.TUE, str(temoin), "2026-W48", "0"],
        cwd=RACINE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return copie, int(fait.stdout)


@pytest.fixture
def app_w47(maison_w47: tuple[Path, int], tmp_path: Path) -> Iterator[Application]:
    with paquets.copie(maison_w47[0], tmp_path / "maison") as ouverte:
        yield ouverte


def test_a_kill_at_a_sample_of_writes_leaves_a_verified_package(
    app_w47: Application, maison_w47: tuple[Path, int]
) -> None:
    maison, total = maison_w47
    assert total > 30
    for limite in (total // 2, total - 2, total - 1, total):
        app_w47.moteur.dispose()
        _tue_a(app_w47, maison, limite)


@pytest.mark.endurance
def test_a_kill_at_every_write_leaves_a_verified_package(app_w47: Application, maison_w47: tuple[Path, int]) -> None:
    maison, total = maison_w47
    for limite in range(1, total + 1):
        app_w47.moteur.dispose()
        _tue_a(app_w47, maison, limite)


@pytest.mark.endurance
def test_a_kill_at_every_write_of_all_that_is_drawn_leaves_a_verified_package(
    app_w47: Application, maison_w47: tuple[Path, int]
) -> None:
    maison, sans_dessin = maison_w47
    _remets(app_w47, maison)
    total = int(_lance(app_w47, "2026-W48", 0, "tout").stdout)
    assert total > sans_dessin + 10
    # The first writes are those of the data, where the test above has already stopped it.
    for limite in range(sans_dessin - 20, total + 1):
        app_w47.moteur.dispose()
        _tue_a(app_w47, maison, limite, "tout")


@pytest.mark.endurance
def test_a_kill_at_any_instant_leaves_a_verified_package(app_w47: Application, maison_w47: tuple[Path, int]) -> None:
    """Also in the middle of a write, and in the libraries that write by themselves."""
    maison, hasard = maison_w47[0], random.Random(2026)
    _remets(app_w47, maison)
    debut = time.monotonic()
    _lance(app_w47, "2026-W48", 0, "tout")
    duree, tues = time.monotonic() - debut, 0
    commande = [sys.executable, "-c", paquets.TUE, str(app_w47.reglages.home), "2026-W48", "0", "tout"]
    for tour in range(40):
        app_w47.moteur.dispose()
        _remets(app_w47, maison)
        instant = hasard.uniform(0.3, 1.0) * duree
        lance = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            lance.wait(instant)
        lance.kill()
        tues += lance.wait() == -9
        _reprend(app_w47, (tour, instant))
    assert tues > 20


def test_a_run_killed_between_the_rename_and_the_journal_is_finished_by_the_next(
    app_w47: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tombe(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(publication, "_inscrit", tombe)
        with pytest.raises(InstantaneImpossible, match=r"No space.*« current » reste 2026-W47"):
            cree(app_w47)
    assert publication.courant(snapshots(app_w47)) == "2026-W47"
    assert (snapshots(app_w47) / "2026-W48").is_dir()
    suite = cree(app_w47)
    assert (suite.nouveau, str(suite.semaine)) == (False, "2026-W48")
    etat_sain(app_w47, "2026-W48")


@pytest.mark.parametrize("limite", [20_000, 150_000])
def test_a_full_disk_leaves_the_last_verified_package(
    app_w47: Application, monkeypatch: pytest.MonkeyPatch, limite: int
) -> None:
    ecrits = 0
    vrai = publication.Path.write_bytes

    def ecris(chemin: Path, octets: Any) -> int:
        nonlocal ecrits
        ecrits += len(octets)
        if ecrits > limite:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return vrai(chemin, octets)

    def grosse(_: object, dossier: Path) -> None:
        for n in range(20):
            (dossier / f"partie_{n}").write_bytes(b"x" * 10_000)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", ecris)
        with pytest.raises(InstantaneImpossible, match="No space"):
            cree(app_w47, parties=[Partie("grosse", grosse)])
    etat_sain(app_w47, "2026-W47")
    assert str(cree(app_w47).semaine) == "2026-W48"


def _disque_plein(app: Application, pas: int, *tout: str) -> int:
    """On a real, small disk in a mount namespace of its own; how many times it was full."""
    commande = ["unshare", "-rm", sys.executable, "-c", paquets.PLEIN, str(app.reglages.home), str(pas), *tout]
    fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    if "unshare" in fait.stderr or "mount:" in fait.stderr:
        pytest.skip("cette machine ne laisse pas monter un disque d'essai")
    assert fait.returncode == 0, fait.stderr
    return int(fait.stdout)


def test_a_disk_really_full_leaves_the_last_verified_package(app_w47: Application) -> None:
    assert _disque_plein(app_w47, 40) >= 2


@pytest.mark.endurance
def test_a_disk_full_at_every_page_leaves_the_last_verified_package(app_w47: Application) -> None:
    assert _disque_plein(app_w47, 4) >= 20


@pytest.mark.endurance
def test_a_disk_full_at_any_time_of_all_that_is_drawn_leaves_the_last_verified_package(app_w47: Application) -> None:
    assert _disque_plein(app_w47, 24, "tout") >= 20


@pytest.mark.endurance
def test_every_damage_of_every_file_of_a_complete_package_is_found(complets: dict[str, Path], tmp_path: Path) -> None:
    dossier = shutil.copytree(complets["public"].parent, tmp_path / "snapshots")
    (paquet,) = [f for f in dossier.iterdir() if f.is_dir()]
    fichiers = sorted(f for f in dossier.rglob("*") if f.is_file())
    assert len(fichiers) > 40
    for fichier in fichiers:
        octets = fichier.read_bytes()
        milieu = len(octets) // 2
        for dommage in (octets[:milieu] + bytes([octets[milieu] ^ 1]) + octets[milieu + 1 :], octets[:-2], b""):
            fichier.write_bytes(dommage)
            assert verifie.verifie(str(dossier)), (fichier.name, len(dommage))
        fichier.unlink()
        assert verifie.verifie(str(dossier)), (fichier.name, "absent")
        fichier.with_name(f"{fichier.name}.autre").write_bytes(octets)
        assert verifie.verifie(str(dossier)), (fichier.name, "renommé")
        fichier.with_name(f"{fichier.name}.autre").rename(fichier)
    for lieu in {f.parent for f in fichiers if paquet in f.parents}:
        (lieu / "en_trop").write_bytes(b"")
        assert verifie.verifie(str(dossier)), (lieu.name, "en trop")
        (lieu / "en_trop").unlink()
    assert verifie.verifie(str(dossier)) == []


def test_a_part_that_fails_publishes_nothing(app_w47: Application) -> None:
    def casse(_: object, dossier: Path) -> None:
        (dossier / "a_moitie.txt").write_text("x")
        raise RuntimeError("panne")

    with pytest.raises(InstantaneImpossible, match=r"« casse ».*panne"):
        cree(app_w47, parties=[Partie("casse", casse)])
    etat_sain(app_w47, "2026-W47")


def test_what_changes_between_the_seal_and_the_reading_is_not_published(
    app_w47: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    vrai = publication._sur_le_disque

    def abime(chantier: Path) -> None:
        vrai(chantier)
        (chantier / "version.json").write_bytes(b"{}")

    monkeypatch.setattr(publication, "_sur_le_disque", abime)
    with pytest.raises(InstantaneAbime, match=r"version\.json : contenu modifié"):
        cree(app_w47)
    etat_sain(app_w47, "2026-W47")


def test_a_package_out_of_the_chain_is_never_adopted_nor_erased(app_w47: Application) -> None:
    etranger = shutil.copytree(snapshots(app_w47) / "2026-W47", snapshots(app_w47) / "2026-W30")
    with pytest.raises(InstantaneAbime, match="hors de la chaîne"):
        cree(app_w47)
    assert (etranger / SCEAU).is_file()


def _a_la_fois(app: Application, fois: int) -> None:
    script = (
        "import sys; from pathlib import Path; from tests import paquets; from dashboard.store.moteur import "
        "MagasinIndisponible\n"
        "try: print('publie' if paquets.cree(paquets.ouvre(Path(sys.argv[1]))).nouveau else 'deja')\n"
        "except MagasinIndisponible as e: print('occupe' if 'Un autre instantané' in str(e) else e)"
    )
    commande = [sys.executable, "-c", script, str(app.reglages.home)]
    lances = [subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, text=True) for _ in range(fois)]
    dits = sorted(p.communicate()[0].strip() for p in lances)
    assert dits.count("publie") == 1, dits
    assert set(dits) <= {"publie", "deja", "occupe"}, dits
    etat_sain(app, "2026-W48")


def test_of_two_runs_at_once_one_publishes(app: Application) -> None:
    _a_la_fois(app, 2)


@pytest.mark.endurance
def test_of_two_runs_at_once_twenty_times_one_publishes(maison: Path, tmp_path: Path) -> None:
    for n in range(20):
        with paquets.copie(maison, tmp_path / str(n)) as ouverte:
            _a_la_fois(ouverte, 2)


# ------------------------------------------------------------------------------------------ signed, removed


def test_a_key_signs_the_seal_and_openssh_verifies_it(app: Application, tmp_path: Path) -> None:
    cle, signataires = tmp_path / "cle", tmp_path / "signataires"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(cle)], check=True)
    signataires.write_text(f"region {cle.with_suffix('.pub').read_text()}")
    signee = replace(app, reglages=replace(app.reglages, cle_signature=cle))
    fait = cree(signee)
    etat_sain(app, "2026-W48")
    demande = ["ssh-keygen", "-Y", "verify", "-f", str(signataires), "-I", "region", "-n", "boussole", "-s",
               str(fait.chemin / "SEAL.json.sig")]  # fmt: skip
    octets = (fait.chemin / SCEAU).read_bytes()
    assert subprocess.run(demande, input=octets, capture_output=True, check=False).returncode == 0
    assert subprocess.run(demande, input=octets + b" ", capture_output=True, check=False).returncode != 0


def test_a_key_that_is_not_there_publishes_nothing(app: Application, tmp_path: Path) -> None:
    sans = replace(app, reglages=replace(app.reglages, cle_signature=tmp_path / "absente"))
    with pytest.raises(InstantaneAbime, match="BOUSSOLE_CLE_SIGNATURE"):
        cree(sans)
    assert publication.courant(snapshots(app)) is None


def test_a_removed_week_leaves_its_seal_and_the_reason(app: Application) -> None:
    premier = cree(app, "2026-W47")
    cree(app, "2026-W48")
    with pytest.raises(InstantaneRefuse, match="raison"):
        instantanes.retire(app, "public", premier.semaine, " ")
    quand = datetime(2026, 11, 24, tzinfo=UTC)
    instantanes.retire(app, "public", premier.semaine, "Place", quand)
    assert not premier.chemin.exists()
    etat_sain(app, "2026-W48")
    derniere = instantanes.liste(app, "public", quand)[-1]
    assert (derniere.etat, derniere.sceau, derniere.motif) == ("retire", premier.sceau, "Place")
    with app.moteur.connect() as connexion:
        assert [x.etat for x in load_instantanes(connexion, "public")] == ["retire", "publie"]
    with pytest.raises(InstantaneAbime, match="dernier publié"):
        instantanes.retire(app, "public", Semaine.lis("2026-W48"), "Place", quand)
    assert str(cree(app, "2026-W49").semaine) == "2026-W49"
    etat_sain(app, "2026-W49")


# ------------------------------------------------------------------------------------------ restored


@pytest.mark.parametrize("base", ["sqlite", "postgresql"])
def test_an_empty_store_restored_gives_the_same_content_digest(
    app: Application, base: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    for audience in ("public", "interne"):
        fait = instantanes.cree(app, audience, maintenant=paquets.SEMAINES["2026-W48"], parties=())
        vide = tmp_path / f"vide_{audience}"
        vide.mkdir()
        shutil.copytree(app.reglages.espace, vide / "espace")
        url = f"sqlite:///{vide}/m.sqlite" if base == "sqlite" else adresse(base, request)
        neuf = paquets.ouvre(vide, BOUSSOLE_DB=url)
        rendu = restauration.restaure(neuf, fait.chemin)
        assert rendu["changes"] == []
        assert rendu["valeurs"] > 20
        refait = instantanes.cree(neuf, audience, maintenant=paquets.SEMAINES["2026-W48"], parties=())
        assert refait.contenu == fait.contenu
        neuf.moteur.dispose()


def test_a_store_that_holds_something_is_never_overwritten(app: Application) -> None:
    fait = cree(app)
    with pytest.raises(EcritureRefusee, match="n'est pas vide"):
        restauration.restaure(app, fait.chemin)


def test_a_damaged_package_is_not_restored(app: Application, tmp_path: Path) -> None:
    fait = cree(app)
    (fait.chemin / "donnees" / "objectifs.csv").write_text("x")
    neuf = paquets.ouvre(app.reglages.home, BOUSSOLE_DB=f"sqlite:///{tmp_path}/neuf.sqlite")
    with pytest.raises(InstantaneAbime, match=r"objectifs\.csv : contenu modifié"):
        restauration.restaure(neuf, fait.chemin)
    neuf.moteur.dispose()


def test_a_package_of_another_espace_is_refused_by_name(app: Application, tmp_path: Path) -> None:
    fait = instantanes.cree(app, "interne", maintenant=paquets.SEMAINES["2026-W48"], parties=())
    espace = app.espace.model_copy(update={"indicateurs": app.espace.indicateurs[1:]})
    neuf = paquets.ouvre(app.reglages.home, BOUSSOLE_DB=f"sqlite:///{tmp_path}/neuf.sqlite")
    migre(neuf.moteur)
    with pytest.raises(InstantaneRefuse, match="ne déclare pas"):
        restauration.restaure(replace(neuf, espace=espace), fait.chemin)
    neuf.moteur.dispose()
