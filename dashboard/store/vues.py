"""Views that people keep: a name, and what the address of a page said. Nothing else of them is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError

from dashboard.domain.lecteur import Auteur
from dashboard.store.ecriture import exige, maintenant
from dashboard.store.moteur import explique
from dashboard.store.schema import journal, vue

NOM_MAX, PARAMETRES_MAX = 80, 2_000
"""Characters."""


class VueRefusee(ValueError):
    """A view that cannot be kept; the message names it and the remedy."""


@dataclass(frozen=True)
class VueGardee:
    """``parametres``: the query string that opens it."""

    id: int
    nom: str
    parametres: str


def liste(connexion: Connection, page: str) -> list[VueGardee]:
    """The views kept for a page, by name."""
    requete = select(vue.c.id, vue.c.nom, vue.c.parametres).where(vue.c.page == page, vue.c.retiree_le.is_(None))
    lues = (VueGardee(int(x.id), str(x.nom), str(x.parametres)) for x in connexion.execute(requete))
    return sorted(lues, key=lambda v: v.nom.casefold())


def cree(moteur: Engine, page: str, nom: str, parametres: str, admis: Collection[str], auteur: Auteur) -> int:
    """Keeps a view; gives its number. ``admis``: the keys that its query string may hold.

    Raises ``EcritureRefusee``, :class:`VueRefusee` or ``MagasinIndisponible``.
    """
    exige(auteur)
    propre, lus = _nom(nom), _parametres(parametres, admis)
    try:
        with moteur.begin() as connexion:
            if any(v.nom.casefold() == propre.casefold() for v in liste(connexion, page)):
                raise VueRefusee(f"Une vue s'appelle déjà « {propre} ». Choisir un autre nom, ou retirer l'ancienne.")
            valeurs = {"page": page, "nom": propre, "parametres": lus, "cree_le": maintenant()}
            cle = connexion.execute(insert(vue).values(**valeurs)).inserted_primary_key
            _journal(connexion, auteur, "vue gardée", f"{page} · {propre}")
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur
    assert cle is not None
    return int(cle[0])


def retire(moteur: Engine, numero: int, auteur: Auteur) -> None:
    """Takes a view off the lists; it stays in the store with its date. Raises like :func:`cree`."""
    exige(auteur)
    presente = (vue.c.id == numero) & vue.c.retiree_le.is_(None)
    try:
        with moteur.begin() as connexion:
            if not connexion.execute(update(vue).where(presente).values(retiree_le=maintenant())).rowcount:
                raise VueRefusee(f"La vue {numero} n'existe pas, ou a déjà été retirée. Recharger la page.")
            _journal(connexion, auteur, "vue retirée", str(numero))
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur


def _nom(nom: str) -> str:
    propre = " ".join("".join(c if c.isprintable() else " " for c in nom).split())
    if not propre:
        raise VueRefusee("Vue sans nom : lui en donner un, par exemple « Revue du lundi ».")
    if len(propre) > NOM_MAX:
        raise VueRefusee(f"Nom de vue « {propre[:30]}… » trop long : {len(propre)} caractères, {NOM_MAX} au plus.")
    return propre


def _parametres(texte: str, admis: Collection[str]) -> str:
    lus = parse_qsl(texte, keep_blank_values=True)
    inconnus = [c for c, _ in lus if c not in admis]
    if inconnus:
        raise VueRefusee(f"Vue refusée : « {inconnus[0][:40]} » n'est pas un filtre de cette page. Le retirer.")
    propre = urlencode(dict(lus))
    if len(propre) > PARAMETRES_MAX:
        raise VueRefusee(f"Vue trop longue : {len(propre)} caractères, {PARAMETRES_MAX} au plus. Alléger les filtres.")
    return propre


def _journal(connexion: Connection, auteur: Auteur, quoi: str, detail: str) -> None:
    connexion.execute(insert(journal).values(quand=maintenant(), qui=auteur.profil, quoi=quoi, detail=detail))
