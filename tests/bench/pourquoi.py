"""Time of « Pourquoi ce chiffre ? » at 14.7 million rows: the answer itself, with the rows received behind it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date

from sqlalchemy import insert, literal, select, update

from dashboard.bootstrap import Application
from dashboard.domain.agregation import Methode
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import PUBLIC
from dashboard.domain.periode import parse_periode
from dashboard.domain.territoire import Maille
from dashboard.explications import explique
from dashboard.serving.memoire import stabilise
from dashboard.store import queries
from dashboard.store.moteur import lecture
from dashboard.store.schema import LOT_OUVERT, indicateur, lot, mesure, territoire, valeur
from tests.bench.magasin import ANNEES, GRAINE
from tests.bench.mesure import Mesure, centile

TIRAGES, BARRE = 40, 100.0


def mesure_pourquoi(app: Application) -> Iterator[Mesure]:
    """p95 for each level, of an indicator rolled up from its communes."""
    stabilise()
    declare = next(i for i in app.espace.indicateurs
                   if i.agregation is Methode.RATIO and Maille.COMMUNE in i.mailles and not i.min_unites)  # fmt: skip
    _recoit(app, declare)
    with lecture(app.moteur) as connexion:
        places = queries.list_territoires(connexion)
    for maille in Maille:
        durees = _tire(app, declare, places.loc[places["maille"] == maille, "code"].tolist())
        detail = f"p50 {centile(durees, 50):.1f} ms".replace(".", ",")
        nom = f"Pourquoi ce chiffre, {maille.libelle.lower()}, p95"
        yield Mesure(nom, centile(durees, 95), "ms", BARRE, detail=detail)


def _tire(app: Application, declare: Indicateur, codes: list[str]) -> list[float]:
    hasard, durees = random.Random(GRAINE), list[float]()
    for rang in range(TIRAGES + 3):
        code, annee = hasard.choice(codes), parse_periode(str(hasard.choice(ANNEES)))
        debut = time.perf_counter()
        explique(app, PUBLIC, declare.id, code, annee, date(2026, 11, 23))
        if rang >= 3:  # the first ones warm up
            durees.append(1000 * (time.perf_counter() - debut))
    return durees


def _recoit(app: Application, declare: Indicateur) -> None:
    """Gives the synthetic store the rows received for one indicator, in a lot of its own source; once."""
    with app.moteur.begin() as connexion:
        if connexion.execute(select(mesure.c.id).limit(1)).first():
            return
        numero = connexion.execute(select(lot.c.id).order_by(lot.c.id.desc()).limit(1)).scalar_one()
        connexion.execute(update(lot).where(lot.c.id == numero).values(source=declare.source))
        colonnes = ["valeur", "numerateur", "denominateur", "n_unites", "statut", "debut", "fin", "frequence"]
        lignes = (
            select(literal(numero), valeur.c.territoire_id, literal(declare.id), territoire.c.code, literal(2026),
                   *(valeur.c[c] for c in colonnes))
            .join(territoire, territoire.c.id == valeur.c.territoire_id)
            .join(indicateur, indicateur.c.id == valeur.c.indicateur_id)
            .where(indicateur.c.code == declare.id, valeur.c.maille == Maille.COMMUNE.rang,
                   valeur.c.lot_fin == LOT_OUVERT)
        )  # fmt: skip
        cibles = ["lot", "ligne_source", "indicateur", "code_territoire", "millesime_cog", *colonnes]
        connexion.execute(insert(mesure).from_select(cibles, lignes))
