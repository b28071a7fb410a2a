"""The mail server, as set in the environment: how it is reached, and what is said when it is not."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote

from dashboard.reglages import ReglageInvalide, Reglages
from dashboard.store.abonnements import AbonnementRefuse, adresse_valide

DELAI = 20.0
PORTS = {"smtp": 587, "smtps": 465}
FORME = "smtp://utilisateur:motdepasse@courrier.exemple.fr:587, ou smtps:// pour un serveur chiffré dès l'ouverture"
_ADRESSE = re.compile(
    r"(?P<schema>smtps?)://(?:(?P<qui>[^:/@?#\s]+)(?::(?P<secret>[^:/@?#\s]*))?@)?"
    r"(?P<hote>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(?P<port>\d{1,5}))?/?",
    re.IGNORECASE | re.ASCII,
)

Envoi = Callable[[EmailMessage], None]


class EnvoiImpossible(RuntimeError):
    """The mail server does not answer or refuses; the message names it and the remedy, never its password."""


@dataclass(frozen=True)
class Serveur:
    """Where mail is handed over, and in whose name. ``chiffre``: encrypted from the first byte."""

    hote: str
    port: int
    chiffre: bool
    expediteur: str
    qui: str = ""
    secret: str = field(default="", repr=False)

    @property
    def nom(self) -> str:
        """What may be shown of it."""
        return f"{self.hote}:{self.port}"


def serveur(reglages: Reglages) -> Serveur:
    """The server that is set. Raises ``ReglageInvalide`` when it is not, or cannot be read."""
    if not reglages.smtp:
        raise ReglageInvalide(f"BOUSSOLE_SMTP absent : aucun courriel ne peut partir. Donner {FORME}.")
    lue = _lis(reglages.smtp)
    if lue is None:
        raise ReglageInvalide(
            f"BOUSSOLE_SMTP : adresse illisible. Donner {FORME} ; un caractère spécial s'y écrit %XX (« @ » : %40)."
        )
    try:
        expediteur = adresse_valide(reglages.expediteur or "")
    except AbonnementRefuse:
        raise ReglageInvalide(
            f"BOUSSOLE_EXPEDITEUR : « {reglages.expediteur or ''} » n'est pas une adresse. "
            "Donner par exemple boussole@exemple.fr."
        ) from None
    schema, hote = lue["schema"].lower(), lue["hote"].strip("[]")
    port, qui, secret = int(lue["port"] or PORTS[schema]), unquote(lue["qui"] or ""), unquote(lue["secret"] or "")
    return Serveur(hote, port, schema == "smtps", expediteur, qui, secret)


def masque(smtp: str | None) -> str:
    """The setting with its password hidden, safe for a log or a screen."""
    if not smtp:
        return "absent"
    lue = _lis(smtp)
    if lue is None:
        return "adresse illisible"
    qui = "" if lue["qui"] is None else f"{lue['qui']}{'' if lue['secret'] is None else ':***'}@"
    return f"{lue['schema'].lower()}://{qui}{lue['hote']}{':' + lue['port'] if lue['port'] else ''}"


def _lis(smtp: str) -> re.Match[str] | None:
    lue = _ADRESSE.fullmatch(smtp)
    return lue if lue and 0 < int(lue["port"] or 1) < 65_536 else None


@contextmanager
def session(ou: Serveur) -> Iterator[Envoi]:
    """A connection by which messages are handed over one by one.

    Raises :class:`EnvoiImpossible`: while opening, the server cannot be used at all; while sending, it refused one.
    """
    try:
        connexion = _ouvre(ou)
    except (OSError, smtplib.SMTPException) as erreur:
        raise _explique(ou, erreur) from None
    try:
        yield lambda message: _envoie(ou, connexion, message)
    finally:
        try:
            connexion.quit()
        except (OSError, smtplib.SMTPException):
            connexion.close()


def _ouvre(ou: Serveur) -> smtplib.SMTP:
    contexte = ssl.create_default_context()
    if ou.chiffre:
        connexion: smtplib.SMTP = smtplib.SMTP_SSL(ou.hote, ou.port, timeout=DELAI, context=contexte)
    else:
        connexion = smtplib.SMTP(ou.hote, ou.port, timeout=DELAI)
    try:
        connexion.ehlo()
        if not ou.chiffre and connexion.has_extn("starttls"):
            connexion.starttls(context=contexte)
            connexion.ehlo()
        elif not ou.chiffre and ou.qui and not _est_local(ou.hote):
            raise EnvoiImpossible(
                f"Serveur de courrier {ou.nom} : il ne chiffre pas, le mot de passe n'a pas été envoyé. "
                "Donner un serveur qui chiffre (smtps://) à BOUSSOLE_SMTP."
            )
        if ou.qui:
            connexion.login(ou.qui, ou.secret)
    except BaseException:
        connexion.close()
        raise
    return connexion


def _envoie(ou: Serveur, connexion: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        connexion.send_message(message)
    except (OSError, smtplib.SMTPException) as erreur:
        raise _explique(ou, erreur) from None


def _explique(ou: Serveur, erreur: Exception) -> EnvoiImpossible:
    """What the server answers is not repeated: it may quote what it was given."""
    code = f" (réponse {erreur.smtp_code})" if isinstance(erreur, smtplib.SMTPResponseException) else ""
    if isinstance(erreur, smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError):
        cause = f"il refuse les identifiants{code} ; vérifier l'utilisateur et le mot de passe de BOUSSOLE_SMTP"
    elif isinstance(erreur, ssl.SSLError):
        cause = "son certificat ou son chiffrement n'est pas accepté ; vérifier son nom et son port dans BOUSSOLE_SMTP"
    elif isinstance(erreur, smtplib.SMTPRecipientsRefused):
        code = f" (réponse {next(iter(erreur.recipients.values()))[0]})"
        cause = f"il refuse le destinataire{code} ; vérifier l'adresse, ou la retirer avec desabonne"
    elif isinstance(erreur, smtplib.SMTPSenderRefused):
        cause = f"il refuse l'expéditeur{code} ; vérifier BOUSSOLE_EXPEDITEUR"
    elif isinstance(erreur, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError) or not code:
        cause = "il ne répond pas ; vérifier qu'il est démarré et l'adresse de BOUSSOLE_SMTP"
    else:
        cause = f"il refuse le message{code} ; voir son journal"
    return EnvoiImpossible(f"Serveur de courrier {ou.nom} : {cause}.")


def _est_local(hote: str) -> bool:
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"
