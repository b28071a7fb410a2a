"""What this server may call, and the last proof that its pages call nobody: read from its records and settings."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from dashboard.bootstrap import Application
from dashboard.domain.source import Source
from dashboard.domain.souverainete import Preuve, Sortie, sorties_des_sources
from dashboard.reglages import RACINE, Reglages
from dashboard.serving.fond import fond_declare

PREUVE = RACINE / "docs" / "preuves" / "requetes.json"
"""Written by ``make preuve``, kept with the code it speaks of."""


class PreuveIllisible(ValueError):
    """The file of the proof is not one; the message names it and the remedy."""


def preuve(chemin: Path = PREUVE) -> Preuve | None:
    """The last proof, None when none was made. Raises :class:`PreuveIllisible`."""
    try:
        return Preuve.model_validate_json(chemin.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as erreur:
        raise PreuveIllisible(
            f"Preuve {chemin.name} illisible ({type(erreur).__name__}) : la refaire par « make preuve »."
        ) from erreur


def pages_sans_preuve(faite: Preuve, dossier: Path = RACINE / "pages") -> list[str]:
    """Pages of this version that the proof did not open."""
    ouvertes = {urlsplit(p).path.strip("/") or "essentiel" for p in faite.pages}
    return sorted(f.stem for f in dossier.glob("*.py") if f.stem not in ouvertes)


def sorties(app: Application, sources: Collection[Source]) -> tuple[Sortie, ...]:
    """Every host that the server, or the reader's browser, may call. ``sources``: those this reader may know of."""
    return (*sorties_des_sources(sources), *_bases(sources), *_courriel(app), *_fond(app.reglages))


def _bases(sources: Collection[Source]) -> tuple[Sortie, ...]:
    """A database is designated by a variable of the environment: its address is never shown."""
    noms = [s.nom for s in sources if s.connecteur == "sql" and not s.embarquee]
    return (Sortie("base de données réglée par l'exploitant", " ; ".join(sorted(noms))),) if noms else ()


def _courriel(app: Application) -> tuple[Sortie, ...]:
    """The mail server is told by name to agents only."""
    if not app.reglages.smtp:
        return ()
    hote = urlsplit(app.reglages.smtp).hostname if app.auteur.peut_ecrire else None
    return (Sortie(hote or "serveur de courrier réglé par l'exploitant", "Alertes et bulletin par courriel"),)


def _fond(reglages: Reglages) -> tuple[Sortie, ...]:
    fond = fond_declare(reglages.fond_de_carte)
    if fond is None:
        return ()
    return (Sortie(fond.hote, f"{fond.nom}, quand le lecteur le demande", "le navigateur du lecteur"),)
