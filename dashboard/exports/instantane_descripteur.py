"""What a package says of itself: datapackage.json, espace.json, version.json, LISEZMOI.txt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.domain.formatage import date_longue
from dashboard.domain.indicateur import Credits
from dashboard.domain.instantane import OBSERVATIONS, canonique, empreinte_courte
from dashboard.exports import instantane_schema as schema
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.instantane_donnees import instant

SCHEMA_OBSERVATIONS = "donnees/observations.schema.json"
DOCUMENTS = {
    "catalogue.ttl": {"title": "Catalogue (DCAT-AP 3)", "mediatype": "text/turtle"},
    "catalogue.jsonld": {"title": "Catalogue (DCAT-AP 3)", "mediatype": "application/ld+json"},
    "lignage.ttl": {"title": "Lignage (PROV-O)", "mediatype": "text/turtle"},
}
"""What describes the data and is no table of theirs."""


def ecris_descripteurs(contexte: Contexte, dossier: Path, empreintes: Mapping[str, str]) -> None:
    """Writes the four. ``empreintes``: sha256 of the files of ``donnees``, by path."""
    schema_observations = dict(schema.OBSERVATIONS.frictionless)
    ecris_json(dossier / SCHEMA_OBSERVATIONS, schema_observations)
    ecris_json(dossier / "datapackage.json", datapackage(contexte, dossier, empreintes))
    (dossier / "espace.json").write_bytes(canonique(espace_visible(contexte)))
    ecris_json(dossier / "version.json", version(contexte))
    (dossier / "LISEZMOI.txt").write_text(lisezmoi(contexte), encoding="utf-8", newline="\n")


def ecris_json(chemin: Path, contenu: Any) -> None:
    """JSON that a person may read."""
    texte = json.dumps(contenu, ensure_ascii=False, indent=1, allow_nan=False)
    chemin.write_text(texte + "\n", encoding="utf-8", newline="\n")


def version(contexte: Contexte) -> dict[str, Any]:
    """When, as of what, by which code."""
    return {
        "format": 1,
        "semaine": str(contexte.semaine),
        "audience": contexte.audience,
        "cree_le": instant(contexte.cree_le),
        "arrete": contexte.arrete.isoformat(),
        "lot": contexte.lecteur.lot,
        "apport": contexte.apport,
        "espace": contexte.espace_empreinte,
        "millesime_cog": contexte.espace.millesime_cog,
        "code": contexte.code,
        "contenu": contexte.contenu,
        "motif": contexte.motif,
    }


def datapackage(contexte: Contexte, dossier: Path, empreintes: Mapping[str, str]) -> dict[str, Any]:
    """The Frictionless descriptor: each table with its schema, its size and its sha256."""
    espace = contexte.espace
    licences = sorted({i.licence for i in contexte.indicateurs})
    tables = {f"donnees/{t.nom}.csv": t for t in schema.TABLES}
    ressources = []
    for chemin, somme in sorted(empreintes.items()):
        commun = {"path": chemin, "bytes": (dossier / chemin).stat().st_size, "hash": f"sha256:{somme}"}
        if chemin in tables:
            t = tables[chemin]
            ressources.append(_csv(t.nom, t.titre, commun, t.frictionless))
        elif chemin.startswith(OBSERVATIONS):
            nom = Path(chemin).stem
            titre = _libelle(contexte, nom)
            ressources.append(_csv(f"observations-{nom.replace('_', '-')}", titre, commun, SCHEMA_OBSERVATIONS))
    return {
        "name": f"boussole-{espace.id.replace('_', '-')}-{str(contexte.semaine).lower()}",
        "title": f"{espace.nom} : instantané {contexte.semaine}",
        "description": f"État complet arrêté au {date_longue(contexte.arrete)}. {espace.attribution}",
        "created": instant(contexte.cree_le),
        "version": str(contexte.semaine),
        "contributors": [{"title": p.nom, "role": "publisher"} for p in contexte.producteurs],
        "licenses": [{"name": "other-open", "title": x} for x in licences],
        "contenu": contexte.contenu,
        "documents": [{"path": c, **d} for c, d in DOCUMENTS.items() if (dossier / c).is_file()],
        "resources": ressources,
    }


def _csv(nom: str, titre: str, commun: Mapping[str, Any], forme: Any) -> dict[str, Any]:
    texte = {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return {"name": nom.lower(), "title": titre, **commun, **texte, "schema": forme}


def _libelle(contexte: Contexte, code: str) -> str:
    declare = next((i for i in contexte.indicateurs if i.id == code), None)
    return declare.libelle if declare else code


def espace_visible(contexte: Contexte) -> dict[str, Any]:
    """The espace and its sources as they were, without what this reader may not see; ``Espace`` reads it back.

    In public, a source is only what ``sources.csv`` tells of it: its query or its columns may name what is closed.
    """
    vus, espace = set(contexte.visibles), contexte.espace

    def connus(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if i in vus)

    def credits_vus(c: Credits) -> Credits:
        return Credits(**{cle: i for cle, i in c.declares.items() if i in vus})

    vitrine = espace.vitrine.model_dump()
    for nom, choix in vitrine.items():
        vitrine[nom] = connus(choix) if isinstance(choix, tuple) else (choix if choix in vus else None)
    filtre = espace.model_copy(
        update={
            "producteurs": contexte.producteurs,
            "indicateurs": tuple(i for i in espace.indicateurs if i.id in vus),
            "politiques": tuple(p.model_copy(update={"credits": credits_vus(p.credits)}) for p in espace.politiques),
            "programmes": tuple(
                p.model_copy(
                    update={
                        "indicateurs": connus(p.indicateurs),
                        "lies": connus(p.lies),
                        "poids": {i: x for i, x in p.poids.items() if i in vus},
                        "credits": credits_vus(p.credits),
                    }
                )
                for p in contexte.programmes
            ),
            "vitrine": espace.vitrine.model_validate(vitrine),
        }
    )
    montres = {c.nom for c in schema.SOURCES.champs} if contexte.audience == "public" else None
    sources = [s.model_dump(mode="json", include=montres) for s in contexte.sources_visibles]
    return {"espace": filtre.model_dump(mode="json"), "sources": sources}


def lisezmoi(contexte: Contexte) -> str:
    """For whoever receives the folder and nothing else."""
    motif = f"Motif de la correction : {contexte.motif}\n" if contexte.motif else ""
    genre = "public" if contexte.audience == "public" else "interne, à ne pas diffuser"
    return LISEZMOI.format(
        nom=contexte.espace.nom, semaine=contexte.semaine, genre=genre, arrete=date_longue(contexte.arrete),
        motif=motif, courte=empreinte_courte(contexte.contenu), attribution=contexte.espace.attribution,
    )  # fmt: skip


LISEZMOI = """Boussole, {nom}
Instantané {semaine} ({genre}), arrêté au {arrete}
Empreinte du contenu : {courte}
{motif}
Ce dossier se lit et se vérifie sans réseau et sans Boussole.

Lire
  site/index.html      le site, à ouvrir dans un navigateur
  rapport.pdf          l'essentiel, politique par politique
  portraits/           un PDF par territoire
  synthese.xlsx        les derniers chiffres, dans un tableur
  carte.gpkg           les derniers chiffres et les contours, pour un SIG

Réutiliser
  datapackage.json     la liste des tables, leurs colonnes et leurs empreintes (Frictionless Data Package)
  donnees/             les tables en CSV : virgule, point décimal, UTF-8 ; les plus grandes aussi en Parquet
  espace.json          politiques, programmes, indicateurs et règles, tels qu'ils étaient
  catalogue.ttl        les jeux de données et leurs fichiers, pour un portail (DCAT-AP 3) ; catalogue.jsonld : le même
  lignage.ttl          de quel envoi, et de quelle empreinte, vient chaque table (PROV-O)
Une valeur vide est absente ; statut « Q » : cachée par le secret statistique. Jamais zéro.

Vérifier
  python3 verifie.py            chaque octet, le sceau, et la chaîne quand le journal est à côté
  sha256sum -c MANIFEST.sha256  les octets seuls
Le sceau (SEAL.json) contient celui de l'instantané précédent. Qui détient tout le dossier peut refaire la chaîne :
comparer l'empreinte ci-dessus à celle qui a été envoyée par courriel ou imprimée sur un PDF.
Lancer de préférence un verifie.py reçu par ailleurs.

{attribution}
"""
