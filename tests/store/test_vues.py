"""Kept views on both databases: who may keep one, under which names, holding which parameters."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from dashboard.domain.lecteur import Auteur
from dashboard.store import vues
from dashboard.store.ecriture import EcritureRefusee
from dashboard.store.moteur import Engine
from dashboard.store.schema import journal, vue
from dashboard.store.vues import VueRefusee
from tests.mini import ECRIVAIN

CLES = ("statut", "maille", "territoire")
PUBLIC = Auteur("public")


def gardees(moteur: Engine, page: str = "suivi") -> list[tuple[str, str]]:
    with moteur.connect() as connexion:
        return [(v.nom, v.parametres) for v in vues.liste(connexion, page)]


def garde(moteur: Engine, nom: str, parametres: str = "statut=en_retard", page: str = "suivi") -> int:
    return vues.cree(moteur, page, nom, parametres, CLES, ECRIVAIN)


def test_a_view_is_kept_listed_by_name_and_retired(moteur: Engine) -> None:
    garde(moteur, "Revue du lundi", "statut=en_retard%2Cen_recul&maille=region")
    premiere = garde(moteur, "  à relancer ", "")
    garde(moteur, "Autre page", page="carte")
    assert gardees(moteur) == [
        ("Revue du lundi", "statut=en_retard%2Cen_recul&maille=region"), ("à relancer", ""),
    ]  # fmt: skip
    vues.retire(moteur, premiere, ECRIVAIN)
    assert [n for n, _ in gardees(moteur)] == ["Revue du lundi"]
    with moteur.connect() as connexion:
        assert len(connexion.execute(select(vue)).all()) == 3
        assert [x.quoi for x in connexion.execute(select(journal))][-1] == "vue retirée"


def test_two_views_of_a_page_never_share_their_name_but_a_retired_one_frees_it(moteur: Engine) -> None:
    numero = garde(moteur, "Revue du lundi")
    with pytest.raises(VueRefusee, match="s'appelle déjà « REVUE DU LUNDI »"):
        garde(moteur, "REVUE DU LUNDI")
    garde(moteur, "Revue du lundi", page="carte")
    vues.retire(moteur, numero, ECRIVAIN)
    garde(moteur, "Revue du lundi")
    with pytest.raises(VueRefusee, match=f"La vue {numero} n'existe pas"):
        vues.retire(moteur, numero, ECRIVAIN)


def test_only_an_agent_keeps_or_retires(moteur: Engine) -> None:
    with pytest.raises(EcritureRefusee):
        vues.cree(moteur, "suivi", "Vue", "", CLES, PUBLIC)
    with pytest.raises(EcritureRefusee):
        vues.retire(moteur, 1, PUBLIC)
    assert gardees(moteur) == []


@pytest.mark.parametrize(
    ("nom", "parametres", "motif"),
    [
        ("", "", "sans nom"), ("  \n\t ", "", "sans nom"), ("\x00\u200b", "", "sans nom"),
        ("é" * 81, "", "81 caractères, 80 au plus"), ("Vue", "arrete=2026-01-01", "« arrete » n'est pas un filtre"),
        ("Vue", "__class__=x", "n'est pas un filtre"), ("Vue", "statut=" + "x" * 3000, "2000 au plus"),
    ],
)  # fmt: skip
def test_a_view_that_cannot_be_kept_says_why(moteur_sqlite: Engine, nom: str, parametres: str, motif: str) -> None:
    with pytest.raises(VueRefusee, match=motif):
        garde(moteur_sqlite, nom, parametres)
    assert gardees(moteur_sqlite) == []


@pytest.mark.parametrize("nom", ["'; DROP TABLE vue; --", "<img src=x onerror=alert(1)>", "=1+1", "\u202eabc", "%s"])
def test_a_hostile_name_is_only_a_name(moteur: Engine, nom: str) -> None:
    garde(moteur, nom)
    (gardee,) = gardees(moteur)
    assert gardee[0] == "".join(c for c in nom if c.isprintable()).strip()
    assert garde(moteur, "suite") > 0
