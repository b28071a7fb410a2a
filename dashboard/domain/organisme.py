"""Organisations: who publishes data, who hosts the service or processes something for it."""

from __future__ import annotations

from dashboard.domain.declaration import Adresse, Contact, Identifiant, Modele, Texte


class Producteur(Modele):
    """Who publishes data. ``contact``: a service's address or form, never a person's."""

    id: Identifiant
    nom: Texte
    sigle: Texte
    url: Adresse | None = None
    contact: Contact | None = None

    @property
    def joindre(self) -> str | None:
        """Where to write to it: ``mailto:…`` or an address of the web; its site when no contact is declared."""
        if self.contact is None:
            return self.url
        return f"mailto:{self.contact}" if "@" in self.contact else self.contact


class Prestataire(Modele):
    """Who hosts the service, or processes something for it. ``lieu``: where, country included."""

    nom: Texte
    role: Texte
    lieu: Texte
    url: Adresse | None = None


class Souverainete(Modele):
    """Hosting and processors, as the région declares them. ``sous_traitants``: None when it has said nothing."""

    hebergement: Prestataire | None = None
    sous_traitants: tuple[Prestataire, ...] | None = None
