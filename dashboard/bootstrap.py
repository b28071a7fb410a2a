"""The only place that joins store, espace and data_sources: builds, refreshes, and hands the parts out."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from dashboard.access.profil import auteur_local, lecteur_local
from dashboard.domain.indicateur import Espace
from dashboard.domain.lecteur import Auteur, Lecteur
from dashboard.domain.source import Source
from dashboard.espace import canonique, load_espace
from dashboard.reglages import Reglages, lis_reglages
from dashboard.serving.sante import Controle
from dashboard.store import commands, reference
from dashboard.store.ecriture import exige
from dashboard.store.moteur import Engine, MagasinIndisponible, masque_url, migre, open_moteur, verifie


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


def rafraichit(app: Application, choisies: Sequence[str] = (), *, a_blanc: bool = False) -> Iterator[object]:
    """Brings schema, espace and referential up to date, then pulls each source; one failure stops no other."""
    from data_sources import base_curee, pipeline
    from data_sources.connectors import Acces, SourceIndisponible, sql

    exige(app.auteur)
    migre(app.moteur)
    commands.enregistre_espace(app.moteur, app.espace, *canonique(app.espace, app.sources), app.auteur)
    reference.charge(app.moteur, app.reglages.espace / "reference", app.espace.millesime_cog, app.auteur)
    base_curee.construit(app.reglages.espace, app.espace.millesime_cog, app.reglages.base_curee)

    def lecteur_sql(source: Source) -> pd.DataFrame:
        acces = Acces(app.reglages.base_curee, app.reglages.home / "depot", os.environ)
        return sql.lis(source, acces).lignes

    contexte = pipeline.Contexte(app.moteur, app.espace, app.empreinte, app.auteur, {"sql": lecteur_sql})
    for source in app.sources:
        if choisies and source.id not in choisies:
            continue
        try:
            yield pipeline.tire(contexte, source, a_blanc=a_blanc)
        except (SourceIndisponible, MagasinIndisponible) as erreur:
            yield pipeline.Resultat(source.id, "indisponible", str(erreur))


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
    return [Controle("magasin", True, "Le magasin répond."), _controle_lots(app)]


def _controle_lots(app: Application) -> Controle:
    with app.moteur.connect() as connexion:
        lots = [commands.dernier_lot(connexion, s.id) for s in app.sources]
    manquantes = sum(lot is None for lot in lots)
    message = f"{len(lots) - manquantes} sources publiées sur {len(lots)}."
    return Controle("sources", manquantes == 0, message)


def adresse_masquee(app: Application) -> str:
    """The store's address without its password."""
    return masque_url(app.reglages.db)
