"""What a lot hides stays hidden, and the command tells whether it does. Every figure is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard import audits_secret
from dashboard.bootstrap import Application
from dashboard.cli import main
from dashboard.domain.lecteur import PUBLIC, Auteur
from dashboard.espace import canonique
from dashboard.reglages import lis_reglages
from dashboard.store.ecriture import EcritureRefusee
from dashboard.store.moteur import migre, open_moteur
from tests.mini import COMMUNES, ECRIVAIN, Atelier, ligne


def parts(unites: dict[str, int], periode: str = "2023") -> list[dict[str, Any]]:
    return [
        ligne(c, indicateur="part_secrete", numerateur=5 * n + i, denominateur=20 * n + i, n_unites=n, periode=periode)
        for i, (c, n) in enumerate(unites.items())
    ]


NEUF = dict.fromkeys(COMMUNES, 9)
UNE_PETITE = {**NEUF, "COM-98001": 2}


@pytest.fixture
def servi(tmp_path: Path, espace_mini: Path) -> Iterator[tuple[Atelier, Application]]:
    """The tiny espace in a home of its own, and the application of an agent on it."""
    reglages = lis_reglages(
        {"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_ESPACE": str(espace_mini), "BOUSSOLE_PROFIL": "agent"}
    )
    moteur = open_moteur(reglages.db)
    migre(moteur)
    atelier = Atelier.ouvre(moteur, espace_mini)
    empreinte = canonique(atelier.espace, atelier.sources)[0]
    app = Application(reglages, atelier.espace, atelier.sources, empreinte, moteur, PUBLIC, ECRIVAIN)
    yield atelier, app
    moteur.dispose()


def cachees(atelier: Atelier) -> set[str]:
    vu = atelier.valeurs("part_secrete")
    return set(vu.index[vu["statut"] == "Q"])


def montre(app: Application, code: str) -> None:
    """A seeded defect: one secondary cell is given back."""
    with app.moteur.begin() as connexion:
        connexion.exec_driver_sql(
            "UPDATE valeur SET statut = 'A', confidentialite = 'F', valeur = 50, numerateur = 50, denominateur = 100 "
            f"WHERE confidentialite = 'D' AND territoire_id = (SELECT id FROM territoire WHERE code = '{code}')"
        )


def test_what_is_published_holds_and_the_result_is_kept(servi: tuple[Atelier, Application]) -> None:
    atelier, app = servi
    assert audits_secret.dernier_audit(app.reglages) is None
    atelier.livre(*parts(UNE_PETITE), *parts(NEUF, "2022"))
    audit = audits_secret.audite_tout(app)
    assert audit.tient
    par_periode = {x.periode: x for x in audit.lignes if x.indicateur == "part_secrete"}
    assert (par_periode["2022"].primaires, par_periode["2022"].secondaires) == (0, 0)
    assert par_periode["2023"].primaires == 1
    assert par_periode["2023"].secondaires >= 1
    assert par_periode["2023"].plus_etroit > 0.1
    kept = audits_secret.dernier_audit(app.reglages)
    assert kept is not None
    assert (kept.tient, kept.cachees) == (True, len(cachees(atelier)))


def test_one_secondary_cell_given_back_is_found(servi: tuple[Atelier, Application]) -> None:
    atelier, app = servi
    atelier.livre(*parts(UNE_PETITE))
    vu = atelier.valeurs("part_secrete")
    for code in vu.index[vu["confidentialite"] == "D"]:
        montre(app, str(code))
    audit = audits_secret.audite_tout(app)
    assert not audit.tient
    assert audit.lignes[-1].retrouvees >= 1
    kept = audits_secret.dernier_audit(app.reglages)
    assert kept is not None
    assert not kept.tient


def test_a_figure_left_under_a_hidden_row_is_found(servi: tuple[Atelier, Application]) -> None:
    atelier, app = servi
    atelier.livre(*parts(UNE_PETITE))
    with app.moteur.begin() as connexion:
        connexion.exec_driver_sql("UPDATE valeur SET calculee = 1 WHERE confidentialite = 'A'")
    assert audits_secret.audite_tout(app).lignes[-1].figures == 1


def test_what_a_lot_hid_the_next_one_does_not_give(servi: tuple[Atelier, Application]) -> None:
    atelier, app = servi
    atelier.livre(*parts(UNE_PETITE))
    avant = cachees(atelier)
    atelier.livre(*parts(NEUF))
    assert cachees(atelier) >= avant
    vu = atelier.valeurs("part_secrete")
    assert vu.loc["COM-98001", ["statut", "confidentialite"]].tolist() == ["Q", "D"]
    audit = audits_secret.audite_tout(app)
    assert audit.tient
    assert {p.paire.rendues for p in audit.paires} == {0}


def test_a_cell_hidden_then_shown_with_the_same_figure_is_found(servi: tuple[Atelier, Application]) -> None:
    atelier, app = servi
    atelier.livre(*parts(UNE_PETITE))
    code = min(cachees(atelier) - {"COM-98001"})
    with app.moteur.begin() as connexion:  # the memory is lost, as in a store rebuilt from the last lot alone
        connexion.exec_driver_sql("UPDATE valeur SET statut = 'A' WHERE statut = 'Q'")
    atelier.livre(*parts({**NEUF, "COM-99001": 10}))
    with app.moteur.begin() as connexion:
        connexion.exec_driver_sql("UPDATE valeur SET statut = 'Q' WHERE valeur IS NULL")
    audit = audits_secret.audite_tout(app)
    assert not audit.tient
    assert sum(p.paire.rendues for p in audit.paires) >= 1
    assert code in set(atelier.valeurs("part_secrete").index)


def test_a_figure_published_then_hidden_is_told_to_who_publishes(servi: tuple[Atelier, Application]) -> None:
    atelier, app = servi
    atelier.livre(*parts(NEUF))
    resultat = atelier.livre(*parts(UNE_PETITE))
    assert resultat.entete is not None
    assert any("sous secret après avoir été publiée" in a for a in resultat.entete.alertes)
    audit = audits_secret.audite_tout(app)
    assert sum(p.paire.deja_publiees for p in audit.paires) >= 1


def test_another_indicator_that_shows_the_hidden_quantity_is_named(servi: tuple[Atelier, Application]) -> None:
    """« effectif » has no rule, and is the denominator of the share that has one."""
    atelier, app = servi
    lignes = parts(UNE_PETITE)
    atelier.livre(*lignes, *(ligne(x["code_territoire"], x["denominateur"]) for x in lignes))
    audit = audits_secret.audite_tout(app)
    assert [(x.autre, x.colonne) for x in audit.liens] == [("effectif", "valeur")]
    assert audit.liens[0].cellules == len(cachees(atelier))
    assert not audit.tient


def test_the_public_profile_is_refused(servi: tuple[Atelier, Application]) -> None:
    _, app = servi
    public = Application(
        app.reglages, app.espace, app.sources, app.empreinte, app.moteur, PUBLIC, Auteur("public")
    )  # fmt: skip
    with pytest.raises(EcritureRefusee, match="Audit du secret refusé au profil « public »"):
        audits_secret.audite_tout(public)


def test_an_unreadable_result_is_none(servi: tuple[Atelier, Application]) -> None:
    _, app = servi
    (app.reglages.home / audits_secret.FICHIER).write_text('{"quand": 3}', "utf-8")
    assert audits_secret.dernier_audit(app.reglages) is None


def test_the_command_says_it_in_words_and_in_json(
    servi: tuple[Atelier, Application], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    atelier, app = servi
    atelier.livre(*parts(UNE_PETITE))
    monkeypatch.setenv("BOUSSOLE_HOME", str(app.reglages.home))
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(app.reglages.espace))
    assert main(["secret"]) == 1
    assert "profil « public »" in capsys.readouterr().err
    monkeypatch.setenv("BOUSSOLE_PROFIL", "agent")
    assert main(["secret", "part_secrete"]) == 0
    assert "le secret tient" in capsys.readouterr().out
    assert main(["secret", "--format", "json"]) == 0
    dit = json.loads(capsys.readouterr().out)
    assert dit["tient"] is True
    assert main(["secret", "effectif"]) == 1
    assert "aucune règle de secret" in capsys.readouterr().err
    montre(app, min(cachees(atelier) - {"COM-98001"}))
    assert main(["secret"]) == 1
    assert "NE TIENT PAS" in capsys.readouterr().out


def paquet(dossier: Path, atelier: Atelier) -> Path:
    """What a package holds of the indicator, and who belongs to whom."""
    ou = dossier / "donnees" / "observations"
    ou.mkdir(parents=True)
    vu = atelier.valeurs("part_secrete", PUBLIC).rename_axis("territoire").reset_index()
    vu.to_csv(ou / "part_secrete.csv", index=False)
    couples = [(c, p) for c, (dep, epci, _) in COMMUNES.items() for p in (dep, epci) if p]
    couples += [("DEP-98", "REG-99"), ("DEP-99", "REG-99")]
    pd.DataFrame(couples, columns=["enfant", "parent"]).to_csv(dossier / "donnees" / "appartenances.csv", index=False)
    return dossier


def test_two_packages_put_together(
    servi: tuple[Atelier, Application], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    atelier, app = servi
    monkeypatch.setenv("BOUSSOLE_HOME", str(app.reglages.home))
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(app.reglages.espace))
    monkeypatch.setenv("BOUSSOLE_PROFIL", "agent")
    atelier.livre(*parts(UNE_PETITE))
    a = paquet(tmp_path / "A", atelier)
    atelier.livre(*parts(NEUF))
    b = paquet(tmp_path / "B", atelier)
    assert main(["secret", "--paquets", str(a), str(b)]) == 0
    assert "le secret tient" in capsys.readouterr().out
    observations = b / "donnees" / "observations" / "part_secrete.csv"
    table = pd.read_csv(observations)
    une = (table["territoire"] == "COM-98001").to_numpy()
    table.loc[une, ["statut", "valeur", "numerateur", "denominateur"]] = ["A", 25, 45, 180]
    table.to_csv(observations, index=False)
    assert main(["secret", "--paquets", str(a), str(b), "--format", "json"]) == 1
    (faute,) = json.loads(capsys.readouterr().out)["fautes"]
    assert faute["rendues"] == 1
    assert main(["secret", "--paquets", str(a), str(tmp_path / "absent")]) == 1
    assert "table illisible" in capsys.readouterr().err
