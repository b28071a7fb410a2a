"""The synthetic store of the bench: the real territories of the espace, 200 invented indicators, 20 years, two lots.

Nothing in it is a real figure. Lot 1 brings everything; lot 2 revises the last year of every indicator (5 % of the
rows), the hardest case for "latest value": every row read has an older version beside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from sqlalchemy import Connection, Engine, func, insert, select, text, update
from sqlalchemy.schema import CreateTable

from dashboard import bootstrap
from dashboard.domain.territoire import Maille
from dashboard.reglages import lis_reglages
from dashboard.store import commands, reference
from dashboard.store.ecriture import compacte
from dashboard.store.moteur import migre
from dashboard.store.schema import LOT_OUVERT, indicateur, territoire, valeur

INDICATEURS = 200
ANNEES = tuple(range(2004, 2024))
GRAINE = 2026
COLONNES = [c.name for c in valeur.columns]
INDEX = next(iter(valeur.indexes))


def dossier_banc() -> Path:
    """Where the synthetic stores are kept between two runs."""
    dossier = lis_reglages().home / "bench"
    dossier.mkdir(parents=True, exist_ok=True)
    return dossier


def prepare(url: str) -> bootstrap.Application:
    """The product's application on the synthetic store at ``url``, which is generated when absent or outdated."""
    reglages = replace(lis_reglages(), db=url, profil="agent", adresse="127.0.0.1")
    app = bootstrap.ouvre(reglages)
    temoin = dossier_banc() / f"{app.moteur.dialect.name}.json"
    empreinte = _empreinte(app)
    if not temoin.exists() or json.loads(temoin.read_text("utf-8")).get("empreinte") != empreinte:
        temoin.unlink(missing_ok=True)
        duree = _genere(app)
        temoin.write_text(json.dumps({"empreinte": empreinte, "secondes": round(duree)}), "utf-8")
    migre(app.moteur)
    return app


def _empreinte(app: bootstrap.Application) -> str:
    """What the synthetic store depends on: its own code, the schema, the referential, the indicators declared."""
    morceaux = [
        Path(__file__).read_bytes(),
        str(CreateTable(valeur)).encode(),
        str([c.name for c in INDEX.columns]).encode(),
        (app.reglages.espace / "reference" / "territoires.csv").read_bytes(),
        " ".join(i.id for i in app.espace.indicateurs).encode(),
    ]
    return hashlib.sha256(b"\0".join(morceaux)).hexdigest()


def _genere(app: bootstrap.Application) -> float:
    debut = time.monotonic()
    nom = app.moteur.dialect.name
    print(f"Magasin synthétique ({nom}) : génération, quelques minutes, une seule fois…", flush=True)
    _vide(app.moteur)
    migre(app.moteur)
    commands.enregistre_espace(app.moteur, app.espace, app.empreinte, "{}", app.auteur)
    reference.charge(app.moteur, app.reglages.espace / "reference", app.espace.millesime_cog, app.auteur)
    with app.moteur.begin() as connexion:
        INDEX.drop(connexion)
        cles = _declare(connexion)
        places = _places(connexion)
    for annees in (ANNEES, ANNEES[-1:]):
        _ecris_lot(app, cles, places, annees)
    with app.moteur.begin() as connexion:
        INDEX.create(connexion)
    _termine(app.moteur)
    duree = time.monotonic() - debut
    print(f"Magasin synthétique ({nom}) : prêt en {duree:.0f} s.", flush=True)
    return duree


def _vide(moteur: Engine) -> None:
    if moteur.dialect.name == "sqlite":
        for suffixe in ("", "-wal", "-shm"):
            Path(f"{moteur.url.database}{suffixe}").unlink(missing_ok=True)
        return
    with moteur.begin() as connexion:
        connexion.execute(text("DROP SCHEMA public CASCADE"))
        connexion.execute(text("CREATE SCHEMA public"))


def _declare(connexion: Connection) -> list[int]:
    """Keys of 200 indicators: those the espace declares, so that its pages show them, then invented ones."""
    deja = connexion.execute(select(func.count()).select_from(indicateur)).scalar_one()
    nouveaux = [{"code": f"synthetique_{rang:03d}", "acces": "ouvert"} for rang in range(deja, INDICATEURS)]
    connexion.execute(insert(indicateur), nouveaux)
    return sorted(connexion.execute(select(indicateur.c.id)).scalars())


def _places(connexion: Connection) -> pd.DataFrame:
    """Current territories sorted as the rows of a period: rang of the maille, id."""
    requete = select(territoire.c.id, territoire.c.maille).where(territoire.c.millesime_fin.is_(None))
    places = pd.DataFrame(connexion.execute(requete).all(), columns=["id", "maille"])
    places["maille"] = [Maille(m).rang for m in places["maille"]]
    return places.sort_values(["maille", "id"], ignore_index=True)


def _ecris_lot(app: bootstrap.Application, cles: list[int], places: pd.DataFrame, annees: tuple[int, ...]) -> None:
    """One more lot. Rows of the same years that an earlier lot had written are closed."""
    entete = commands.Lot("synthetique", "python -m tests.bench", "", "", len(cles) * len(annees) * len(places))
    sans_objectif = pd.DataFrame(columns=[*commands.CLE_OBJECTIF, *commands.CONTENU_OBJECTIF])
    bilan, _ = commands.publie_objectifs(
        app.moteur, entete, sans_objectif, pd.DataFrame(), lambda _: entete, app.auteur
    )  # fmt: skip
    numero = bilan.lot
    revisees = valeur.c.fin.in_([date(a, 12, 31) for a in annees]) & (valeur.c.lot_debut < numero)
    with app.moteur.begin() as connexion:
        connexion.execute(update(valeur).where(revisees).values(lot_fin=numero))
        for cle in cles:
            _ajoute(connexion, lignes(cle, numero, annees, places))


def lignes(cle: int, numero: int, annees: tuple[int, ...], places: pd.DataFrame) -> dict[str, np.ndarray]:
    """Rows of ``valeur`` for one indicator and one lot, in the order of its key, as arrays by column.

    A share that drifts from year to year around a level proper to each place; 1 % of the rows are secret.
    """
    hasard = np.random.default_rng([GRAINE, cle, numero])
    ordre = np.lexsort((np.tile(places["id"], len(annees)), np.repeat(annees, len(places)),
                        np.tile(places["maille"], len(annees))))  # fmt: skip
    rang, annee = np.tile(np.arange(len(places)), len(annees))[ordre], np.repeat(annees, len(places))[ordre]
    niveau = np.random.default_rng([GRAINE, cle]).beta(2, 3, len(places))
    denominateur = np.round(np.random.default_rng(GRAINE).lognormal(6, 1.2, len(places)) + 10)[rang]
    part = np.clip(niveau[rang] + 0.005 * (annee - annees[0]) + hasard.normal(0, 0.02, len(rang)), 0, 1)
    numerateur = np.round(part * denominateur)
    secret = hasard.random(len(rang)) < 0.01
    return _colonnes(cle, numero, places, rang, annee, numerateur, denominateur, secret)


def _colonnes(
    cle: int, numero: int, places: pd.DataFrame, rang: np.ndarray, annee: np.ndarray,
    numerateur: np.ndarray, denominateur: np.ndarray, secret: np.ndarray,
) -> dict[str, np.ndarray]:  # fmt: skip
    n = len(rang)
    maille = places["maille"].to_numpy()[rang]
    agrege = maille != Maille.COMMUNE.rang
    jours = annee.astype(str)
    cache = np.where(secret, np.nan, 1.0)
    return {
        "indicateur_id": np.full(n, cle), "maille": maille, "fin": np.char.add(jours, "-12-31"),
        "frequence": np.full(n, "A"), "territoire_id": places["id"].to_numpy()[rang],
        "lot_debut": np.full(n, numero), "lot_fin": np.full(n, LOT_OUVERT), "debut": np.char.add(jours, "-01-01"),
        "valeur": 100 * numerateur / denominateur * cache, "numerateur": numerateur * cache,
        "denominateur": denominateur * cache, "n_unites": denominateur * cache,
        "completude": np.where(agrege, 1.0, np.nan), "completude_population": np.where(agrege, 1.0, np.nan),
        "calculee": np.full(n, np.nan), "origine": np.where(agrege, "C", "P"),
        "statut": np.where(secret, "Q", "A"), "confidentialite": np.where(secret, "C", None),
    }  # fmt: skip


def _ajoute(connexion: Connection, colonnes: dict[str, np.ndarray]) -> None:
    """The fastest way in of each database: prepared inserts for SQLite, COPY for PostgreSQL."""
    directe = connexion.connection.driver_connection
    assert directe is not None
    if connexion.dialect.name == "sqlite":
        trous = ", ".join("?" * len(COLONNES))
        directe.executemany(f"INSERT INTO valeur ({', '.join(COLONNES)}) VALUES ({trous})", _n_uplets(colonnes))
        return
    texte = io.BytesIO()
    table = pa.table({c: pa.array(colonnes[c], from_pandas=True) for c in COLONNES})
    pa_csv.write_csv(table, texte, pa_csv.WriteOptions(include_header=False))
    with directe.cursor().copy(f"COPY valeur ({', '.join(COLONNES)}) FROM STDIN (FORMAT csv)") as copie:
        copie.write(texte.getbuffer())


def _n_uplets(colonnes: dict[str, np.ndarray]) -> Iterator[tuple[object, ...]]:
    """Rows for sqlite3, which writes NaN as NULL."""
    return zip(*(colonnes[c].tolist() for c in COLONNES), strict=True)


def _termine(moteur: Engine) -> None:
    """What the database does by itself in the days after a publication: statistics, and visibility on PostgreSQL."""
    if moteur.dialect.name == "postgresql":
        with moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connexion:
            connexion.execute(text("VACUUM ANALYZE"))
        return
    compacte(moteur)
    with moteur.connect() as connexion:
        connexion.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
