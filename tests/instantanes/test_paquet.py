"""The package of the week, made and published on the tiny espace: what it holds, what it hides, what stops it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
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
from dashboard.exports import instantane_schema, publication
from dashboard.exports.publication import InstantaneAbime
from dashboard.instantanes import InstantaneRefuse
from dashboard.store.ecriture import EcritureRefusee
from dashboard.store.instantanes import load_instantanes
from dashboard.store.moteur import migre
from tests import mini, paquets
from tests.conftest import adresse
from tests.paquets import INTERDIT, cree, etat_sain, modifie, snapshots

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
