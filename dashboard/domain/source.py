"""What a source declares: where it is, how it is read, how its columns are named, what must hold to be published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from dashboard.domain.convention import OUVERTURE, Convention, Traitement
from dashboard.domain.declaration import Adresse, Identifiant, Modele, Texte
from dashboard.domain.indicateur import Acces, Indicateur
from dashboard.domain.qualite import Seuils
from dashboard.domain.territoire import Maille

BASE_CUREE = "base_curee"
CONNECTEURS = ("sql", "fichier", "http", "ogc", "sdmx")


class Colonnes(Modele):
    """The supplier's column names for each field of ours; ``None`` when it does not supply it."""

    indicateur: str | None = "indicateur"
    territoire: str = "code_territoire"
    periode: str | None = "periode"
    valeur: str | None = "valeur"
    numerateur: str | None = None
    denominateur: str | None = None
    n_unites: str | None = None
    part_max: str | None = None
    statut: str | None = None
    millesime_cog: str | None = None
    source_url: str | None = None
    date_source: str | None = None
    note: str | None = None


class Attentes(Modele):
    """What must hold or the lot is refused, and what is only told.

    ``variation_lignes_max``: largest fall of the number of rows since the last lot, in %. ``variation_max``: largest
    change of one value since the last lot, in %, beyond which it is told (``alerte``) or refuses the lot (``refus``).
    ``constantes_admises``: indicators that may have one value throughout. ``heritages_admis``: whose communes may all
    carry the value of a level above.
    """

    lignes_min: int = Field(default=1, ge=0)
    lignes_max: int = Field(default=5_000_000, gt=0)
    valeur_min: float | None = None
    valeur_max: float | None = None
    rejets_max: int = Field(default=0, ge=0)
    totaux: dict[str, float] = Field(default_factory=dict)
    variation_lignes_max: float = Field(default=20.0, ge=0, le=100)
    variation_max: float | None = Field(default=None, gt=0)
    au_dela: Literal["alerte", "refus"] = "alerte"
    constantes_admises: tuple[Identifiant, ...] = ()
    heritages_admis: tuple[Identifiant, ...] = ()


def _motif(texte: str) -> str:
    try:
        re.compile(texte)
    except re.error as erreur:
        raise ValueError(f"expression « {texte} » incorrecte ({erreur}) ; la corriger") from None
    return texte


Motif = Annotated[str, BeforeValidator(_motif)]


class Periodes(Modele):
    """Periods spread over columns: those whose name matches ``motif`` become rows, their period is ``periode``.

    ``periode`` may use the groups of the pattern: ``T(\\d) (\\d{4})`` and ``\\2-T\\1`` give 2018-T1.
    """

    motif: Motif
    periode: Texte


class Mesure(Modele):
    """One value per row of a wide table: its indicator and the supplier's columns that carry its figures."""

    indicateur: Identifiant
    valeur: str | None = None
    numerateur: str | None = None
    denominateur: str | None = None
    n_unites: str | None = None
    periode: str | None = None

    @model_validator(mode="after")
    def _chiffree(self) -> Mesure:
        if self.valeur is None and (self.numerateur is None or self.denominateur is None):
            raise ValueError(f"mesure « {self.indicateur} » : donner valeur, ou numerateur et denominateur")
        return self


class Forme(Modele):
    """From the supplier's shape to ours: one row per indicator, territory and period.

    ``garde``: rows kept, by column and admitted values; the others are out of scope, counted, not refused.
    ``maille``: the level of bare INSEE or SIREN codes. ``motif``: where the codes are in a text (« Autun (71014) »);
    several codes in one cell give several rows. ``postal``: the codes are postcodes, carried to ``maille`` when all
    the communes of the postcode are in the same territory. ``codes``: our codes (DEP-21) by the supplier's own names of
    places. ``facteur`` multiplies the values, from the supplier's unit to ours (0.0001: m² to ha). ``constantes``:
    fields of ours that the file does not carry. ``regroupe``: several rows of one territory and period are added up,
    or counted.
    """

    garde: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    maille: Maille | None = None
    motif: Motif | None = None
    postal: bool = False
    codes: dict[str, str] = Field(default_factory=dict)
    facteur: float | None = Field(default=None, gt=0)
    periodes: Periodes | None = None
    mesures: tuple[Mesure, ...] = ()
    constantes: dict[str, str] = Field(default_factory=dict)
    regroupe: Literal["somme", "compte"] | None = None

    @field_validator("constantes")
    @classmethod
    def _champs_connus(cls, constantes: dict[str, str]) -> dict[str, str]:
        inconnus = sorted(set(constantes) - {"indicateur", "periode", "millesime_cog", "statut", "source_url", "note"})
        if inconnus:
            raise ValueError(f"constante « {inconnus[0]} » inconnue ; admises : indicateur, periode, millesime_cog…")
        return constantes


Regle = Literal[
    "virgule_decimale", "espaces", "tiret_absent", "tiret_zero", "pourcent", "fraction", "zero_initial",
    "date_excel", "jour_mois", "mois_jour", "doublons_identiques", "codes_anciens", "hors_region",
]  # fmt: skip


class Reparation(Modele):
    """A declared rule for dirty values. Never applied unless declared; each use is counted and traced."""

    regle: Regle
    colonnes: tuple[str, ...] = ()


def _nue(valeur: Any) -> Any:
    return {"regle": valeur} if isinstance(valeur, str) else valeur


class Lecture(Modele):
    """How the bytes are read. What is not said is detected (encoding, delimiter, header row).

    ``entete``: words of the header row, when it cannot be told from titles above it. ``pagination``, ``chemin``:
    where rows and next page are in an API's answer. ``prereglage``: a known kind of API. ``hotes``: hosts allowed
    besides public ones (an intranet address, a test server). ``couche``: layer of a GeoPackage, OGC or WFS service.
    """

    feuille: str | None = None
    encodage: str | None = None
    separateur: str | None = None
    entete: tuple[str, ...] = ()
    couche: str | None = None
    format: Literal["csv", "json"] | None = None
    prereglage: Literal["opendatasoft", "data_gouv", "ckan"] | None = None
    chemin: str | None = None
    suivante: str | None = None
    parametres: dict[str, str] = Field(default_factory=dict)
    hotes: tuple[str, ...] = ()
    dimensions: dict[str, str] = Field(default_factory=dict)


Theme = Literal[
    "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN",
]  # fmt: skip
ForteValeur = Literal["geospatial", "environnement", "meteorologie", "statistiques", "entreprises", "mobilite"]


class Fiche(Modele):
    """What only the catalogue tells of a dataset.

    ``themes``: codes of the European list. ``forte_valeur``: its categories in the regulation (EU) 2023/138, when its
    producer declares it a high-value dataset. ``page``: where the producer presents it.
    """

    themes: tuple[Theme, ...] = ()
    mots_cles: tuple[Texte, ...] = ()
    forte_valeur: tuple[ForteValeur, ...] = ()
    page: Adresse | None = None


class Source(Modele):
    """One source.

    ``url``: for sql, ``base_curee`` or the name of the environment variable that holds the address; for fichier, a
    file pattern in the drop folder (empty: files come by hand); for http, ogc and sdmx, an https address.
    ``livraison``: a delivery is the whole state of the source (complete), or adds to the earlier ones (complement).
    ``tirage``: how often it is pulled by itself. ``rythme_mois``, ``delai_mois``: a new period is due this long after
    the last one. ``seuil_revision``: a past value that changes by more, in %, is told apart in a difference.
    ``fiche``: what only the catalogue tells. ``convention``: the agreement under which it is shared, required for a
    closed user group. ``traitement``: its entry in the register of processing. ``qualite``: thresholds, where they are
    not the default ones.
    """

    id: Identifiant
    nom: Texte
    nature: Literal["mesures", "objectifs"] = "mesures"
    connecteur: Literal["sql", "fichier", "http", "ogc", "sdmx"] = "sql"
    url: str = BASE_CUREE
    requete: str = ""
    lecture: Lecture = Lecture()
    forme: Forme | None = None
    colonnes: Colonnes = Colonnes()
    reparations: tuple[Annotated[Reparation, BeforeValidator(_nue)], ...] = ()
    millesime_cog: int | None = None
    livraison: Literal["complete", "complement"] = "complete"
    tirage: Literal["toujours", "jour", "semaine", "mois", "main"] = "toujours"
    producteur: Identifiant | None = None
    licence: Texte
    acces: Acces = Acces.OUVERT
    convention: Convention | None = None
    traitement: Traitement | None = None
    rythme_mois: int = Field(gt=0)
    delai_mois: int = Field(default=0, ge=0)
    seuil_revision: float = Field(default=5.0, gt=0)
    attentes: Attentes = Attentes()
    description: str = ""
    fiche: Fiche = Fiche()
    qualite: Seuils = Seuils()

    @model_validator(mode="after")
    def _coherente(self) -> Source:
        if self.connecteur == "sql" and not self.requete.strip():
            raise ValueError("requete absente : une source sql donne sa requête SELECT")
        if self.connecteur in ("http", "ogc", "sdmx") and not re.match(r"https?://", self.url):
            raise ValueError(f"url « {self.url} » : le connecteur {self.connecteur} attend une adresse https://…")
        return self

    @model_validator(mode="after")
    def _partagee(self) -> Source:
        if self.nature == "objectifs" and (self.acces is not Acces.OUVERT or self.convention):
            raise ValueError("source d'objectifs restreinte : une cible se lit avec son indicateur, fermer celui-ci")
        if self.acces is Acces.GFU and self.convention is None:
            raise ValueError("source d'accès gfu sans convention ; dire avec qui, pour quoi et jusqu'à quand")
        if self.convention and OUVERTURE.index(self.acces) < OUVERTURE.index(self.convention.diffusion):
            raise ValueError(
                f"acces « {self.acces} » plus large que ce que permet la convention "
                f"(« {self.convention.diffusion} ») ; restreindre acces"
            )
        return self

    @model_validator(mode="after")
    def _identifiants_a_part(self) -> Source:
        declares = set(self.traitement.identifiants) if self.traitement else set()
        mesures = [v for m in self.forme.mesures for v in m.model_dump().values()] if self.forme else []
        lues = {*self.colonnes.model_dump().values(), *mesures, *(self.forme.garde if self.forme else ())}
        if communes := sorted(declares & lues):
            raise ValueError(f"identifiant « {communes[0]} » aussi lu comme une donnée ; il ne peut pas être gardé")
        return self

    @property
    def a_la_main(self) -> bool:
        """Do its files only come by hand? There is nothing to pull then."""
        return self.connecteur == "fichier" and not self.url

    def repare(self, regle: str) -> bool:
        """Is this rule declared?"""
        return any(r.regle == regle for r in self.reparations)

    @property
    def embarquee(self) -> bool:
        """Is it read in the base that comes with the espace, without any network?"""
        return self.connecteur == "sql" and self.url == BASE_CUREE


def sources_visibles(
    sources: Iterable[Source], acces: Collection[Acces], indicateurs: Iterable[Indicateur]
) -> tuple[Source, ...]:
    """Those a reader may know of: open to him, and feeding an indicator that he sees or giving targets."""
    utiles = {s for i in indicateurs for s in i.sources}
    return tuple(s for s in sources if s.acces in acces and (s.id in utiles or s.nature == "objectifs"))
