"""Settings, read once from the environment. docs/exploitation.md lists them; ``doctor`` prints them."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

RACINE = Path(__file__).resolve().parent.parent
PARIS = ZoneInfo("Europe/Paris")
PROFILS = ("public", "partenaire", "agent")
FONDS_DE_CARTE = ("geoplateforme",)


class ReglageInvalide(ValueError):
    """A setting has a wrong value; the message names it, the value and the remedy."""


@dataclass(frozen=True)
class Reglages:
    """Where things are and who uses this process."""

    db: str
    espace: Path
    home: Path
    profil: str
    adresse: str
    date_arrete: date | None = None
    smtp: str | None = field(default=None, repr=False)
    expediteur: str | None = None
    fond_de_carte: str | None = None
    bulletin: tuple[str, ...] = field(default=(), repr=False)
    cle_signature: Path | None = None
    url: str = ""

    @property
    def base_curee(self) -> Path:
        """The embedded curated database, built from the CSV files of the espace."""
        return self.home / "base_curee.sqlite"

    @property
    def depot(self) -> Path:
        """Where suppliers' files are dropped, and where those given by hand are kept."""
        return self.home / "depot"

    @property
    def peut_ecrire(self) -> bool:
        """Writing needs the agent profile and a server that only this machine can reach."""
        return self.profil == "agent" and _est_boucle_locale(self.adresse)

    @property
    def en_groupe(self) -> bool:
        """Reading what is shared with the closed user group asks for the same: only this machine reaches it."""
        return self.profil == "partenaire" and _est_boucle_locale(self.adresse)

    def aujourd_hui(self) -> date:
        """The date d'arrêté by default: the one that is set, else today in Paris."""
        return self.date_arrete or datetime.now(PARIS).date()


def lis_reglages(env: Mapping[str, str] = os.environ) -> Reglages:
    """Settings from ``env``. Raises :class:`ReglageInvalide`."""
    home = Path(env.get("BOUSSOLE_HOME") or RACINE / ".boussole").expanduser().resolve()
    profil = env.get("BOUSSOLE_PROFIL") or "public"
    if profil not in PROFILS:
        raise ReglageInvalide(f"BOUSSOLE_PROFIL : « {profil} » inconnu. Valeurs admises : {', '.join(PROFILS)}.")
    return Reglages(
        db=env.get("BOUSSOLE_DB") or f"sqlite:///{home / 'boussole.sqlite'}",
        espace=Path(env.get("BOUSSOLE_ESPACE") or RACINE / "data_sources" / "bfc").expanduser(),
        home=home,
        profil=profil,
        adresse=env.get("BOUSSOLE_ADRESSE") or env.get("STREAMLIT_SERVER_ADDRESS") or "127.0.0.1",
        date_arrete=_lis_date(env.get("BOUSSOLE_DATE_ARRETE")),
        smtp=env.get("BOUSSOLE_SMTP") or None,
        expediteur=env.get("BOUSSOLE_EXPEDITEUR") or None,
        fond_de_carte=_lis_fond(env.get("BOUSSOLE_FOND_DE_CARTE")),
        bulletin=tuple(a.strip() for a in (env.get("BOUSSOLE_BULLETIN") or "").split(",") if a.strip()),
        cle_signature=Path(cle).expanduser() if (cle := env.get("BOUSSOLE_CLE_SIGNATURE")) else None,
        url=lis_url(env.get("BOUSSOLE_URL")),
    )


def _lis_fond(texte: str | None) -> str | None:
    if texte and texte not in FONDS_DE_CARTE:
        admis = ", ".join(FONDS_DE_CARTE)
        raise ReglageInvalide(f"BOUSSOLE_FOND_DE_CARTE : « {texte} » inconnu. Valeurs admises : {admis}, ou rien.")
    return texte or None


def lis_url(texte: str | None, nom: str = "BOUSSOLE_URL") -> str:
    """A public address without its last slash: what it names is written the same everywhere."""
    if texte and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`/?#]+(/[^\s<>\"{}|\\^`?#]*)?", texte):
        raise ReglageInvalide(
            f"{nom} : « {texte} » n'est pas l'adresse d'un site. Forme attendue : https://boussole.exemple.fr."
        )
    return (texte or "").rstrip("/")


def _lis_date(texte: str | None) -> date | None:
    if not texte:
        return None
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise ReglageInvalide(
            f"BOUSSOLE_DATE_ARRETE : « {texte} » n'est pas une date. Forme attendue : 2026-11-23."
        ) from None


def _est_boucle_locale(adresse: str) -> bool:
    if adresse == "localhost":
        return True
    try:
        return ip_address(adresse.strip("[]")).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=1)
def version_du_code() -> str:
    """« 0.1.0+105c28b », the commit when it is known; never a path of this machine."""
    numero = str(tomllib.loads((RACINE / "pyproject.toml").read_text("utf-8"))["project"]["version"])
    try:
        demande = ["git", "-C", str(RACINE), "describe", "--always", "--dirty=.modifie", "--abbrev=12", "--exclude=*"]
        lu = subprocess.run(demande, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return numero
    return f"{numero}+{lu}"
