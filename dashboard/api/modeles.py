"""What the interface answers, declared once: the records are built through these, and the document is made of them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from dashboard.domain.declaration import Modele
from dashboard.domain.territoire import Maille


class Ressource(Modele):
    """A record with the addresses of what goes with it."""

    liens: dict[str, str] = Field(description="Adresses de ce qui va avec.")


class Liste(Modele):
    """A page of a list."""

    total: int = Field(description="Nombre de lignes en tout.")
    page: int
    pages: int
    suivante: str | None = Field(description="Adresse de la page suivante ; rien à la dernière.")


class Accueil(Ressource):
    titre: str
    attribution: str
    millesime_cog: int = Field(description="Découpage communal en vigueur.")


class Resume(Ressource):
    id: str
    libelle: str
    unite: str
    nature: str = Field(description="programme : résultat d'une politique. contexte : décrit le territoire.")
    programme: str | None
    politique: str | None
    producteur: str
    licence: str
    mailles: tuple[Maille, ...]


class Indicateurs(Liste):
    indicateurs: list[Resume]


class Contact(Modele):
    id: str
    nom: str
    sigle: str
    url: str | None = Field(description="Site du producteur.")
    contact: str | None = Field(description="Adresse d'un service, ou d'un formulaire, où l'interroger.")


class Origine(Modele):
    id: str
    nom: str
    licence: str
    page: str | None


class Fiche(Ressource):
    id: str
    libelle: str
    libelle_court: str
    definition: str
    formule: str
    unite: str
    decimales: int = Field(description="Décimales à montrer ; les valeurs sont données entières.")
    nature: str
    sens: str = Field(description="Ce qui est mieux : hausse, baisse ou neutre.")
    lecture: str = Field(description="stock, flux, cumul_annuel ou glissant.")
    agregation: str
    programme: str | None
    politique: str | None
    producteur: Contact
    licence: str
    sources: list[Origine]
    rythme_mois: int
    delai_mois: int
    mailles: tuple[Maille, ...]
    periodes: dict[Maille, list[str]] = Field(description="Périodes par niveau, la plus récente d'abord.")
    note: str


class Mesuree(Modele):
    """One figure and what it is worth. Hidden by statistical secrecy: no figure and ``statut`` Q."""

    periode: str
    debut: date
    fin: date
    valeur: float | None = Field(description="Rien quand elle manque ou quand le secret statistique la couvre.")
    statut: str = Field(description="SDMX OBS_STATUS ; Q : couverte par le secret statistique.")
    confidentialite: str | None = Field(description="SDMX CONF_STATUS ; F : libre, sinon sous secret.")
    completude: float | None = Field(description="Part des territoires réunis dans un total, de 0 à 1.")


class Designe(Modele):
    code: str
    nom: str


class Valeur(Mesuree, Designe):
    """A figure of a place, the place first."""


class Valeurs(Liste):
    indicateur: str
    libelle: str
    unite: str
    licence: str
    producteur: str
    mailles: tuple[Maille, ...] = Field(description="Niveaux où l'indicateur existe.")
    valeurs: list[Valeur]


class Lieu(Ressource):
    code: str
    nom: str
    maille: Maille
    type: str | None
    population: int | None
    superficie_km2: float | None


class Lieux(Liste):
    territoires: list[Lieu]


class FicheLieu(Lieu):
    parents: list[str]


class Chiffree(Modele):
    indicateur: str
    libelle: str
    unite: str


class ValeurDuLieu(Mesuree, Chiffree):
    """A figure of an indicator, the indicator first."""


class ValeursDuLieu(Liste):
    code: str
    nom: str
    valeurs: list[ValeurDuLieu]


class ProgrammePublie(Ressource):
    id: str
    nom: str
    cadre: str
    politique: str
    politique_nom: str
    indicateurs: list[str]
    lies: list[str]


class Programmes(Liste):
    programmes: list[ProgrammePublie]


class SemainePubliee(Modele):
    semaine: str
    arrete: date = Field(description="Date à laquelle tout y est jugé.")
    publiee_le: date


class Semaines(Liste):
    semaines: list[SemainePubliee]


class Trait(Modele):
    type: str
    geometry: dict[str, object] | None
    properties: Valeur


class Collection(Modele):
    type: str
    licence: str
    attribution: str
    features: list[Trait]


class Document(Modele):
    """This very document."""

    openapi: str
    info: dict[str, object]
    servers: list[dict[str, object]]
    paths: dict[str, object]
    components: dict[str, object]


class Refus(Modele):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str = Field(description="Une phrase : la chose, la valeur, le remède.")
