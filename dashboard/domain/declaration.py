"""What every declaration of an espace is made of: closed, frozen records, identifiers, addresses, contacts."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Identifiant = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,60}$")]
Adresse = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$")]
Texte = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SERVICES = (
    "contact", "info", "infos", "information", "accueil", "donnees", "data", "opendata", "statistiques", "sig", "dpo",
    "open", "support", "service", "services", "secretariat", "webmestre", "webmaster", "communication", "open-data",
    "mairie", "ville", "commune", "prefecture", "observatoire", "diffusion", "enquetes",
)  # fmt: skip
"""First words of an address that is a service's, not a person's."""


def est_de_service(adresse: str) -> bool:
    """Is an e-mail address that of a service (contact@…, donnees-ouvertes@…)? Any other may be a person's."""
    trouve = re.fullmatch(r"([a-z0-9]+(?:[-_.+][a-z0-9]+)*)@([a-z0-9-]+\.)+[a-z]{2,}", adresse.lower())
    return trouve is not None and (re.split(r"[-_.+]", trouve[1])[0] in SERVICES or trouve[1] in SERVICES)


def _contact(texte: object) -> object:
    """A web address, or the address of a service: a person's is never kept."""
    if not isinstance(texte, str) or re.match(r"https?://", texte):
        return texte
    if not est_de_service(texte):
        raise ValueError(
            "contact qui n'est ni une adresse https://…, ni celle d'un service (contact@…, donnees@…) ; "
            "jamais l'adresse d'une personne"
        )
    return texte.lower()


Contact = Annotated[
    str, BeforeValidator(_contact), StringConstraints(pattern=r"^(https?://[^\s<>\"{}|\\^`]+|[^\s<>@]+@[^\s<>@]+)$")
]


class Modele(BaseModel):
    """A closed, frozen record: an unknown key is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)
