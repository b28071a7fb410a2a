"""The day an agreement ends, no question to the store selects its indicator, on either database. Invented figures."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import AGENT, PARTENAIRE, PUBLIC
from dashboard.domain.territoire import Maille
from dashboard.espace import canonique, load_espace
from dashboard.store import commands, queries, visibilite
from dashboard.store.comparables import load_comparables
from dashboard.store.couvertures import load_couvertures
from tests import confidentiel, mini
from tests.confidentiel import GFU
from tests.mini import Atelier

FIN = date(2026, 11, 30)
A_LA_FIN = date(2023, 12, 31)


def expire_le(atelier: Atelier, fin: date) -> None:
    """The indicator that tests deliver rests on an agreement that ends on that day."""
    espace = atelier.espace.model_copy(
        update={
            "indicateurs": tuple(
                i.model_copy(update={"jusqu_au": fin}) if i.id == "effectif" else i for i in atelier.espace.indicateurs
            )
        }
    )
    commands.enregistre_espace(atelier.moteur, espace, *canonique(espace, atelier.sources), mini.ECRIVAIN)


def lus(atelier: Atelier) -> dict[str, int]:
    """How much of it an agent reads, by question."""
    with atelier.moteur.connect() as c:
        places = [int(i) for i in queries.list_territoires(c)["id"]]
        return {
            "liste": queries.list_indicateurs(c, AGENT).count("effectif"),
            "périodes": len(queries.list_periodes(c, AGENT, "effectif", Maille.COMMUNE)),
            "dernières": len(queries.load_dernieres(c, AGENT, "effectif", Maille.COMMUNE)),
            "séries": len(queries.load_series(c, AGENT, ["effectif"], places)),
            "provenance": len(queries.load_provenance(c, AGENT, "effectif", "COM-98001")),
            "comparables": len(load_comparables(c, AGENT, "effectif", Maille.COMMUNE, A_LA_FIN)),
            "couvertures": int("effectif" in load_couvertures(c, AGENT)),
        }


def test_every_question_reads_it_on_the_last_day_and_none_on_the_next(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    atelier.livre(mini.ligne("COM-98001", 7))
    expire_le(atelier, FIN)
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN)
    le_jour, avant = lus(atelier), atelier.version()
    assert all(le_jour.values()), le_jour
    monkeypatch.setattr(visibilite, "aujourd_hui", lambda: FIN + timedelta(1))
    assert not any(lus(atelier).values()), lus(atelier)
    assert atelier.version() != avant
    expire_le(atelier, FIN + timedelta(365))
    assert lus(atelier) == le_jour
    assert atelier.version() not in (avant, avant + (1 << 32))


def test_what_was_published_is_held_back_when_it_is_closed_or_expired_and_not_when_it_is_gone(
    atelier_sqlite: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    expire_le(atelier_sqlite, FIN)
    gardes = tuple(i for i in atelier_sqlite.espace.indicateurs if i.id != "effectif")
    sans = atelier_sqlite.espace.model_copy(update={"indicateurs": gardes})
    commands.enregistre_espace(atelier_sqlite.moteur, sans, *canonique(sans, ()), mini.ECRIVAIN)
    for jour, retenu in ((FIN, False), (FIN + timedelta(1), True)):
        monkeypatch.setattr(visibilite, "aujourd_hui", lambda jour=jour: jour)
        with atelier_sqlite.moteur.connect() as connexion:
            assert ("effectif" in visibilite.list_retenus(connexion, PUBLIC)) is retenu
            assert "effectif_interne" in visibilite.list_retenus(connexion, PUBLIC)
            assert "effectif_interne" not in visibilite.list_retenus(connexion, AGENT)


def test_the_day_is_that_of_paris() -> None:
    assert abs((visibilite.aujourd_hui() - date.today()).days) <= 1


@pytest.mark.parametrize(
    ("acces", "effectif", "vu"), [("gfu", Acces.GFU, {"partenaire", "agent"}), ("interne", Acces.INTERNE, {"agent"})]
)
def test_an_open_indicator_of_a_restricted_source_is_as_restricted(
    espace_mini: Path, tmp_path: Path, acces: str, effectif: Acces, vu: set[str]
) -> None:
    dossier = shutil.copytree(espace_mini, tmp_path / "espace")
    confidentiel.partage(dossier, acces)
    espace, _ = load_espace(dossier)
    lu = espace.indicateur(GFU)
    assert (lu.acces, lu.jusqu_au) == (effectif, date(2099, 12, 31))
    assert {p.profil for p in (PUBLIC, PARTENAIRE, AGENT) if lu.acces in p.acces} == vu
