"""The only place that joins store, espace and data_sources: builds, refreshes, and hands the parts out."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dashboard import instantane_etat
from dashboard.access.profil import auteur_local, lecteur_local
from dashboard.domain.convention import PREAVIS
from dashboard.domain.formatage import date_courte
from dashboard.domain.indicateur import Espace, Indicateur
from dashboard.domain.lecteur import Auteur, Lecteur
from dashboard.domain.renfort_secret import Quand
from dashboard.domain.source import Source
from dashboard.espace import EspaceInvalide, canonique, lis_fichiers, load_espace, relis
from dashboard.reglages import Reglages, lis_reglages
from dashboard.serving.sante import Controle
from dashboard.store import commands, reference, tirages, visibilite
from dashboard.store.ecriture import bail, exige, maintenant
from dashboard.store.moteur import Connection, Engine, MagasinIndisponible, masque_url, migre, open_moteur, verifie
from dashboard.store.schema import TIRAGES

if TYPE_CHECKING:
    from data_sources.connectors import Livraison
    from data_sources.pipeline import Contexte, Resultat

Suivi = Callable[[str, float], None]


def _en_silence(_etape: str, _part: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Application:
    """What a page or a command works with."""

    reglages: Reglages
    espace: Espace
    sources: tuple[Source, ...]
    empreinte: str
    moteur: Engine
    lecteur: Lecteur
    auteur: Auteur


def ouvre(reglages: Reglages | None = None) -> Application:
    """Loads the espace and opens the store, without checking its content.

    Raises ``ReglageInvalide``, ``EspaceInvalide`` or ``MagasinIndisponible``, each with its remedy.
    """
    # What imports left behind is never garbage: kept out of every collection, which would pause a read 80 ms.
    gc.freeze()
    reglages = reglages or lis_reglages()
    espace, sources = load_espace(reglages.espace)
    return Application(
        reglages=reglages,
        espace=espace,
        sources=sources,
        empreinte=canonique(espace, sources)[0],
        moteur=open_moteur(reglages.db),
        lecteur=lecteur_local(reglages),
        auteur=auteur_local(reglages),
    )


@lru_cache(maxsize=1)
def application() -> Application:
    """The application of this process, opened once."""
    return ouvre()


def prepare(app: Application) -> None:
    """Brings schema, espace, referential and embedded base up to date. Refused to a profile that may not write.

    What a withdrawn source gave stops being shown at once, before any other source is pulled.
    """
    from data_sources import base_curee

    exige(app.auteur)
    migre(app.moteur)
    perdue = _perd_une_source(app)
    commands.enregistre_espace(app.moteur, app.espace, *canonique(app.espace, app.sources), app.auteur)
    reference.charge(app.moteur, app.reglages.espace / "reference", app.espace.millesime_cog, app.auteur)
    if perdue:
        reconstruit(app)
    base_curee.construit(app.reglages.espace, app.espace.millesime_cog, app.reglages.base_curee)


def _perd_une_source(app: Application) -> bool:
    """Does an indicator no longer rest on a source that fed it under the declarations in force so far?"""
    with app.moteur.connect() as connexion:
        contenu = commands.load_dernier_espace(connexion)
    if contenu is None or contenu == canonique(app.espace, app.sources)[1]:
        return False
    try:
        alors = {i.id: set(i.sources) for i in relis(contenu)[0].indicateurs}
    except EspaceInvalide:
        return True
    return any(alors.get(i.id, set()) - set(i.sources) for i in app.espace.indicateurs)


def contexte(app: Application, fichier: Path | None = None, suivi: Suivi = _en_silence) -> Contexte:
    """What the pipeline needs to pull the sources of this application; ``fichier``: a file given by hand."""
    from data_sources import connectors, pipeline
    from data_sources.connectors.registre import connecteur

    def lis(source: Source) -> Livraison | None:
        acces = connectors.Acces(
            app.reglages.base_curee, app.reglages.depot, os.environ, fichier, _validateurs(app, source)
        )
        return connecteur(source, fichier)(source, acces)

    return pipeline.Contexte(
        app.moteur, app.espace, app.empreinte, app.auteur, app.sources, lis, codes_postaux(app), suivi
    )


def rafraichit(
    app: Application, choisies: Sequence[str] = (), *, a_blanc: bool = False, embarque: bool = False
) -> Iterator[Resultat]:
    """Pulls the sources that are due, or those that are named; the failure of one never stops another.

    ``embarque``: only those read in the base that comes with the espace, so that nothing waits for a network.
    """
    prepare(app)
    with bail(app.moteur, app.auteur, TIRAGES):
        yield from _tire(app, choisies, a_blanc=a_blanc, embarque=embarque)


def _tire(app: Application, choisies: Sequence[str], *, a_blanc: bool, embarque: bool) -> Iterator[Resultat]:
    parties = contexte(app)
    for source in app.sources:
        if source.id not in choisies if choisies else not _due(app, source):
            continue
        if not embarque or source.embarquee:
            yield _tire_une(app, parties, source, a_blanc=a_blanc)


def _tire_une(app: Application, parties: Contexte, source: Source, *, a_blanc: bool) -> Resultat:
    """One source pulled and its outcome noted; a store that refuses is an outcome too."""
    from data_sources import pipeline

    try:
        resultat = _essaie(parties, source, a_blanc=a_blanc)
        if not a_blanc:
            tirages.note(app.moteur, source.id, resultat.etat, resultat.message, resultat.validateurs, app.auteur)
    except MagasinIndisponible as erreur:
        return pipeline.Resultat(source.id, "indisponible", str(erreur))
    return resultat


def _essaie(parties: Contexte, source: Source, *, a_blanc: bool) -> Resultat:
    from data_sources import pipeline

    try:
        return pipeline.tire(parties, source, a_blanc=a_blanc)
    except MagasinIndisponible:
        raise
    except Exception:  # the last net: one source never stops another, whatever its producer answers
        logging.getLogger("boussole").exception("Source « %s »", source.id)
        message = f"Source « {source.id} » : erreur imprévue, la trace est dans le journal. Prévenir l'exploitant."
        return pipeline.Resultat(source.id, "indisponible", message)


def tire(app: Application, source: Source, suivi: Suivi = _en_silence) -> Resultat:
    """One source pulled now, whether it is due or not."""
    with bail(app.moteur, app.auteur, TIRAGES):
        return _tire_une(app, contexte(app, suivi=suivi), source, a_blanc=False)


def importe(
    app: Application, source: Source, fichier: Path, *, a_blanc: bool = False, suivi: Suivi = _en_silence
) -> Resultat:
    """A file given by hand, checked then published unless it is a dry run."""
    from data_sources import pipeline

    resultat = pipeline.tire(contexte(app, fichier, suivi), source, a_blanc=a_blanc)
    if not a_blanc:
        tirages.note(app.moteur, source.id, resultat.etat, resultat.message, {}, app.auteur)
    return resultat


def annule(app: Application, numero: int, suivi: Suivi = _en_silence) -> Resultat:
    """A new lot that restores what lot ``numero`` had replaced; a refusal says why it would change nothing."""
    from data_sources import controles, pipeline

    try:
        return pipeline.annule(contexte(app, suivi=suivi), numero)
    except controles.LotRefuse as refus:
        return pipeline.Resultat(f"lot {numero}", "refuse", str(refus))


def reconstruit(app: Application) -> Resultat:
    """Everything shown, computed again from what was received."""
    from data_sources import pipeline

    return pipeline.reconstruit(contexte(app))


def verites(app: Application, connexion: Connection, declare: Indicateur, lot: int) -> Iterator[Quand]:
    """The true figures of an indicator, hidden or not, as of a lot: refused to whoever may not write."""
    from data_sources import verites as vraies

    exige(app.auteur)
    return vraies.verites(contexte(app), connexion, declare, lot)


def _due(app: Application, source: Source) -> bool:
    with app.moteur.connect() as connexion:
        return tirages.est_due(source, tirages.dernier(connexion, source.id), maintenant())


def _validateurs(app: Application, source: Source) -> Mapping[str, str]:
    with app.moteur.connect() as connexion:
        return tirages.validateurs(connexion, source.id)


def codes_postaux(app: Application) -> pd.DataFrame:
    """Communes by postcode, as the espace gives them: code_postal, code; empty when it has none."""
    cadres, _ = lis_fichiers(app.reglages.espace / "reference")
    return cadres.get("codes_postaux", pd.DataFrame(columns=["code_postal", "code"]))


def controles_pret(*, detaille: bool = False) -> list[Controle]:
    """Readiness: is the espace valid, does the store answer, is there anything to show?

    ``detaille``: says why with addresses and paths, for the operator at his terminal only.
    """
    try:
        app = application()
        verifie(app.moteur)
    except (ValueError, MagasinIndisponible) as erreur:
        court = f"Magasin ou réglages à revoir ({type(erreur).__name__}) : lancer doctor."
        return [Controle("magasin", False, str(erreur) if detaille else court)]
    internes = [instantane_etat.controle(app.reglages, "interne")] if detaille else []
    instantanes = [instantane_etat.controle(app.reglages), *internes]
    if not detaille:  # a damaged package is the operator's affair: the pages are still served
        instantanes = [replace(c, ok=True) for c in instantanes]
    droits = [_controle_conventions(app)] if detaille and app.auteur.peut_ecrire else []
    return [Controle("magasin", True, "Le magasin répond."), _controle_lots(app), *droits, *instantanes]


def _controle_conventions(app: Application) -> Controle:
    """Agreements that have ended or end soon: to be renewed, but nothing is broken."""
    jour = visibilite.aujourd_hui()
    suivies = [(s.convention.jusqu_au, s) for s in app.sources if s.convention and s.convention.reste(jour) <= PREAVIS]
    if not suivies:
        return Controle("conventions", True, "Aucune convention n'expire sous 60 jours.")
    mots = {True: "expirée, close le", False: "jusqu'au"}
    dites = [f"« {s.nom} », {mots[fin < jour]} {date_courte(fin)}" for fin, s in sorted(suivies, key=lambda x: x[0])]
    return Controle("conventions", True, f"À renouveler : {' ; '.join(dites)}.")


def _controle_lots(app: Application) -> Controle:
    directes = {i.source_directe for i in app.espace.indicateurs}  # the shipped figures are served without them
    siennes = [s for s in app.sources if s.id not in directes and s.acces in app.lecteur.acces]
    with app.moteur.connect() as connexion:
        lots = [commands.dernier_lot(connexion, s.id) for s in siennes]
    manquantes = sum(lot is None for lot in lots)
    message = f"{len(lots) - manquantes} sources publiées sur {len(lots)}."
    return Controle("sources", manquantes == 0, message)


def adresse_masquee(app: Application) -> str:
    """The store's address without its password."""
    return masque_url(app.reglages.db)
