"""A home with the tiny, synthetic espace, its store filled, ready for snapshots: every figure is invented."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import yaml

from dashboard import bootstrap, instantanes
from dashboard.bootstrap import Application
from dashboard.domain.brouillon import Brouillon
from dashboard.domain.indicateur import Acces
from dashboard.exports import publication, verifie
from dashboard.reglages import lis_reglages
from dashboard.store import apports
from tests import mini
from tests.conftest import verbe

INTERDIT = "424242"
"""A figure of the closed indicator, found nowhere in what is public."""
SEMAINES = {
    "2026-W47": datetime(2026, 11, 16, 4, 0, tzinfo=UTC),
    "2026-W48": datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
    "2026-W49": datetime(2026, 11, 30, 4, 0, tzinfo=UTC),
}


def installe(espace_mini: Path, home: Path) -> Path:
    """A home whose store holds the tiny espace with a hidden value, a closed indicator and a closed programme."""
    espace = mini.dessine(shutil.copytree(espace_mini, home / "espace"))
    politiques = yaml.safe_load((espace / "politiques.yml").read_text("utf-8"))
    politiques["programmes"].append(
        {"id": "ferme", "politique": "politique", "nom": "Programme fermé", "nom_court": "Fermé", "cadre": "Aucun",
         "indicateurs": ["resultat_interne"]}
    )  # fmt: skip
    (espace / "politiques.yml").write_text(yaml.safe_dump(politiques, allow_unicode=True), "utf-8")
    interne = yaml.safe_load((espace / "indicateurs" / "effectif_interne.yml").read_text("utf-8"))
    interne |= {"id": "resultat_interne", "nature": "programme", "sens": "hausse", "mailles": mini.HAUTES}
    comptes = yaml.safe_load((espace / "sources" / "comptes.yml").read_text("utf-8"))
    comptes["requete"] += " WHERE indicateur <> 'effectif_interne' OR 1 = 1"
    (espace / "sources" / "comptes.yml").write_text(yaml.safe_dump(comptes, allow_unicode=True), "utf-8")
    (espace / "indicateurs" / "resultat_interne.yml").write_text(yaml.safe_dump(interne, allow_unicode=True), "utf-8")
    lignes = [mini.ligne(c, v[2]) for c, v in mini.COMMUNES.items()]
    lignes += [mini.ligne(c, int(INTERDIT), indicateur="effectif_interne") for c in mini.COMMUNES]
    lignes += [mini.ligne(mini.REGION, int(INTERDIT), indicateur="resultat_interne")]
    lignes += [
        mini.ligne(mini.REGION, v, indicateur="taux_publie", periode=p) for p, v in (("2023", 30.5), ("2024", 41))
    ]
    secrets = [mini.ligne(c, 7, indicateur="effectif_secret", n_unites=n) for n, c in enumerate(mini.COMMUNES, 1)]
    lignes += secrets
    cadre = pd.DataFrame([[x.get(c) for c in mini.FOURNIES] for x in lignes], columns=list(mini.FOURNIES))
    cadre.to_csv(espace / "base_curee" / "lignes.csv", index=False)
    fait = verbe({**environnement(home), "BOUSSOLE_PROFIL": "agent"}, "refresh", "--embarque")
    assert fait.returncode == 0, fait.stderr
    app = ouvre(home)
    for sujet, acces in (("programme", Acces.OUVERT), ("programme", Acces.INTERNE), ("ferme", Acces.OUVERT)):
        ecris(app, sujet, acces, f"Mots {acces.value} sur {sujet}.")
    app.moteur.dispose()
    return home


def ecris(app: Application, sujet: str, acces: Acces, texte: str) -> None:
    """A comment on a programme, in the région."""
    from dashboard.domain.apports import Commentaire, Genre, Signature

    genre, contenu = Genre.COMMENTAIRE, Commentaire(texte=texte)
    apports.ecris(
        app.moteur, app.auteur, Brouillon(genre, sujet, mini.REGION, contenu, Signature("Chef", "Essai"), acces)
    )  # fmt: skip


def environnement(home: Path) -> dict[str, str]:
    """The settings of this home."""
    return {"BOUSSOLE_HOME": str(home), "BOUSSOLE_ESPACE": str(home / "espace")}


def ouvre(home: Path, profil: str = "agent", **env: str) -> Application:
    """The application of a home."""
    return bootstrap.ouvre(lis_reglages({**environnement(home), "BOUSSOLE_PROFIL": profil, **env}))


@contextmanager
def copie(home: Path, vers: Path) -> Iterator[Application]:
    """A home of its own for one test."""
    shutil.copytree(home, vers)
    app = ouvre(vers)
    yield app
    app.moteur.dispose()


def cree(app: Application, semaine: str = "2026-W48", raison: str = "", **autres: object) -> instantanes.Fait:
    """One package without any drawing, as on the Monday of its week."""
    options: dict[str, object] = {"parties": (), "maintenant": SEMAINES[semaine], **autres}
    return instantanes.cree(app, raison=raison, **options)  # type: ignore[arg-type]


def modifie(app: Application, texte: str = "Un mot de plus.") -> None:
    """Something new to publish."""
    ecris(app, "programme", Acces.OUVERT, texte)


def snapshots(app: Application) -> Path:
    return instantanes.dossier(app.reglages, "public")


def etat_sain(app: Application, courant: str | None) -> None:
    """``current`` names a verified package, and nothing is left over."""
    ou = snapshots(app)
    assert publication.courant(ou) == courant
    assert not [f.name for f in ou.iterdir() if f.name.startswith(".")]
    assert verifie.verifie(str(ou)) == []


TUE = """
import os, signal, sys
from pathlib import Path
from dashboard.instantane_parties import PARTIES
from tests import paquets
home, semaine, limite = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
parties = PARTIES if sys.argv[4:] == ["tout"] else ()
app = paquets.ouvre(home)
dossier, vus = str(home / "snapshots"), 0

def compte(evenement, details):
    global vus
    ecrit = evenement == "open" and (details[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if (ecrit or evenement in ("os.rename", "os.mkdir", "os.truncate", "os.remove", "os.chmod")) and str(
        details[0]
    ).startswith(dossier):
        vus += 1
        if vus == limite:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(compte)
paquets.cree(app, semaine, parties=parties)
print(vus)
"""
"""A run killed (kill -9) just before its nth write in the folder of the packages; without a kill, their number.

With « tout », everything that is drawn is written too.
"""

PLEIN = """
import shutil, subprocess, sys
from pathlib import Path
from dashboard.exports import publication, verifie
from dashboard.instantane_parties import PARTIES
from dashboard.instantanes import InstantaneImpossible
from tests import paquets
home, pas = Path(sys.argv[1]), int(sys.argv[2])
parties = PARTIES if sys.argv[3:] == ["tout"] else ()
ou, gardes = home / "snapshots", home / "avec_w47"

def monte(ko, option):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"{option}size={ko}k", "tmpfs", str(ou)], check=True)

def sain(courant, quand):
    assert publication.courant(ou) == courant, (quand, publication.courant(ou))
    dommages = verifie.verifie_paquet(str(ou / courant))
    assert dommages == [], (quand, dommages)

ko, pleins, plein = 0, 0, True
shutil.rmtree(ou)
ou.mkdir()
base = sum(-(-f.stat().st_size // 4096) * 4 for f in gardes.rglob("*") if f.is_file())
while plein:
    ko += pas
    monte(base + ko, "")
    shutil.copytree(gardes, ou, dirs_exist_ok=True)
    app = paquets.ouvre(home)
    try:
        paquets.cree(app, "2026-W48", parties=parties)
        plein = False
    except InstantaneImpossible as erreur:
        assert "current" in str(erreur) or "Partie «" in str(erreur), erreur
        sain("2026-W47", ko)
        pleins += 1
        monte(65536, "remount,")
        assert str(paquets.cree(app, "2026-W48").semaine) == "2026-W48", ko
    sain("2026-W48", ko)
    assert verifie.verifie(str(ou)) == [], ko
    app.moteur.dispose()
    subprocess.run(["umount", str(ou)], check=True)
print(pleins)
"""
"""A disk (tmpfs) that is full a little later each time, until a run passes; then how many times it was full."""
