"""Who asked to be written to about which alerts, and what they were already told. Rows are deleted, not kept."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from dashboard.domain.alertes import Alerte
from dashboard.domain.avis import Filtre
from dashboard.domain.lecteur import Auteur
from dashboard.store.ecriture import exige, maintenant
from dashboard.store.moteur import explique
from dashboard.store.schema import abonnement, journal

LONGUEUR_MAX = 254
_ADRESSE = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}", re.A | re.I)


class AbonnementRefuse(ValueError):
    """An address that cannot be written to, or a token that nothing has; the message names it and the remedy."""


@dataclass(frozen=True)
class Abonnement:
    """One subscription. ``jeton`` is what ends it. ``dites``: keys of the alerts of its last mail (``envoye_le``)."""

    id: int
    adresse: str
    filtre: Filtre
    jeton: str
    cree_le: datetime
    envoye_le: datetime | None
    dites: frozenset[str]


def adresse_valide(texte: str) -> str:
    """The address, its domain in lower case. Raises :class:`AbonnementRefuse`."""
    if len(texte) > LONGUEUR_MAX or not _ADRESSE.fullmatch(texte) or ".." in texte:
        raise AbonnementRefuse(f"Adresse « {texte[:80]} » inutilisable. Forme attendue : prenom.nom@exemple.fr.")
    nom, _, domaine = texte.partition("@")
    return f"{nom}@{domaine.lower()}"


def liste(connexion: Connection, auteur: Auteur) -> list[Abonnement]:
    """Every subscription, oldest first. Addresses are personal: raises ``EcritureRefusee`` for all but agents."""
    exige(auteur)
    return [_lis(ligne) for ligne in connexion.execute(select(abonnement).order_by(abonnement.c.id))]


def abonne(moteur: Engine, auteur: Auteur, adresse: str, filtre: Filtre) -> Abonnement:
    """Adds a subscription; the one that already asks the same for the same address is given back.

    Raises :class:`AbonnementRefuse`, ``EcritureRefusee`` or ``MagasinIndisponible``.
    """
    exige(auteur)
    valide = adresse_valide(adresse)
    try:
        with moteur.begin() as connexion:
            pareil = [a for a in liste(connexion, auteur) if (a.adresse, a.filtre) == (valide, filtre)]
            if pareil:
                return pareil[0]
            jeton = secrets.token_hex(20)
            ligne = {"adresse": valide, "filtres": _ecris(filtre, ()), "jeton": jeton, "cree_le": maintenant()}
            connexion.execute(insert(abonnement).values(**ligne))
            _journalise(connexion, auteur, "abonne")
            return _lis(connexion.execute(select(abonnement).where(abonnement.c.jeton == jeton)).one())
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur


def desabonne(moteur: Engine, auteur: Auteur, jeton: str) -> str:
    """Deletes the subscription that holds this token; gives its address, for the last time. Raises like above."""
    exige(auteur)
    try:
        with moteur.begin() as connexion:
            adresse = connexion.execute(select(abonnement.c.adresse).where(abonnement.c.jeton == jeton)).scalar()
            if adresse is None:
                raise AbonnementRefuse(
                    f"Jeton « {jeton[:60]} » : aucun abonnement. Le recopier depuis le bas du dernier courriel reçu."
                )
            connexion.execute(delete(abonnement).where(abonnement.c.jeton == jeton))
            _journalise(connexion, auteur, "desabonne")
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur
    return str(adresse)


def marque(moteur: Engine, auteur: Auteur, envoye: Abonnement, cles: Collection[str], quand: datetime) -> None:
    """Notes that the mail left: these alerts are no longer new for this subscription."""
    exige(auteur)
    valeurs = {"filtres": _ecris(envoye.filtre, cles), "envoye_le": quand}
    try:
        with moteur.begin() as connexion:
            connexion.execute(update(abonnement).where(abonnement.c.id == envoye.id).values(**valeurs))
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur


def _journalise(connexion: Connection, auteur: Auteur, quoi: str) -> None:
    """That it happened, never to whom: the journal outlives the subscription."""
    connexion.execute(insert(journal).values(quand=maintenant(), qui=auteur.profil, quoi=quoi, detail="alertes"))


def _ecris(filtre: Filtre, dites: Collection[str]) -> str:
    return json.dumps({
        "programmes": list(filtre.programmes), "territoire": filtre.territoire,
        "alertes": [a.value for a in filtre.alertes], "dites": sorted(dites),
    })  # fmt: skip


def _lis(ligne: Row[tuple[object, ...]]) -> Abonnement:
    lu = json.loads(ligne.filtres)
    filtre = Filtre(tuple(lu["programmes"]), lu["territoire"], tuple(Alerte(a) for a in lu["alertes"]))
    dites = frozenset(lu["dites"])
    return Abonnement(ligne.id, ligne.adresse, filtre, ligne.jeton, ligne.cree_le, ligne.envoye_le, dites)
