"""A subscription is asked by an agent, kept as it was asked, and leaves nothing behind when it ends."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from dashboard.domain.alertes import Alerte
from dashboard.domain.avis import Filtre
from dashboard.domain.lecteur import Auteur
from dashboard.store import schema
from dashboard.store.abonnements import Abonnement, AbonnementRefuse, abonne, adresse_valide, desabonne, liste, marque
from dashboard.store.ecriture import EcritureRefusee, maintenant
from dashboard.store.moteur import Engine
from tests.mini import ECRIVAIN

PERSONNE = Auteur("public")
FILTRE = Filtre(("programme",), "REG-99", (Alerte.EN_RETARD, Alerte.ECHU))


def lus(moteur: Engine) -> list[Abonnement]:
    with moteur.connect() as connexion:
        return liste(connexion, ECRIVAIN)


def test_a_subscription_comes_back_as_it_was_asked(moteur: Engine) -> None:
    fait = abonne(moteur, ECRIVAIN, "Elu@Exemple.FR", FILTRE)
    assert lus(moteur) == [fait]
    assert (fait.adresse, fait.filtre, fait.envoye_le, fait.dites) == ("Elu@exemple.fr", FILTRE, None, frozenset())
    assert len(fait.jeton) == 40
    assert fait.jeton.isalnum()


def test_asking_twice_the_same_gives_the_same_subscription(moteur: Engine) -> None:
    fait = abonne(moteur, ECRIVAIN, "elu@exemple.fr", FILTRE)
    assert abonne(moteur, ECRIVAIN, "elu@EXEMPLE.fr", FILTRE) == fait
    autre = abonne(moteur, ECRIVAIN, "elu@exemple.fr", Filtre((), "REG-99"))
    assert autre.jeton != fait.jeton
    assert len(lus(moteur)) == 2


def test_ending_a_subscription_deletes_its_row_and_the_journal_never_held_the_address(moteur: Engine) -> None:
    fait = abonne(moteur, ECRIVAIN, "elu@exemple.fr", FILTRE)
    assert desabonne(moteur, ECRIVAIN, fait.jeton) == "elu@exemple.fr"
    with moteur.connect() as connexion:
        assert connexion.execute(select(func.count()).select_from(schema.abonnement)).scalar() == 0
        lignes = connexion.execute(select(schema.journal.c.quoi, schema.journal.c.detail)).all()
    assert [x.quoi for x in lignes] == ["abonne", "desabonne"]
    assert not any("elu" in x.detail or fait.jeton in x.detail for x in lignes)


def test_an_unknown_token_is_refused_in_words(moteur: Engine) -> None:
    with pytest.raises(AbonnementRefuse, match="Jeton « zzz » : aucun abonnement"):
        desabonne(moteur, ECRIVAIN, "zzz")


def test_what_was_told_is_kept_with_its_moment(moteur: Engine) -> None:
    fait, quand = abonne(moteur, ECRIVAIN, "elu@exemple.fr", FILTRE), maintenant()
    marque(moteur, ECRIVAIN, fait, {"b", "a"}, quand)
    (lu,) = lus(moteur)
    assert (lu.dites, lu.envoye_le, lu.filtre, lu.jeton) == ({"a", "b"}, quand, FILTRE, fait.jeton)
    assert abonne(moteur, ECRIVAIN, "elu@exemple.fr", FILTRE) == lu


def test_the_public_neither_reads_nor_writes_addresses(moteur: Engine) -> None:
    fait = abonne(moteur, ECRIVAIN, "elu@exemple.fr", FILTRE)
    with moteur.connect() as connexion, pytest.raises(EcritureRefusee):
        liste(connexion, PERSONNE)
    with pytest.raises(EcritureRefusee):
        abonne(moteur, PERSONNE, "autre@exemple.fr", FILTRE)
    with pytest.raises(EcritureRefusee):
        desabonne(moteur, PERSONNE, fait.jeton)
    with pytest.raises(EcritureRefusee):
        marque(moteur, PERSONNE, fait, (), maintenant())
    assert lus(moteur) == [fait]


@pytest.mark.parametrize("texte", [
    "", "elu", "elu@", "@exemple.fr", "elu@exemple", "e lu@exemple.fr", "elu@exemple.fr\nBcc: x@y.fr", "élu@exemple.fr",
    "a@b@exemple.fr", "elu@-exemple.fr", "elu@exemple..fr", f"{'x' * 65}@exemple.fr", f"elu@{'x.' * 130}fr",
    "<elu@exemple.fr>", "elu@exemple.fr,autre@exemple.fr",
])  # fmt: skip
def test_what_cannot_be_written_to_is_refused_in_words(texte: str) -> None:
    with pytest.raises(AbonnementRefuse, match=r"inutilisable\. Forme attendue"):
        adresse_valide(texte)


@pytest.mark.parametrize("texte", ["prenom.nom@exemple.fr", "a+b@sous.exemple-x.region", "x_1@a.fr"])
def test_usual_addresses_are_taken(texte: str) -> None:
    assert adresse_valide(texte) == texte
