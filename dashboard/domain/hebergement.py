"""What a région declares of where its service runs and of who processes data for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, HttpUrl, StringConstraints

Mots = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Prestataire(BaseModel):
    """Who hosts the service, or processes something for it. ``lieu``: where, country included."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    nom: Mots
    role: Mots
    lieu: Mots
    url: HttpUrl | None = None


class Souverainete(BaseModel):
    """Hosting and processors. ``sous_traitants``: None when the région has said nothing, empty when it has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    hebergement: Prestataire | None = None
    sous_traitants: tuple[Prestataire, ...] | None = None
