"""What each dataset, indicator and producer is worth, as one reader may know it: measures, verdicts, history.

A producer of whom the reader sees no indicator and no dataset is nowhere here, nor in any count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dashboard.domain.formatage import date_courte
from dashboard.domain.indicateur import Acces, Espace, Indicateur
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.organisme import Producteur
from dashboard.domain.qualite import Dimension, Mesure, Pris, Recue, Releve, Seuils, Verdict, pire
from dashboard.domain.qualite_mesures import Points, historique, mesures, mesures_de_cibles
from dashboard.domain.source import Source
from dashboard.store import queries
from dashboard.store.moteur import Connection
from dashboard.store.qualite import load_historique, load_recues, load_releves, load_sources_des_cibles


@dataclass(frozen=True)
class EtatIndicateur:
    """An indicator: its measures in the order of ``Dimension``. ``source``: whose deliveries are judged, if seen."""

    indicateur: Indicateur
    mesures: tuple[Mesure, ...]
    source: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of its measures."""
        return pire(m.verdict for m in self.mesures)


@dataclass(frozen=True)
class EtatJeu:
    """A dataset: its source, the indicators that this reader sees of it, its last delivery.

    ``refus``: why its last delivery was refused, as this reader may know it; empty when it was published.
    """

    source: Source
    producteurs: tuple[Producteur, ...]
    indicateurs: tuple[EtatIndicateur, ...]
    mesures: tuple[Mesure, ...]
    livraison: date | None
    refus: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst of its measures; blocking when its last delivery was refused."""
        return Verdict.BLOQUANT if self.refus else pire(m.verdict for m in self.mesures)


@dataclass(frozen=True)
class EtatProducteur:
    """A producer: what he supplies and, for each dimension, how many of his indicators are good and measured."""

    producteur: Producteur
    jeux: tuple[EtatJeu, ...]
    indicateurs: tuple[EtatIndicateur, ...]

    @cached_property
    def parts(self) -> Mapping[Dimension, tuple[int, int, Verdict]]:
        """Good, measured, worst verdict."""
        suivis = [self._mesures(d) for d in Dimension]
        return {
            d: (sum(m.verdict is Verdict.BON for m in ms), len(ms), pire(m.verdict for m in ms))
            for d, ms in zip(Dimension, suivis, strict=True)
        }

    @property
    def retard(self) -> float:
        """Days of its latest indicator; 0 when all are on time."""
        return max((m.valeur or 0.0 for m in self._mesures(Dimension.PONCTUALITE)), default=0.0)

    def _mesures(self, dimension: Dimension) -> list[Mesure]:
        """Lines are those of a dataset, the rest is of each indicator."""
        porteurs = self.jeux if dimension in (Dimension.VALIDITE, Dimension.UNICITE) else self.indicateurs
        lues = [m for p in porteurs for m in p.mesures if m.dimension is dimension]
        return [m for m in lues if m.valeur is not None]

    @property
    def bonnes(self) -> float:
        """Share of his measures that are good: how the scoreboard is sorted, never shown alone."""
        mesurees = sum(n for _, n, _ in self.parts.values())
        return sum(b for b, _, _ in self.parts.values()) / mesurees if mesurees else 1.0

    @property
    def livraison(self) -> date | None:
        """The last delivery of any of his datasets."""
        return max((j.livraison for j in self.jeux if j.livraison), default=None)

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        return pire([j.verdict for j in self.jeux if j.refus] + [p[2] for p in self.parts.values()])


@dataclass(frozen=True)
class Bilan:
    """All of it at a date d'arrêté."""

    arrete: date
    jeux: tuple[EtatJeu, ...]
    indicateurs: tuple[EtatIndicateur, ...]
    producteurs: tuple[EtatProducteur, ...]


def bilan(connexion: Connection, lecteur: Lecteur, espace: Espace, sources: Iterable[Source], arrete: date) -> Bilan:
    """Reads it as of the reader's lot. Of what was published before it was measured, nothing is told."""
    permis = set(queries.list_indicateurs(connexion, lecteur))
    declares = [i for i in espace.ordonnes if i.id in permis]
    cibles = load_sources_des_cibles(connexion, lecteur)
    visibles = {s.id: s for s in sources if _visible(s, declares, cibles, lecteur)}
    pris, recues = defaultdict[str, list[Pris]](list), defaultdict[str, list[Recue]](list)
    for p in load_releves(connexion, lecteur):
        pris[p.releve.indicateur].append(p)
    for r in load_recues(connexion, lecteur, visibles):
        recues[r.source].append(r)
    lus = tuple(_indicateur(i, pris[i.id], recues, visibles, arrete) for i in declares)
    tout_vu = frozenset(Acces) <= lecteur.acces
    jeux = [
        _jeu(s, [e for e in lus if s.id in e.indicateur.sources], pris, recues[s.id], espace, arrete, tout_vu=tout_vu)
        for s in visibles.values()
    ]
    jeux.sort(key=lambda j: (_rang(j.verdict), j.source.nom.casefold()))
    return Bilan(arrete, tuple(jeux), lus, _producteurs(espace, jeux, lus))


def suite(
    connexion: Connection, lecteur: Lecteur, b: Bilan, etat: EtatJeu | EtatIndicateur
) -> Mapping[Dimension, Points]:
    """What each measure was after each lot, of the sources this reader may know of; of its own source for a dataset."""
    if isinstance(etat, EtatJeu):
        declares = {e.indicateur.id: e.indicateur for e in etat.indicateurs}
        sources, siennes = {etat.source.id}, etat.source.id
    else:
        declares = {etat.indicateur.id: etat.indicateur}
        sources, siennes = {j.source.id for j in b.jeux}, etat.source or ""
    pris = [p for p in load_historique(connexion, lecteur, declares) if p.source in sources]
    return historique(pris, load_recues(connexion, lecteur, {siennes}, toutes=True), declares)


def _rang(verdict: Verdict) -> int:
    return list(Verdict).index(verdict)


def _visible(source: Source, declares: Sequence[Indicateur], cibles: frozenset[str], lecteur: Lecteur) -> bool:
    """May this reader know of the dataset? Its own access, and something of it that he may read."""
    if source.acces not in lecteur.acces:
        return False
    return source.id in cibles or any(source.id in i.sources for i in declares)


def _dernier(pris: Sequence[Pris]) -> list[Releve]:
    """The records of the last lot."""
    return [p.releve for p in pris if p.lot == pris[-1].lot]


def _indicateur(
    declare: Indicateur,
    pris: Sequence[Pris],
    recues: Mapping[str, Sequence[Recue]],
    visibles: Mapping[str, Source],
    arrete: date,
) -> EtatIndicateur:
    """Judged on the last lot of any of its sources."""
    source = next((visibles[s] for s in declare.sources if s in visibles), None)
    siennes = recues.get(source.id, ()) if source else ()
    seuils = source.qualite if source else Seuils()
    lues = mesures([(declare, _dernier(pris))], siennes, seuils, arrete)
    return EtatIndicateur(declare, lues, source.id if source else None)


def _jeu(
    source: Source,
    siens: Sequence[EtatIndicateur],
    pris: Mapping[str, Sequence[Pris]],
    recues: Sequence[Recue],
    espace: Espace,
    arrete: date,
    *,
    tout_vu: bool,
) -> EtatJeu:
    declares = {e.indicateur.id: e.indicateur for e in siens}
    suivis = {c: [p for p in pris.get(c, ()) if p.source == source.id] for c in declares}
    if source.nature == "objectifs":
        lues = mesures_de_cibles(recues, source.qualite)
    else:
        paires = [(declares[c], _dernier(ps)) for c, ps in suivis.items()]
        lues = mesures(paires, recues, source.qualite, arrete, len(source.attentes.totaux))
    noms = {source.producteur} if source.producteur else {i.producteur for i in declares.values()}
    return EtatJeu(
        source=source,
        producteurs=tuple(p for p in espace.producteurs if p.id in noms),
        indicateurs=tuple(siens),
        mesures=lues,
        livraison=max((r.jour for r in recues if r.publiee), default=None),
        refus=_refus(recues, tout_vu=tout_vu),
    )


def _refus(recues: Sequence[Recue], *, tout_vu: bool) -> str:
    """Why the last delivery was refused. The reason may name what is closed: only who sees all reads it."""
    if not recues or recues[-1].publiee:
        return ""
    tete = f"Dernière livraison refusée le {date_courte(recues[-1].jour)} ; les valeurs d'avant sont gardées."
    return f"{tete} {recues[-1].message}" if tout_vu else tete


def _producteurs(espace: Espace, jeux: Sequence[EtatJeu], lus: Sequence[EtatIndicateur]) -> tuple[EtatProducteur, ...]:
    """Those who supply something that is seen, the one with most to do first."""
    tous = [
        EtatProducteur(
            p,
            tuple(j for j in jeux if p in j.producteurs),
            tuple(e for e in lus if e.indicateur.producteur == p.id),
        )
        for p in espace.producteurs
    ]  # fmt: skip
    vus = [p for p in tous if p.jeux or p.indicateurs]
    return tuple(sorted(vus, key=lambda p: (_rang(p.verdict), -p.retard, p.bonnes, p.producteur.nom.casefold())))
