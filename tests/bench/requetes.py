"""Time of the reads of the pages, through the product's own functions, each with its own connection as in a page."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from dashboard.bootstrap import Application
from dashboard.domain.lecteur import PUBLIC, Lecteur
from dashboard.domain.territoire import Maille
from dashboard.serving.memoire import stabilise
from dashboard.store import queries
from dashboard.store.moteur import Connection, lecture
from tests.bench.magasin import GRAINE
from tests.bench.mesure import Mesure, centile

TIRAGES = 300
PORTRAIT = 50
NOMS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LECTEURS = {"": PUBLIC, ", au lot 1": replace(PUBLIC, lot=1)}
Lecture = Callable[[Connection, Lecteur, random.Random], object]


def lectures(app: Application) -> dict[str, tuple[Lecture, float | None]]:
    """Each read with random arguments, and its p95 bar in ms."""
    with lecture(app.moteur) as connexion:
        codes = queries.list_indicateurs(connexion, PUBLIC)
        places = queries.list_territoires(connexion)
    communes = places.loc[places["maille"] == Maille.COMMUNE, "id"].tolist()
    return {
        "dernière valeur d'un indicateur, 3 685 communes": (
            lambda c, lecteur, h: queries.load_dernieres(c, lecteur, h.choice(codes), Maille.COMMUNE),
            10.0,
        ),
        f"portrait d'une commune, {PORTRAIT} indicateurs × 20 ans": (
            lambda c, lecteur, h: queries.load_series(c, lecteur, h.sample(codes, PORTRAIT), [h.choice(communes)]),
            40.0,
        ),
        "périodes d'un indicateur": (
            lambda c, lecteur, h: queries.list_periodes(c, lecteur, h.choice(codes), Maille.COMMUNE),
            None,
        ),
        "version du magasin": (lambda c, lecteur, h: queries.load_version(c), None),
    }


def mesure_requetes(app: Application) -> Iterator[Mesure]:
    """p95 of each read now, then as of lot 1 with its ratio to now, in a process set as the server sets itself."""
    stabilise()
    base = NOMS[app.moteur.dialect.name]
    for nom, (lit, barre) in lectures(app).items():
        durees = {suffixe: tire(app, lit, lecteur) for suffixe, lecteur in LECTEURS.items()}
        p95 = {suffixe: centile(d, 95) for suffixe, d in durees.items()}
        for suffixe, d in durees.items():
            detail = f"p50 {centile(d, 50):.1f} ms".replace(".", ",")
            yield Mesure(f"{base} : {nom}{suffixe}, p95", p95[suffixe], "ms", None if suffixe else barre, detail=detail)
        if barre is not None:
            yield Mesure(f"{base} : {nom}, lot 1 ÷ courant", p95[", au lot 1"] / p95[""], "fois", 2.0)


def tire(app: Application, lit: Lecture, lecteur: Lecteur) -> list[float]:
    """Durations in ms of the draws, the same for every reader, after as many to warm up with."""
    for _ in range(2):
        hasard, durees = random.Random(GRAINE), []
        for _ in range(TIRAGES):
            debut = time.perf_counter()
            with lecture(app.moteur) as connexion:
                lit(connexion, lecteur, hasard)
            durees.append(1000 * (time.perf_counter() - debut))
    return durees
