"""Snapshots, wired: one package of the week made, sealed and published; the folder of an audience listed.

The date d'arrêté of a package is the Monday of its week unless one is set: made twice in a week, it is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.bootstrap import Application
from dashboard.domain.instantane import (
    PUBLIE,
    RETIRE,
    SCEAU,
    Maillon,
    Sceau,
    Semaine,
    empreinte_contenu,
    non_produites,
    presents,
)
from dashboard.domain.lecteur import PAR_AUDIENCE
from dashboard.exports import publication
from dashboard.exports.instantane_contexte import Contexte, Progres, en_silence
from dashboard.exports.instantane_descripteur import ecris_descripteurs
from dashboard.exports.instantane_donnees import ecris_tables, instant
from dashboard.exports.instantane_observations import ecris_observations
from dashboard.exports.publication import InstantaneAbime
from dashboard.instantane_etat import dossier as dossier
from dashboard.reglages import version_du_code
from dashboard.retenues import retenue
from dashboard.store import instantanes
from dashboard.store.apports import load_repere
from dashboard.store.ecriture import bail, exige
from dashboard.store.moteur import MagasinIndisponible, lecture, verifie
from dashboard.store.schema import INSTANTANES

if TYPE_CHECKING:
    from dashboard.instantane_parties import Partie


class InstantaneImpossible(RuntimeError):
    """The package could not be made; the message says what failed. Nothing was published."""


class InstantaneRefuse(ValueError):
    """The package cannot be made as asked; the message says why and the remedy."""


@dataclass(frozen=True)
class Fait:
    """What came of a request. ``nouveau``: False when the same data were already published this week."""

    nouveau: bool
    semaine: Semaine
    chemin: Path
    contenu: str
    sceau: str


@dataclass(frozen=True)
class Etat:
    """One line of the list. ``etat``: publie, retire or non_produite. ``taille``: bytes on the disk."""

    semaine: Semaine
    etat: str
    quand: str = ""
    contenu: str = ""
    sceau: str = ""
    motif: str = ""
    taille: int = 0


def cree(
    app: Application,
    audience: str = "public",
    raison: str = "",
    *,
    maintenant: datetime | None = None,
    progres: Progres = en_silence,
    parties: Sequence[Partie] | None = None,
) -> Fait:
    """Makes and publishes the package of this week, or finds that the same was published.

    Raises :class:`InstantaneRefuse`, ``EcritureRefusee``, ``MagasinIndisponible`` (another run holds the lease),
    ``InstantaneAbime``, :class:`InstantaneImpossible` (a full disk, a part that fails): nothing is published then.
    """
    exige(app.auteur)
    verifie(app.moteur)
    ou = dossier(app.reglages, audience)
    with bail(app.moteur, app.auteur, INSTANTANES), _dit_la_panne(ou):
        publication.repare(ou, _lis_version)
        _recopie(app, audience, ou)
        journal = publication.lis_chaine(ou)
        quand = maintenant or datetime.now(UTC)
        contexte = replace(_contexte(app, audience, raison, quand, journal, ou), progres=progres)
        with publication.chantier(ou, contexte.semaine) as ici:
            contexte, sommes = _donnees(contexte, ici)
            deja = _deja(journal, contexte)
            if deja and deja.contenu == contexte.contenu:
                return Fait(False, Semaine.lis(deja.semaine), ou / deja.semaine, deja.contenu, deja.sceau)
            contexte = _revision(contexte, deja)
            _parties(contexte, ici, parties)
            ecris_descripteurs(contexte, ici, sommes)
            fait = _publie(contexte, ou, ici, journal, sommes, app.reglages.cle_signature)
        _recopie(app, audience, ou)
    return fait


def _contexte(
    app: Application, audience: str, raison: str, maintenant: datetime, journal: Sequence[Maillon], ou: Path
) -> Contexte:
    semaine, publies = Semaine.de(maintenant), [m for m in journal if m.evenement == PUBLIE]
    if publies and semaine < Semaine.lis(publies[-1].semaine).premiere:
        raise InstantaneRefuse(
            f"L'horloge de ce poste dit {semaine}, or {publies[-1].semaine} est déjà publié. "
            "Remettre l'horloge à l'heure : une semaine passée ne se refait pas."
        )
    with lecture(app.moteur) as connexion:
        lot, apport = instantanes.load_dernier_lot(connexion), load_repere(connexion)
    restes = [s for s in presents(journal) if not retenue(app, audience, ou / str(s))]
    return Contexte(
        moteur=app.moteur,
        lecteur=replace(PAR_AUDIENCE[audience], lot=lot, apport=apport),
        espace=app.espace,
        sources=app.sources,
        dossier_espace=app.reglages.espace,
        semaine=semaine,
        audience=audience,
        cree_le=maintenant.astimezone(UTC).replace(microsecond=0, tzinfo=None),
        arrete=app.reglages.date_arrete or semaine.lundi,
        espace_empreinte=app.empreinte,
        apport=apport,
        code=version_du_code(),
        motif=raison.strip(),
        adresse=app.reglages.url,
        precedent=ou / str(restes[-1]) if restes else None,
    )


def _donnees(contexte: Contexte, ici: Path) -> tuple[Contexte, dict[str, str]]:
    """The canonical data, and with their digest the context of all that is drawn from them."""
    contexte = replace(contexte, bilan=ecris_observations(contexte, ici))
    ecris_tables(contexte, ici)
    sommes = publication.empreintes(ici, {}, "donnees/")
    return replace(contexte, contenu=empreinte_contenu(sommes), sommes=sommes), sommes


def _deja(journal: Sequence[Maillon], contexte: Contexte) -> Maillon | None:
    """The last package of this week, even one that was removed since: its name is taken."""
    siens = (m for m in reversed(journal) if m.evenement == PUBLIE)
    return next((m for m in siens if Semaine.lis(m.semaine).iso == contexte.semaine.iso), None)


def _revision(contexte: Contexte, deja: Maillon | None) -> Contexte:
    if deja is None:
        return contexte
    if not contexte.motif:
        raise InstantaneRefuse(
            f"{deja.semaine} est déjà publié avec d'autres données : il ne change plus. "
            "Pour publier une correction de la même semaine : --raison « pourquoi »."
        )
    return replace(contexte, semaine=replace(contexte.semaine, revision=Semaine.lis(deja.semaine).revision + 1))


def _parties(contexte: Contexte, ici: Path, parties: Sequence[Partie] | None) -> None:
    if parties is None:  # imported here: no other command has to wait for them
        parties = import_module("dashboard.instantane_parties").PARTIES
    for partie in parties:
        contexte.progres(partie.nom, 0.0)
        try:
            partie.fais(contexte, ici)
        except (MagasinIndisponible, OSError):
            raise
        except Exception as erreur:
            raise InstantaneImpossible(
                f"Partie « {partie.nom} » : échec ({type(erreur).__name__} : {erreur}). Rien n'a été publié. "
                "Prévenir l'exploitant ; --debug montre la trace."
            ) from erreur


@contextmanager
def _dit_la_panne(ou: Path) -> Iterator[None]:
    """A full disk, a forbidden folder: one sentence, and what still stands."""
    try:
        yield
    except OSError as erreur:
        reste = publication.courant(ou) if ou.is_dir() else None
        raise InstantaneImpossible(
            f"Dossier « {ou} » : écriture impossible ({erreur.strerror or erreur}). Rien de neuf n'est désigné"
            f"{f', « current » reste {reste}' if reste else ''}. Libérer de la place ou revoir les droits, "
            "puis recommencer : la reprise est automatique."
        ) from erreur


def _publie(
    contexte: Contexte, ou: Path, ici: Path, journal: Sequence[Maillon], sommes: Mapping[str, str], cle: Path | None
) -> Fait:
    publies = [m for m in journal if m.evenement == PUBLIE]
    precedent = publies[-1].sceau if publies else None
    contexte.progres("sceau et vérification", 0.0)
    (ici / "verifie.py").write_bytes(Path(publication.verifie.__file__).read_bytes())
    sceau = publication.scelle(
        ici,
        publication.empreintes(ici, sommes),
        lambda manifeste: Sceau.scelle(contexte.semaine, contexte.audience, manifeste, contexte.contenu, precedent),
        cle,
    )
    chemin = publication.publie(ou, ici, sceau, instant(contexte.cree_le), contexte.motif)
    return Fait(True, contexte.semaine, chemin, contexte.contenu, sceau.sceau)


def retire(app: Application, audience: str, semaine: Semaine, motif: str, maintenant: datetime | None = None) -> None:
    """Erases one old package; its seal and the reason stay in the journal. Raises like :func:`cree`."""
    exige(app.auteur)
    if not motif.strip():
        raise InstantaneRefuse(f"{semaine} : donner la raison du retrait.")
    ou, quand = dossier(app.reglages, audience), maintenant or datetime.now(UTC)
    with bail(app.moteur, app.auteur, INSTANTANES), _dit_la_panne(ou):
        publication.repare(ou, _lis_version)
        publication.retire(ou, semaine, instant(quand.astimezone(UTC).replace(microsecond=0, tzinfo=None)), motif)
        _recopie(app, audience, ou)


def liste(app: Application, audience: str, maintenant: datetime | None = None) -> list[Etat]:
    """Every week since the first package, newest first; those that were not made say so."""
    ou = dossier(app.reglages, audience)
    journal = publication.lis_chaine(ou)
    restes = presents(journal)
    publies = [m for m in journal if m.evenement == PUBLIE]
    motifs = {m.semaine: m.motif for m in journal if m.evenement == RETIRE}
    lignes = []
    for m in publies:
        semaine = Semaine.lis(m.semaine)
        etat, taille = (PUBLIE, _taille(ou / m.semaine)) if semaine in restes else (RETIRE, 0)
        lignes.append(Etat(semaine, etat, m.quand, m.contenu, m.sceau, motifs.get(m.semaine, m.motif), taille))
    courante = Semaine.de(maintenant or datetime.now(UTC))
    manquent = non_produites((Semaine.lis(m.semaine) for m in publies), courante)
    lignes += [Etat(s, "non_produite") for s in manquent]
    return sorted(lignes, key=lambda e: e.semaine, reverse=True)


def paquet(app: Application, audience: str, nom: str) -> Path:
    """The folder of a package by its week, ``current`` or path. Raises :class:`InstantaneRefuse`."""
    ou = dossier(app.reglages, audience)
    if nom == "current":
        nom = publication.courant(ou) or ""
    chemin = ou / nom if nom and "/" not in nom and (ou / nom).is_dir() else Path(nom).expanduser()
    if not nom or not (chemin / SCEAU).is_file():
        raise InstantaneRefuse(
            f"Instantané « {nom or 'current'} » introuvable. La liste : python -m dashboard snapshot list."
        )
    return chemin


def lis_version(chemin: Path) -> dict[str, Any]:
    """``version.json`` of a package. Raises ``InstantaneAbime``."""
    try:
        contenu: dict[str, Any] = json.loads((chemin / "version.json").read_bytes())
    except (OSError, ValueError):
        raise InstantaneAbime(f"{chemin.name}/version.json : illisible. Le vérifier : snapshot verify.") from None
    return contenu


def _lis_version(chemin: Path) -> tuple[str, str]:
    lue = lis_version(chemin)
    return str(lue["cree_le"]), str(lue["motif"])


def _taille(chemin: Path) -> int:
    return sum(f.stat().st_size for f in chemin.rglob("*") if f.is_file())


def _recopie(app: Application, audience: str, ou: Path) -> None:
    """The table of the store says again what the folder says."""
    journal = publication.lis_chaine(ou)
    restes, retires = presents(journal), {m.semaine for m in journal if m.evenement == RETIRE}
    with lecture(app.moteur) as connexion:
        connus = {i.semaine: i for i in instantanes.load_instantanes(connexion, audience)}
    nouveaux = [_instantane(ou / str(s), s, audience) for s in restes if s not in connus or connus[s].etat != PUBLIE]
    nouveaux += [replace(i, etat=RETIRE) for s, i in connus.items() if str(s) in retires and i.etat == PUBLIE]
    if nouveaux:
        instantanes.note(app.moteur, app.auteur, nouveaux)


def _instantane(chemin: Path, semaine: Semaine, audience: str) -> instantanes.Instantane:
    sceau, version = Sceau.lis((chemin / SCEAU).read_bytes()), lis_version(chemin)
    return instantanes.Instantane(
        semaine, audience, datetime.fromisoformat(version["cree_le"]).replace(tzinfo=None),
        date.fromisoformat(version["arrete"]), version["lot"], version["espace"], version["apport"],
        sceau.contenu, sceau.sceau, sceau.precedent, version["motif"],
    )  # fmt: skip
