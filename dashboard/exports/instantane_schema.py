"""The tables of a snapshot, declared once: their Arrow types, their Frictionless schema and their words follow.

A field is « name type : words »; a type in Frictionless terms. ``array`` and ``object`` are JSON texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

ARROW = {
    "string": pa.string(), "number": pa.float64(), "integer": pa.int64(), "date": pa.date32(), "boolean": pa.bool_(),
    "datetime": pa.string(), "array": pa.string(), "object": pa.string(),
}  # fmt: skip


@dataclass(frozen=True)
class Champ:
    """One column."""

    nom: str
    genre: str
    sens: str


@dataclass(frozen=True)
class Table:
    """One table. ``cle``: its primary key. ``liens``: (column, table, column) it refers to. ``parquet``: also so."""

    nom: str
    titre: str
    champs: tuple[Champ, ...]
    cle: tuple[str, ...]
    liens: tuple[tuple[str, str, str], ...] = ()
    parquet: bool = False

    @property
    def schema(self) -> pa.Schema:
        """Its Arrow schema."""
        return pa.schema([(c.nom, ARROW[c.genre]) for c in self.champs])

    @property
    def frictionless(self) -> Mapping[str, Any]:
        """Its Table Schema."""
        champs = [{"name": c.nom, "type": c.genre, "description": c.sens} for c in self.champs]
        liens = [{"fields": [a], "reference": {"resource": t, "fields": [b]}} for a, t, b in self.liens]
        return {"fields": champs, "primaryKey": list(self.cle)} | ({"foreignKeys": liens} if liens else {})


def _table(nom: str, titre: str, texte: str, cle: str, *liens: tuple[str, str, str], parquet: bool = False) -> Table:
    champs = []
    for ligne in texte.strip().splitlines():
        gauche, _, sens = ligne.strip().partition(" : ")
        colonne, genre = gauche.split()
        champs.append(Champ(colonne, genre, sens))
    return Table(nom, titre, tuple(champs), tuple(cle.split()), liens, parquet)


INDICATEUR, TERRITOIRE = ("indicateur", "indicateurs", "id"), ("territoire", "territoires", "code")
OBSERVATIONS = _table(
    "observations", "Toutes les valeurs montrées, un fichier CSV par indicateur",
    """indicateur string : identifiant de l'indicateur
    territoire string : code du territoire, précédé de son échelle
    maille string : region, departement, epci ou commune
    debut date : premier jour de la période
    fin date : dernier jour de la période
    frequence string : A an, S semestre, T trimestre, M mois, J jour, P période de plusieurs années
    valeur number : valeur ; vide si absente ou secrète
    numerateur number : numérateur d'un ratio
    denominateur number : dénominateur d'un ratio
    n_unites number : nombre d'unités observées
    completude number : part des territoires composants qui ont une valeur, de 0 à 1
    completude_population number : la même, pondérée par la population
    origine string : P publiée par le producteur, C calculée à partir des territoires composants
    statut string : SDMX OBS_STATUS ; Q : valeur cachée par le secret statistique
    confidentialite string : SDMX CONF_STATUS, la raison du secret
    calculee number : notre somme des composants, quand le producteur publie l'agrégat""",
    "indicateur territoire debut fin frequence", parquet=True,
)  # fmt: skip
RESULTATS = _table(
    "resultats", "Où en est chaque indicateur de programme, dans chaque territoire",
    """programme string : identifiant du programme ; vide pour un indicateur de contexte qui a une cible
    indicateur string : identifiant de l'indicateur
    territoire string : code du territoire
    auteur string : qui a fixé la cible qui juge
    periode string : période de la valeur jugée
    debut date : premier jour de cette période
    fin date : son dernier jour
    valeur number : valeur jugée
    valeur_initiale number : valeur de départ de la trajectoire
    date_initiale date : date de départ
    cible number : valeur à atteindre
    echeance date : date à laquelle l'atteindre
    ta_brut number : taux d'avancement en %, non borné
    ta number : le même, entre 0 et 100
    ta_attendu number : où la trajectoire attend la valeur à sa date, en %
    ecart number : ta_brut moins ta_attendu, en points
    statut string : atteint, dans_la_trajectoire, a_surveiller, en_retard, en_recul, echu_non_atteint, non_mesure
    motif string : la raison du statut, quand elle doit être dite
    fraicheur string : a_jour, en_attente ou perime
    secret boolean : la valeur est cachée par le secret statistique""",
    "indicateur territoire", INDICATEUR, TERRITOIRE, parquet=True,
)  # fmt: skip
ETATS = _table(
    "etats", "Où en est chaque programme, à la région et dans les départements",
    """programme string : identifiant du programme
    territoire string : code du territoire
    statut string : comme dans resultats
    taux number : avancement pondéré, en %
    attendu number : avancement attendu, en %
    motif string : la raison du statut, quand elle doit être dite
    fraicheur string : la plus mauvaise de ses indicateurs
    indicateurs integer : indicateurs qu'il compte ici
    mesures integer : combien ont un taux""",
    "programme territoire", ("programme", "programmes", "id"), TERRITOIRE,
)  # fmt: skip
OBJECTIFS = _table(
    "objectifs", "Les cibles en vigueur, de chaque auteur",
    """indicateur string : identifiant de l'indicateur
    territoire string : code du territoire
    auteur string : Région, schéma ou État
    acte string : acte qui la fixe
    date_acte date : date de l'acte
    date_initiale date : départ de la trajectoire
    valeur_initiale number : valeur de départ
    jalons array : étapes, [date, valeur]
    echeance date : date à laquelle l'atteindre
    valeur number : valeur à atteindre
    source_url string : où elle est publiée
    note string : précision""",
    "indicateur territoire auteur echeance", INDICATEUR, TERRITOIRE, parquet=True,
)  # fmt: skip
INDICATEURS = _table(
    "indicateurs", "Les indicateurs et leur définition",
    """id string : identifiant, jamais renommé
    libelle string : nom
    libelle_court string : nom court
    definition string : ce qu'il mesure
    formule string : comment il se calcule
    unite string : unité
    decimales integer : décimales à montrer
    nature string : programme ou contexte
    sens string : hausse, baisse ou neutre : ce qui est mieux
    lecture string : stock, flux, cumul_annuel ou glissant
    agregation string : somme, ratio, moyenne_ponderee, mediane ou aucune
    facteur number : multiplie un ratio
    mailles array : échelles où il est publié
    sources array : ses sources, celle qui l'emporte en dernier
    producteur string : qui le publie
    licence string : licence de réutilisation
    rythme_mois integer : rythme de publication, en mois
    delai_mois integer : délai de publication, en mois
    min_unites integer : secret : nombre minimal d'unités
    dominance number : secret : part maximale d'une seule unité
    acces string : ouvert, gfu ou interne
    ordre integer : rang dans les listes
    note string : précision
    empreinte string : sha256 du JSON canonique de sa déclaration""",
    "id",
)  # fmt: skip
TERRITOIRES = _table(
    "territoires", "Les territoires du code officiel géographique courant",
    """code string : code, précédé de l'échelle
    maille string : region, departement, epci ou commune
    nom string : nom
    type string : nature (CC, CA…)
    superficie_km2 number : superficie
    communes_total integer : communes, hors région comprises
    population integer : population municipale la plus récente
    millesime_debut integer : premier millésime où il existe ainsi""",
    "code",
)  # fmt: skip
APPARTENANCES = _table(
    "appartenances", "Qui appartient à quoi",
    """enfant string : code
    parent string : code
    millesime_debut integer : premier millésime""",
    "enfant parent", ("enfant", "territoires", "code"), ("parent", "territoires", "code"),
)  # fmt: skip
PASSAGES = _table(
    "passages", "D'un millésime du code officiel géographique à l'autre",
    """millesime_de integer : millésime de départ
    code_de string : code de départ
    code_vers string : code d'arrivée
    millesime_vers integer : millésime d'arrivée
    type string : fusion, scission, renommage…
    part number : part de la population qui suit""",
    "millesime_de code_de code_vers",
)  # fmt: skip
POLITIQUES = _table(
    "politiques", "Les politiques régionales",
    """id string : identifiant
    nom string : nom
    credits object : indicateurs de son budget, par nature""",
    "id",
)  # fmt: skip
PROGRAMMES = _table(
    "programmes", "Les programmes et ce qui les mesure",
    """id string : identifiant
    politique string : identifiant de la politique
    nom string : nom
    nom_court string : nom court
    cadre string : cadre de l'action
    indicateurs array : ceux qui comptent, le principal d'abord
    poids object : poids de ceux qui ne valent pas 1
    lies array : ceux qui éclairent sans compter
    direction string : qui en répond
    credits object : indicateurs de son budget, par nature
    non_mesure string : ce qui manque pour le mesurer""",
    "id", ("politique", "politiques", "id"),
)  # fmt: skip
APPORTS = _table(
    "apports", "Synthèses, décisions, événements, commentaires : la dernière version de chacun",
    """fil integer : numéro
    version integer : version, à partir de 1
    genre string : synthese, commentaire, intention, decision, evenement ou proposition
    sujet string : programme ou indicateur
    territoire string : code du territoire
    contenu object : les mots
    fonction string : fonction de qui signe
    direction string : direction de qui signe
    acces string : ouvert, gfu ou interne
    cree_le datetime : date d'écriture, UTC""",
    "fil",
)  # fmt: skip
SOURCES = _table(
    "sources", "Les sources",
    """id string : identifiant
    nom string : nom
    nature string : mesures ou objectifs
    connecteur string : sql, fichier, http, ogc ou sdmx
    producteur string : qui publie, quand il n'y en a qu'un
    licence string : licence
    rythme_mois integer : rythme
    delai_mois integer : délai
    description string : description""",
    "id",
)  # fmt: skip
LOTS = _table(
    "lots", "Ce qui a été reçu : la lignée",
    """lot integer : numéro
    source string : source
    origine string : fichier, adresse ou requête
    sha256 string : empreinte de ce qui a été reçu
    cree_le datetime : date, UTC
    statut string : publie ou refuse
    genre string : livraison, annulation ou reconstruction
    recues integer : lignes reçues
    acceptees integer : lignes acceptées
    rejetees integer : lignes refusées
    hors_champ integer : lignes hors champ""",
    "lot", ("source", "sources", "id"),
)  # fmt: skip
QUALITE = _table(
    "qualite", "Ce que vaut chaque série",
    """indicateur string : identifiant
    valeurs integer : observations
    secretes integer : cachées par le secret statistique
    sans_valeur integer : sans chiffre, hors secret
    premiere date : fin de la période la plus ancienne
    derniere date : fin de la plus récente
    fraicheur string : a_jour, en_attente ou perime, à la date d'arrêté""",
    "indicateur", INDICATEUR,
)  # fmt: skip
TABLES = (
    RESULTATS, ETATS, OBJECTIFS, INDICATEURS, TERRITOIRES, APPARTENANCES, PASSAGES, POLITIQUES, PROGRAMMES, APPORTS,
    SOURCES, LOTS, QUALITE,
)  # fmt: skip
"""All but the observations, which are streamed."""
