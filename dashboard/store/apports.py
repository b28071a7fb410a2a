"""What people add to the figures, read and written: one append-only record, each contribution a *fil* of versions.

Nothing here takes the publication lease or raises the store version: reads are short and never cached.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from dashboard.domain.apports import Apport, Genre, Signature
from dashboard.domain.brouillon import UNIQUES, Brouillon
from dashboard.domain.formatage import date_heure
from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import Auteur, Lecteur
from dashboard.store.ecriture import exige, maintenant
from dashboard.store.moteur import explique
from dashboard.store.schema import apport, etat, journal
from dashboard.store.visibilite import fermes

PLUME = 3
"""The row of ``etat`` on which writers of contributions take turns, for the time of one insert."""
ESSAIS = 3


class VersionDepassee(Exception):
    """Someone wrote meanwhile, and nothing was replaced. ``devant``: the version that came first."""

    def __init__(self, devant: Apport) -> None:
        self.devant = devant
        qui = f"{devant.signature.fonction} ({devant.signature.direction})"
        quand = date_heure(devant.cree_le.replace(tzinfo=UTC))
        super().__init__(
            f"{qui} a publié la version {devant.version} le {quand}, pendant cette saisie. Rien n'a été remplacé : "
            "lire son texte, puis publier à la suite ou repartir du sien."
        )


class ApportIntrouvable(ValueError):
    """No contribution of this kind and subject has this number; the message names it and the remedy."""


# --------------------------------------------------------------------------------------------- reads


def load_apports(
    connexion: Connection,
    lecteur: Lecteur,
    sujets: Sequence[str] | None = None,
    genres: Collection[Genre] | None = None,
) -> list[Apport]:
    """The latest version of each contribution that this reader may see, as of his own, newest first."""
    requete = select(apport).where(_derniere(lecteur), _visible(lecteur))
    if sujets is not None:
        requete = requete.where(apport.c.sujet.in_(list(sujets)))
    if genres is not None:
        requete = requete.where(apport.c.genre.in_([g.value for g in genres]))
    return _lis(connexion, requete.order_by(apport.c.cree_le.desc(), apport.c.id.desc()))


def load_versions(connexion: Connection, lecteur: Lecteur, fil: int) -> list[Apport]:
    """Every version of one contribution, newest first; none when its latest is closed to this reader."""
    ouverts = select(apport.c.fil).where(_derniere(lecteur), _visible(lecteur))
    alors = apport.c.id <= lecteur.apport
    requete = select(apport).where(apport.c.fil == fil, apport.c.fil.in_(ouverts), alors, _visible(lecteur))
    return _lis(connexion, requete.order_by(apport.c.version.desc()))


def load_repere(connexion: Connection) -> int:
    """Number of the last contribution written; 0 without any. Part of the key of what is kept from them."""
    return int(connexion.execute(select(func.max(apport.c.id))).scalar() or 0)


def _derniere(lecteur: Lecteur) -> ColumnElement[bool]:
    autre = apport.alias()
    siennes = select(func.max(autre.c.version)).where(autre.c.fil == apport.c.fil, autre.c.id <= lecteur.apport)
    return apport.c.version == siennes.correlate(apport).scalar_subquery()


def _visible(lecteur: Lecteur) -> ColumnElement[bool]:
    """Its own access first; then its indicator's, when its subject is one."""
    admis = sorted(lecteur.acces)
    return and_(apport.c.acces.in_(admis), apport.c.sujet.not_in(fermes(lecteur)))


def _lis(connexion: Connection, requete: Select[tuple[object, ...]]) -> list[Apport]:
    return [_apport(ligne) for ligne in connexion.execute(requete)]


def _apport(ligne: Row[tuple[object, ...]]) -> Apport:
    genre = Genre(ligne.genre)
    return Apport(
        genre=genre,
        sujet=ligne.sujet,
        code=ligne.code,
        contenu=genre.modele.model_validate_json(ligne.contenu),
        signature=Signature(ligne.fonction, ligne.direction),
        acces=Acces(ligne.acces),
        fil=ligne.fil,
        version=ligne.version,
        cree_le=ligne.cree_le,
    )


# -------------------------------------------------------------------------------------------- writes


def ecris(moteur: Engine, auteur: Auteur, brouillon: Brouillon, *, fil: int | None = None, attendue: int = 0) -> Apport:
    """Writes one version: the first of a new contribution, or the one that follows ``attendue`` in ``fil``.

    Raises :class:`VersionDepassee` when someone wrote meanwhile, :class:`ApportIntrouvable` for an unknown ``fil``,
    ``EcritureRefusee`` for a profile that may not write, ``MagasinIndisponible`` when the store refuses.
    """
    exige(auteur)
    for essai in range(ESSAIS):
        try:
            with moteur.begin() as connexion:
                _prends_la_plume(connexion)
                return _ajoute(connexion, auteur, brouillon, fil, attendue)
        except IntegrityError as erreur:  # the very first writers of a store, at the same instant: again
            if essai == ESSAIS - 1:
                raise explique(moteur, erreur) from erreur
        except DBAPIError as erreur:
            raise explique(moteur, erreur) from erreur
    raise AssertionError


def _prends_la_plume(connexion: Connection) -> None:
    """A no-op update that both databases lock on until the end of the transaction."""
    mienne = update(etat).where(etat.c.id == PLUME).values(version=etat.c.version)
    if not connexion.execute(mienne).rowcount:
        connexion.execute(insert(etat).values(id=PLUME, version=0))


def _ajoute(connexion: Connection, auteur: Auteur, brouillon: Brouillon, fil: int | None, attendue: int) -> Apport:
    devant = _devant(connexion, brouillon, fil)
    if devant is not None and devant.version != attendue:
        raise VersionDepassee(devant)
    fil = devant.fil if devant else 1 + int(connexion.execute(select(func.max(apport.c.fil))).scalar() or 0)
    version, quand = (devant.version if devant else 0) + 1, maintenant()
    signee = brouillon.signature
    connexion.execute(
        insert(apport).values(
            fil=fil,
            version=version,
            genre=brouillon.genre.value,
            sujet=brouillon.sujet,
            code=brouillon.code,
            contenu=brouillon.contenu.model_dump_json(),
            fonction=signee.fonction,
            direction=signee.direction,
            acces=brouillon.acces.value,
            cree_le=quand,
        )
    )
    detail = f"{brouillon.sujet} · {brouillon.code} · fil {fil}, version {version} · {signee.fonction}"
    connexion.execute(insert(journal).values(quand=quand, qui=auteur.profil, quoi=brouillon.genre.value, detail=detail))
    return Apport(
        brouillon.genre,
        brouillon.sujet,
        brouillon.code,
        brouillon.contenu,
        signee,
        brouillon.acces,
        fil,
        version,
        quand,
    )


def _devant(connexion: Connection, brouillon: Brouillon, fil: int | None) -> Apport | None:
    """The latest version this one would follow; None when it starts a contribution."""
    sien = and_(
        apport.c.genre == brouillon.genre.value,
        apport.c.sujet == brouillon.sujet,
        apport.c.code == brouillon.code,
    )
    if fil is not None:
        sien = and_(sien, apport.c.fil == fil)
    elif brouillon.genre not in UNIQUES:
        return None
    lus = _lis(connexion, select(apport).where(sien).order_by(apport.c.version.desc()).limit(1))
    if not lus and fil is not None:
        raise ApportIntrouvable(
            f"Contribution {fil} : aucune de ce numéro pour « {brouillon.sujet} ». Repartir de la liste du programme."
        )
    return lus[0] if lus else None
