"""Long work in its own process: a page starts it and leaves; ``python -m dashboard tache N`` does it.

Beside bootstrap, the only module that calls the pipeline: imports, publications, undo and pulls asked by a page.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.source import Source
from dashboard.exports import rapport
from dashboard.exports.tableur import en_csv
from dashboard.reglages import RACINE
from dashboard.store import commands, queries, taches
from dashboard.store.ecriture import exige
from dashboard.store.moteur import MagasinIndisponible

if TYPE_CHECKING:
    from data_sources.pipeline import Resultat

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".ods", ".parquet", ".geojson", ".json", ".gpkg")
BATTEMENT = 20.0
"""Seconds between two signs of life."""
CLOS = "Le détail n'est plus montré : il porte sur des données qui ne se lisent plus."
FINS = {"refuse": "refusee", "indisponible": "echouee"}


class DemandeRefusee(ValueError):
    """What is asked cannot be done; the message names it and the remedy."""


class FichierRefuse(DemandeRefusee):
    """A file that is not kept, or is gone; the message names it and lists what is accepted."""


class Arret(BaseException):
    """The system asks this process to stop."""


def depose(app: Application, nom: str, contenu: bytes | memoryview) -> dict[str, str]:
    """Keeps a file given by hand under its own hash; the name it came with is only told, never used.

    Gives ``sha256``, ``suffixe`` and ``nom``. Raises :class:`FichierRefuse`.
    """
    from data_sources.identifiants import nom_tu

    exige(app.auteur)
    suffixe = Path(nom).suffix.lower()
    if suffixe not in SUFFIXES:
        raise FichierRefuse(f"Fichier « {nom[-60:]} » : type non admis. Types admis : {', '.join(SUFFIXES)}.")
    sha256 = hashlib.sha256(contenu).hexdigest()
    cible = _fichier(app, {"sha256": sha256, "suffixe": suffixe})
    if not cible.is_file():
        cible.parent.mkdir(parents=True, exist_ok=True)
        provisoire = cible.with_name(f".{cible.name}.{os.getpid()}.{threading.get_ident()}.part")
        provisoire.write_bytes(contenu)
        provisoire.replace(cible)
    return {"sha256": sha256, "suffixe": suffixe, "nom": nom_tu(nom[-120:])}


def lance(app: Application, genre: str, parametres: Mapping[str, Any]) -> int:
    """Creates the task and starts its process, which outlives the page and the server. Gives its number."""
    numero = taches.cree(app.moteur, genre, parametres, app.auteur)
    dossier = _dossier(app)
    dossier.mkdir(parents=True, exist_ok=True, mode=0o700)
    commande = [sys.executable, "-m", "dashboard", "tache", str(numero)]
    try:
        with (dossier / f"{numero}.log").open("wb") as journal:
            processus = subprocess.Popen(
                commande, cwd=RACINE, env=_environnement(app), stdin=subprocess.DEVNULL, stdout=journal,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
    except OSError as erreur:
        etape = f"Le traitement n'a pas pu démarrer ({erreur.strerror}). Prévenir l'exploitant, puis recommencer."
        taches.finis(app.moteur, numero, "echouee", etape, None, app.auteur)
        return numero
    taches.confie(app.moteur, numero, processus.pid, app.auteur)
    threading.Thread(target=processus.wait, daemon=True).start()
    return numero


def execute(app: Application, numero: int) -> str:
    """Does one task in this process, and gives the state it ended in. Raises ``TacheIntrouvable``."""
    from data_sources.controles import LotRefuse

    tache = taches.prends(app.moteur, numero, app.auteur)
    try:
        with _arretable(), _vivante(app, numero):
            etat, resultat = _travaille(app, tache)
    except taches.Annulee as annulee:
        etat, resultat = "annulee", {"etat": "annulee", "message": str(annulee)}
    except Arret:
        voulu = _annulation_demandee(app, numero)
        etat = "annulee" if voulu else "interrompue"
        resultat = {"etat": etat, "message": "Arrêtée avant la fin. Rien n'a été publié ; la relancer."}
    except (DemandeRefusee, LotRefuse) as refus:
        etat, resultat = "refusee", {"etat": "refuse", "message": str(refus)}
    except MagasinIndisponible as erreur:
        etat, resultat = "echouee", {"etat": "indisponible", "message": str(erreur)}
    except Exception:  # noqa: BLE001 - the last net: the agent gets a sentence, the log the trace
        traceback.print_exc()
        message = f"Erreur inattendue. Prévenir l'exploitant : la trace est dans le fichier taches/{numero}.log."
        etat, resultat = "echouee", {"etat": "erreur", "message": message}
    taches.finis(app.moteur, numero, etat, str(resultat.get("message", "")), resultat, app.auteur)
    return etat


def fichier_joint(app: Application, numero: int, quoi: str) -> Path | None:
    """The complete ``refus`` or ``ecarts`` of a task, as a CSV file; None when there is none that he may still read."""
    exige(app.auteur)
    chemin = _dossier(app) / f"{int(numero)}-{quoi}.csv"
    if quoi not in ("refus", "ecarts") or not chemin.is_file():
        return None
    with app.moteur.connect() as connexion:
        tache = taches.lis(connexion, numero)
    return chemin if tache and relue(app, tache) is tache else None


def relue(app: Application, tache: taches.Tache) -> taches.Tache:
    """The same task; without its tables once they speak of an indicator that its reader may no longer read."""
    if "source" not in (resultat := tache.resultat or {}):
        return tache
    with app.moteur.connect() as connexion:
        visibles = set(queries.list_indicateurs(connexion, app.lecteur))
    cites = {i.id for i in app.espace.indicateurs if resultat["source"] in i.sources}
    cites |= {str(e["indicateur"]) for e in resultat.get("ecarts") or ()}
    if cites <= visibles and any(s.id == resultat["source"] for s in app.sources):
        return tache
    comptes = {c: resultat[c] for c in ("etat", "lot", "comptes") if c in resultat}
    return replace(tache, resultat=comptes | {"source": "", "message": CLOS})


def _dossier(app: Application) -> Path:
    return app.reglages.home / "taches"


def _fichier(app: Application, parametres: Mapping[str, Any]) -> Path:
    return app.reglages.depot / "importes" / f"{parametres['sha256']}{parametres['suffixe']}"


def _environnement(app: Application) -> dict[str, str]:
    """The environment of this process, with the settings it really uses."""
    reglages = app.reglages
    jour = {"BOUSSOLE_DATE_ARRETE": reglages.date_arrete.isoformat()} if reglages.date_arrete else {}
    return {
        **os.environ, "BOUSSOLE_DB": reglages.db, "BOUSSOLE_HOME": str(reglages.home),
        "BOUSSOLE_ESPACE": str(reglages.espace.resolve()), "BOUSSOLE_PROFIL": reglages.profil,
        "BOUSSOLE_ADRESSE": reglages.adresse, **jour,
    }  # fmt: skip


@contextmanager
def _arretable() -> Iterator[None]:
    """SIGTERM becomes an :class:`Arret`, so that transactions are rolled back and leases given back."""

    def arrete(_signal: int, _cadre: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Arret

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    avant = signal.signal(signal.SIGTERM, arrete)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, avant)


@contextmanager
def _vivante(app: Application, numero: int) -> Iterator[None]:
    """A sign of life at regular intervals, also during a long step."""
    fini = threading.Event()

    def bats() -> None:
        while not fini.wait(BATTEMENT):
            taches.bat(app.moteur, numero, app.auteur)

    fil = threading.Thread(target=bats, daemon=True)
    fil.start()
    try:
        yield
    finally:
        fini.set()
        fil.join(timeout=10)


def _annulation_demandee(app: Application, numero: int) -> bool:
    with app.moteur.connect() as connexion:
        lue = taches.lis(connexion, numero)
    return lue is not None and lue.a_annuler


def _travaille(app: Application, tache: taches.Tache) -> tuple[str, dict[str, Any]]:
    travaux: dict[str, Callable[[Application, taches.Tache], Resultat]] = {
        "verification": _importe, "publication": _importe, "annulation": _annule, "tirage": _tire,
    }  # fmt: skip
    if tache.genre not in travaux:
        raise DemandeRefusee(f"Tâche {tache.id} : genre « {tache.genre} » inconnu. Admis : {', '.join(travaux)}.")
    resultat = travaux[tache.genre](app, tache)
    return FINS.get(resultat.etat, "terminee"), _rapport(app, tache, resultat)


def _suivi(app: Application, numero: int) -> Callable[[str, float], None]:
    return lambda etape, part: taches.avance(app.moteur, numero, etape, part, app.auteur)


def _importe(app: Application, tache: taches.Tache) -> Resultat:
    source = _source(app, str(tache.parametres["source"]))
    fichier = _fichier(app, tache.parametres)
    if not fichier.is_file():
        raise FichierRefuse(f"Fichier « {tache.parametres.get('nom', '')} » : il n'est plus ici. Le déposer à nouveau.")
    verification = tache.genre == "verification"
    resultat = bootstrap.importe(app, source, fichier, a_blanc=verification, suivi=_suivi(app, tache.id))
    declares = source.traitement is not None and bool(source.traitement.identifiants)
    if resultat.a_effacer or (declares and not verification):
        fichier.unlink(missing_ok=True)
    return resultat


def _tire(app: Application, tache: taches.Tache) -> Resultat:
    return bootstrap.tire(app, _source(app, str(tache.parametres["source"])), _suivi(app, tache.id))


def _annule(app: Application, tache: taches.Tache) -> Resultat:
    from data_sources import pipeline

    return pipeline.annule(bootstrap.contexte(app, suivi=_suivi(app, tache.id)), int(tache.parametres["lot"]))


def _source(app: Application, identifiant: str) -> Source:
    trouvee = next((s for s in app.sources if s.id == identifiant), None)
    if trouvee is None:
        connues = ", ".join(s.id for s in app.sources)
        raise DemandeRefusee(f"Source « {identifiant} » inconnue. Sources admises : {connues}.")
    return trouvee


def _rapport(app: Application, tache: taches.Tache, resultat: Resultat) -> dict[str, Any]:
    """What the page shows of the outcome; the complete tables go to files."""
    entete, bilan = resultat.entete, resultat.bilan
    refus = rapport.au_nom_du_fichier(resultat.rejets, _source(app, resultat.source))
    contenu: dict[str, Any] = {
        "etat": resultat.etat, "message": resultat.message, "source": resultat.source,
        "lot": bilan.lot if bilan else 0,
        "comptes": {
            "recues": entete.recues if entete else 0, "acceptees": entete.acceptees if entete else 0,
            "rejetees": int(resultat.rejets["ligne"].nunique()), "hors_champ": entete.hors_champ if entete else 0,
            "inchangees": bilan.inchangees if bilan else 0,
        },
        "alertes": list(entete.alertes) if entete else [],
        "traces": [
            {"regle": t.regle, "colonne": t.colonne, "nombre": t.nombre,
             "exemples": [{"ligne": e.ligne, "avant": e.avant, "apres": e.apres} for e in t.exemples]}
            for t in (entete.traces if entete else ())
        ],
        "refus": rapport.extrait(refus), "refus_total": len(refus),
    }  # fmt: skip
    if len(refus):
        _joins(app, tache.id, "refus", refus)
    if resultat.ecarts is not None:
        ecarts = _differences(app, resultat)
        contenu["comptes"] |= rapport.comptes(ecarts)
        contenu |= {"ecarts": rapport.extrait(ecarts), "ecarts_total": len(ecarts)}
        if len(ecarts):
            _joins(app, tache.id, "ecarts", ecarts)
    elif bilan:
        contenu["comptes"] |= {"nouvelle": bilan.nouvelles, "modifiee": bilan.modifiees, "retiree": bilan.retirees}
    return contenu


def _differences(app: Application, resultat: Resultat) -> pd.DataFrame:
    assert resultat.ecarts is not None
    with app.moteur.connect() as connexion:
        noms = {cle: code for code, cle in commands.cles_indicateurs(connexion).items()}
        places = queries.list_territoires(connexion)
    seuil = _source(app, resultat.source).seuil_revision
    return rapport.differences(resultat.ecarts, noms, places, seuil, pd.Timestamp(app.reglages.aujourd_hui()))


def _joins(app: Application, numero: int, quoi: str, cadre: pd.DataFrame) -> None:
    dossier = _dossier(app)
    dossier.mkdir(parents=True, exist_ok=True, mode=0o700)
    (dossier / f"{numero}-{quoi}.csv").write_bytes(en_csv(cadre))
