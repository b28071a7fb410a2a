"""The tables of the store. ``mesure`` is what was received; ``valeur`` is what is shown, rebuildable from it.

``valeur`` keys its rows by small integers and is clustered by (indicateur, maille, fin): the latest value of an
indicator for every commune is one index range, and a territory's portrait is one range of its second index.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

LOT_OUVERT = 2_147_483_647
"""``lot_fin`` of a row that is still current."""

MAGASIN, TIRAGES, INSTANTANES = 1, 2, 4
"""Rows of ``etat``, one a lease: publishing (it also carries the store's version), refreshing, making a snapshot."""

metadata = MetaData()

etat = Table(
    "etat",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("empreinte_reference", String(64)),
    Column("bail_par", String(80)),
    Column("bail_jusqua", DateTime),
)

espace_version = Table(
    "espace_version",
    metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("contenu", Text, nullable=False),
    Column("cree_le", DateTime, nullable=False),
)

territoire = Table(
    "territoire",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(20), nullable=False),
    Column("maille", String(12), nullable=False),
    Column("nom", Text, nullable=False),
    Column("type", String(20), nullable=False),
    Column("millesime_debut", SmallInteger, nullable=False),
    Column("millesime_fin", SmallInteger),
    Column("superficie_km2", Float),
    Column("communes_total", Integer),
    Column("population", Integer),
    UniqueConstraint("code", "millesime_debut"),
)

territoire_lien = Table(
    "territoire_lien",
    metadata,
    Column("enfant", String(20), primary_key=True),
    Column("parent", String(20), primary_key=True),
    Column("millesime_debut", SmallInteger, primary_key=True),
    Column("millesime_fin", SmallInteger),
)

cog_passage = Table(
    "cog_passage",
    metadata,
    Column("millesime_de", SmallInteger, primary_key=True),
    Column("code_de", String(20), primary_key=True),
    Column("code_vers", String(20), primary_key=True),
    Column("millesime_vers", SmallInteger, nullable=False),
    Column("type", String(12), nullable=False),
    Column("part", Float, nullable=False),
)

indicateur = Table(
    "indicateur",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("acces", String(10), nullable=False),
    Column("jusqu_au", Date),
)

lot = Table(
    "lot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("origine", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("auteur", String(80), nullable=False),
    Column("cree_le", DateTime, nullable=False),
    Column("statut", String(12), nullable=False),
    Column("recues", Integer, nullable=False),
    Column("acceptees", Integer, nullable=False),
    Column("rejetees", Integer, nullable=False),
    Column("espace", String(64), nullable=False),
    Column("regles", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("genre", String(16), nullable=False, server_default="livraison"),
    Column("annule", Integer),
    Column("hors_champ", Integer, nullable=False, server_default="0"),
    Column("alertes", Text, nullable=False, server_default="[]"),
    Index("lot_par_source", "source", "id"),
)

reparation = Table(
    "reparation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lot", Integer, nullable=False, index=True),
    Column("regle", String(40), nullable=False),
    Column("colonne", String(64), nullable=False),
    Column("nombre", Integer, nullable=False),
    Column("exemples", Text, nullable=False),
)

tirage = Table(
    "tirage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("quand", DateTime, nullable=False),
    Column("etat", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("validateurs", Text, nullable=False),
    Index("tirage_par_source", "source", "id"),
)

tache = Table(
    "tache",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("genre", String(20), nullable=False),
    Column("parametres", Text, nullable=False),
    Column("auteur", String(80), nullable=False),
    Column("etat", String(12), nullable=False),
    Column("etape", Text, nullable=False),
    Column("progression", Float, nullable=False),
    Column("journal", Text, nullable=False),
    Column("resultat", Text),
    Column("porteur", String(120)),
    Column("a_annuler", Boolean, nullable=False),
    Column("cree_le", DateTime, nullable=False),
    Column("vue_le", DateTime, nullable=False),
    Column("finie_le", DateTime),
)

rejet = Table(
    "rejet",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lot", Integer, nullable=False, index=True),
    Column("ligne", Integer, nullable=False),
    Column("colonne", String(64), nullable=False),
    Column("valeur", Text),
    Column("motif", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("suggestion", Text, nullable=False),
)

mesure = Table(
    "mesure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lot", Integer, nullable=False),
    Column("ligne_source", Integer, nullable=False),
    Column("indicateur", String(64), nullable=False),
    Column("code_territoire", String(20), nullable=False),
    Column("millesime_cog", SmallInteger, nullable=False),
    Column("debut", Date, nullable=False),
    Column("fin", Date, nullable=False),
    Column("frequence", String(1), nullable=False),
    Column("valeur", Float),
    Column("numerateur", Float),
    Column("denominateur", Float),
    Column("n_unites", Float),
    Column("part_max", Float),
    Column("statut", String(1), nullable=False),
    Column("source_url", Text),
    Column("date_source", Date),
    Column("note", Text),
    Index("mesure_par_indicateur", "indicateur", "code_territoire", "fin"),
    Index("mesure_par_lot", "lot"),
)

valeur = Table(
    "valeur",
    metadata,
    Column("indicateur_id", Integer, primary_key=True, autoincrement=False),
    Column("maille", SmallInteger, primary_key=True),
    Column("fin", Date, primary_key=True),
    Column("frequence", String(1), primary_key=True),
    Column("territoire_id", Integer, primary_key=True),
    Column("lot_fin", Integer, primary_key=True),
    Column("lot_debut", Integer, primary_key=True),
    Column("debut", Date, nullable=False),
    Column("valeur", Float),
    Column("numerateur", Float),
    Column("denominateur", Float),
    Column("n_unites", Float),
    Column("completude", Float),
    Column("completude_population", Float),
    Column("calculee", Float),
    Column("origine", String(1), nullable=False),
    Column("statut", String(1), nullable=False),
    Column("confidentialite", String(1)),
    Index("valeur_par_territoire", "territoire_id", "indicateur_id", "fin", "frequence", "lot_debut"),
    sqlite_with_rowid=False,
)

objectif = Table(
    "objectif",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("indicateur", String(64), nullable=False),
    Column("code_territoire", String(20), nullable=False),
    Column("auteur", String(20), nullable=False),
    Column("acte", Text, nullable=False),
    Column("date_acte", Date),
    Column("date_initiale", Date),
    Column("valeur_initiale", Float),
    Column("jalons", Text, nullable=False),
    Column("echeance", Date, nullable=False),
    Column("valeur", Float, nullable=False),
    Column("source_url", Text),
    Column("note", Text),
    Column("lot_debut", Integer, nullable=False),
    Column("lot_fin", Integer, nullable=False),
    Index("objectif_par_indicateur", "indicateur", "code_territoire"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("quand", DateTime, nullable=False),
    Column("qui", String(80), nullable=False),
    Column("quoi", String(40), nullable=False),
    Column("detail", Text, nullable=False),
)

apport = Table(
    "apport",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fil", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("genre", String(16), nullable=False),
    Column("sujet", String(64), nullable=False),
    Column("code", String(20), nullable=False),
    Column("contenu", Text, nullable=False),
    Column("fonction", String(160), nullable=False),
    Column("direction", String(160), nullable=False),
    Column("acces", String(10), nullable=False),
    Column("cree_le", DateTime, nullable=False),
    UniqueConstraint("fil", "version"),
    Index("apport_par_sujet", "sujet", "genre"),
)

vue = Table(
    "vue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page", String(20), nullable=False),
    Column("nom", String(80), nullable=False),
    Column("parametres", Text, nullable=False),
    Column("cree_le", DateTime, nullable=False),
    Column("retiree_le", DateTime),
)

# The one table from which rows are deleted: an address is kept no longer than its subscription.
abonnement = Table(
    "abonnement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("adresse", String(254), nullable=False),
    Column("filtres", Text, nullable=False),
    Column("jeton", String(64), nullable=False, unique=True),
    Column("cree_le", DateTime, nullable=False),
    Column("envoye_le", DateTime),
)
