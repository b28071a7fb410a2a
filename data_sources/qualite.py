"""What a lot is worth, measured before it is published, and refused when its source declares that it blocks."""

from __future__ import annotations

from dashboard.domain.indicateur import Espace
from dashboard.domain.qualite import Releve
from dashboard.domain.qualite_releves import releves
from dashboard.domain.reference import Reference
from dashboard.domain.source import Source
from dashboard.store import commands
from dashboard.store.moteur import Engine
from data_sources.controles import controle_qualite
from data_sources.lecture import Lues


def mesure_lot(
    moteur: Engine,
    espace: Espace,
    source: Source,
    places: Reference,
    entete: commands.Lot,
    lues: Lues,
    ecarts: commands.Ecarts,
) -> tuple[Releve, ...]:
    """The measures of the indicators of a source once the lot is in. Raises :class:`LotRefuse`."""
    mesures: tuple[Releve, ...] = ()
    if source.nature == "mesures":
        with moteur.connect() as connexion:
            cles = commands.cles_indicateurs(connexion)
        siens = {cles[i.id]: i for i in espace.indicateurs if source.id in i.sources}
        mesures = releves(ecarts, siens, places.courants)
    livres = frozenset(str(i) for i in lues.bonnes["indicateur"].unique())
    controle_qualite([r for r in mesures if r.indicateur in livres], entete, lues, source)
    return mesures
