"""A tiny, synthetic espace for the tests: places and figures are invented, and say so.

Région d'essai REG-99
├─ DEP-98 : COM-98001, COM-98002 (absorbed COM-98003 in COG 2025), COM-98004, COM-98005
└─ DEP-99 : COM-99001, COM-99002, COM-99003, COM-99004 (in no EPCI)
EPCI-999000001 = 98001 + 98002 + 98005 · EPCI-999000002 = 98004 + 99001 (straddles) · EPCI-999000003 = 99002 + 99003
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dashboard.domain.indicateur import Espace
from dashboard.domain.lecteur import AGENT, Auteur, Lecteur
from dashboard.domain.source import Source
from dashboard.domain.territoire import Maille
from dashboard.espace import canonique, load_espace
from dashboard.store import commands, queries, reference
from dashboard.store.moteur import Engine
from data_sources import pipeline
from data_sources.connectors import Livraison
from data_sources.connectors.empreinte import empreinte_lignes
from data_sources.lecture import Lues, lis_mesures
from data_sources.mise_en_forme import met_en_forme

REGION, NORD, SUD = "REG-99", "DEP-98", "DEP-99"
E1, CHEVAL, E3 = "EPCI-999000001", "EPCI-999000002", "EPCI-999000003"
COMMUNES = {
    "COM-98001": (NORD, E1, 100),
    "COM-98002": (NORD, E1, 300),
    "COM-98004": (NORD, CHEVAL, 50),
    "COM-98005": (NORD, E1, 20),
    "COM-99001": (SUD, CHEVAL, 400),
    "COM-99002": (SUD, E3, 30),
    "COM-99003": (SUD, E3, 60),
    "COM-99004": (SUD, None, 40),
}
"""Commune: its département, its EPCI, its population."""
ABSORBEE, ABSORBANTE = "COM-98003", "COM-98002"
PARENTS = {code: [p for p in (dep, epci, REGION) if p] for code, (dep, epci, _) in COMMUNES.items()}
TOUTES, HAUTES = [m.value for m in Maille], ["region", "departement"]
ECRIVAIN = Auteur("agent", peut_ecrire=True)
FOURNIES = (
    "indicateur", "code_territoire", "periode", "valeur", "numerateur", "denominateur", "n_unites", "part_max",
    "millesime_cog", "statut", "source_url", "date_source", "note",
)  # fmt: skip
CIBLE = (
    "indicateur", "code_territoire", "auteur", "acte", "date_acte", "date_initiale", "valeur_initiale", "jalons",
    "echeance", "valeur", "note", "source_url",
)  # fmt: skip


def _indicateur(identifiant: str, source: str, **autres: Any) -> dict[str, Any]:
    return {
        "id": identifiant, "libelle": f"Essai {identifiant}", "libelle_court": identifiant, "definition": "Invention.",
        "formule": "Aucune", "unite": "hab.", "nature": "contexte", "sens": "neutre", "lecture": "stock",
        "agregation": "somme", "mailles": TOUTES, "source": source, "producteur": "essai", "licence": "Aucune",
        "rythme_mois": 12, "delai_mois": 12, **autres,
    }  # fmt: skip


INDICATEURS = [
    _indicateur("effectif", "comptes"),
    _indicateur("part_fictive", "comptes", agregation="ratio", facteur=100, unite="%"),
    _indicateur("effectif_secret", "comptes", min_unites=3, dominance=0.85, mailles=["region", "departement", "epci"]),
    _indicateur("part_secrete", "comptes", min_unites=3, agregation="ratio", facteur=100, unite="%"),
    _indicateur("taux_publie", "comptes", agregation="aucune", unite="%", nature="programme", sens="hausse",
                mailles=HAUTES),
    _indicateur("centres_publies", "comptes", nature="programme", sens="hausse", mailles=HAUTES),
    _indicateur("effectif_interne", "comptes", acces="interne"),
]  # fmt: skip
ESPACE = {
    "id": "essai", "nom": "Région d'essai", "code_region": REGION, "millesime_cog": 2026, "langue": "fr",
    "attribution": "Chiffres inventés pour les tests.",
    "producteurs": [{"id": "essai", "nom": "Producteur d'essai", "sigle": "Essai"}],
}  # fmt: skip
POLITIQUES = {
    "politiques": [{"id": "politique", "nom": "Politique d'essai"}],
    "programmes": [{"id": "programme", "politique": "politique", "nom": "Programme d'essai", "nom_court": "Essai",
                    "cadre": "Aucun", "indicateurs": ["taux_publie"], "lies": ["centres_publies"]}],
}  # fmt: skip
SOURCES = [
    {"id": "comptes", "nom": "Comptes d'essai", "licence": "Aucune", "rythme_mois": 12,
     "requete": f"SELECT {', '.join(FOURNIES)} FROM lignes", "attentes": {"variation_lignes_max": 100},
     "colonnes": {c: c for c in FOURNIES if c not in ("indicateur", "code_territoire", "periode")}},
    {"id": "cibles", "nom": "Cibles d'essai", "nature": "objectifs", "licence": "Aucune", "rythme_mois": 12,
     "requete": f"SELECT {', '.join(CIBLE)} FROM cibles", "attentes": {"variation_lignes_max": 100}},
]  # fmt: skip


def ecris(dossier: Path) -> Path:
    """Writes the whole espace as files: YAML, reference and curated base."""
    for sous in ("indicateurs", "sources", "reference", "base_curee"):
        (dossier / sous).mkdir(parents=True)
    _yaml(dossier / "espace.yml", ESPACE)
    _yaml(dossier / "politiques.yml", POLITIQUES)
    for sous, declares in (("indicateurs", INDICATEURS), ("sources", SOURCES)):
        for declare in declares:
            _yaml(dossier / sous / f"{declare['id']}.yml", declare)
    for nom, cadre in _reference().items():
        cadre.to_csv(dossier / "reference" / f"{nom}.csv", index=False)
    lignes = [{"indicateur": "effectif", "periode": "2023", "code_territoire": c, "valeur": COMMUNES[c][2]}
              for c in COMMUNES]  # fmt: skip
    pd.DataFrame(lignes, columns=list(FOURNIES)).to_csv(dossier / "base_curee" / "lignes.csv", index=False)
    pd.DataFrame([cible()], columns=list(CIBLE)).to_csv(dossier / "base_curee" / "cibles.csv", index=False)
    return dossier


DEPOTS = {
    "id": "depots", "nom": "Dépôts <img src=x onerror=alert(1)> [d'essai](javascript:alert(2))", "licence": "Aucune",
    "rythme_mois": 12, "delai_mois": 12, "connecteur": "fichier", "url": "",
    "colonnes": {"indicateur": None, "territoire": "Code commune", "periode": "Année", "valeur": "Effectif"},
    "forme": {"maille": "commune", "constantes": {"indicateur": "effectif_depose"}},
    "attentes": {"variation_lignes_max": 100},
}  # fmt: skip
"""A source whose files come by hand; its name tries to be more than a name."""


def ajoute_depots(dossier: Path) -> Path:
    """Adds to a copy of the espace the source ``depots`` and its indicator ``effectif_depose``."""
    libelles = {"libelle": "=1+1 Effectif déposé", "libelle_court": "<b>Effectif</b> déposé"}
    _yaml(dossier / "sources" / "depots.yml", DEPOTS)
    _yaml(dossier / "indicateurs" / "effectif_depose.yml", _indicateur("effectif_depose", "depots", **libelles))
    return dossier


def dessine(espace: Path) -> Path:
    """Gives each commune an invented square, and the levels above the squares of their communes."""
    carres = {code: (5 + rang % 4 / 10, 47 + rang // 4 / 10) for rang, code in enumerate(COMMUNES)}
    groupes = {Maille.COMMUNE: {c: [c] for c in COMMUNES}, Maille.REGION: {REGION: list(COMMUNES)}}
    for rang, maille in enumerate((Maille.DEPARTEMENT, Maille.EPCI)):
        groupes[maille] = {p[rang]: [c for c, q in COMMUNES.items() if q[rang] == p[rang]]
                           for p in COMMUNES.values() if p[rang]}  # fmt: skip
    for maille, places in groupes.items():
        traits = [
            {"type": "Feature", "properties": {"code": code, "nom": code},
             "geometry": {"type": "MultiPolygon", "coordinates": [_carre(*carres[c]) for c in communes]}}
            for code, communes in sorted(places.items())
        ]  # fmt: skip
        chemin = espace / "reference" / "geometrie" / f"{maille.value}_legere.geojson.gz"
        chemin.parent.mkdir(exist_ok=True)
        chemin.write_bytes(gzip.compress(json.dumps({"type": "FeatureCollection", "features": traits}).encode()))
    return espace


def _carre(x: float, y: float) -> list[list[list[float]]]:
    return [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]]


def source_fichier(
    espace: Path, *, territoire: str, periode: str, valeur: str, maille: str | None = None, **declare: Any
) -> None:
    """Makes ``comptes`` a source of files: one figure of ``effectif`` a row."""
    chemin = espace / "sources" / "comptes.yml"
    forme = {"constantes": {"indicateur": "effectif"}} | ({"maille": maille} if maille else {})
    colonnes = {"territoire": territoire, "periode": periode, "valeur": valeur}
    commun = {"id": "comptes", "nom": "Comptes d'essai", "licence": "Aucune", "rythme_mois": 12}
    lieu = {"connecteur": "fichier", "url": "", "tirage": "main", "attentes": {"variation_lignes_max": 100}}
    _yaml(chemin, {**commun, **lieu, "colonnes": colonnes, "forme": forme, **declare})


def _yaml(chemin: Path, contenu: dict[str, Any]) -> None:
    chemin.write_text(yaml.safe_dump(contenu, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _reference() -> dict[str, pd.DataFrame]:
    noms = [(REGION, "region", "Essai"), (NORD, "departement", "Nord"), (SUD, "departement", "Sud")]
    noms += [(e, "epci", f"EPCI {e[-1]}") for e in (E1, CHEVAL, E3)]
    noms += [(c, "commune", f"Commune {c[4:]}") for c in (*COMMUNES, ABSORBEE)]
    places = pd.DataFrame(noms, columns=["code", "maille", "nom"]).assign(
        type=lambda t: t["maille"].mask(t["maille"] == "epci", "CC"),
        millesime_debut=2023, millesime_fin=pd.NA, superficie_km2=10.0, communes_total=pd.NA,
    )  # fmt: skip
    places.loc[places["code"] == ABSORBEE, ["millesime_fin", "superficie_km2"]] = [2024, pd.NA]
    liens = [(c, p, 2023, None) for c, (dep, epci, _) in COMMUNES.items() for p in (dep, epci) if p]
    liens += [(ABSORBEE, NORD, 2023, 2024), (ABSORBEE, E1, 2023, 2024)]
    liens += [(d, REGION, 2023, None) for d in (NORD, SUD)]
    return {
        "territoires": places,
        "liens": pd.DataFrame(liens, columns=["enfant", "parent", "millesime_debut", "millesime_fin"]).astype(
            {"millesime_fin": "Int64"}
        ),
        "passage": pd.DataFrame(
            [(2024, 2025, ABSORBEE, ABSORBANTE, "fusion", 1)],
            columns=["millesime_de", "millesime_vers", "code_de", "code_vers", "type", "part"],
        ),
        "populations": pd.DataFrame(
            [(2023, 2026, c, p) for c, (_, _, p) in COMMUNES.items()],
            columns=["annee", "millesime_cog", "code", "population"],
        ),
    }


def cible(**autres: Any) -> dict[str, Any]:
    """One target, with what a test changes."""
    return {
        "indicateur": "taux_publie", "code_territoire": REGION, "auteur": "État", "acte": "Acte d'essai",
        "date_initiale": "2020", "valeur_initiale": 10, "jalons": "[]", "echeance": "2026", "valeur": 100, **autres,
    }  # fmt: skip


def ligne(code: str, valeur: object = None, **autres: Any) -> dict[str, Any]:
    """One supplied row of ``effectif`` in 2023, with what a test changes."""
    return {"indicateur": "effectif", "code_territoire": code, "periode": "2023", "valeur": valeur, **autres}


def recues(lignes: Sequence[dict[str, Any]], colonnes: Sequence[str] = FOURNIES) -> pd.DataFrame:
    """Rows as a connector gives them: objects, nothing converted."""
    cadre = pd.DataFrame([[x.get(c) for c in colonnes] for x in lignes], columns=list(colonnes), dtype=object)
    return cadre.set_axis(pd.RangeIndex(1, len(cadre) + 1, name="ligne"))


def lis_livraison(lignes: pd.DataFrame, source: Source, espace: Espace, connus: Mapping[int, frozenset[str]]) -> Lues:
    """Rows shaped then read, as the pipeline does."""
    return lis_mesures(met_en_forme(lignes, source).table, source, espace, connus)


@dataclass
class Atelier:
    """The tiny espace served by one store; ``livre`` plays the supplier."""

    moteur: Engine
    espace: Espace
    sources: tuple[Source, ...]
    dossier: Path
    livraison: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def ouvre(cls, moteur: Engine, dossier: Path) -> Atelier:
        espace, sources = load_espace(dossier)
        commands.enregistre_espace(moteur, espace, *canonique(espace, sources), ECRIVAIN)
        reference.charge(moteur, dossier / "reference", espace.millesime_cog, ECRIVAIN)
        return cls(moteur, espace, sources, dossier)

    def source(self, nom: str = "comptes", **attentes: Any) -> Source:
        """The declared source, with other expectations when a test gives some."""
        declaree = next(s for s in self.sources if s.id == nom)
        return declaree.model_copy(update={"attentes": declaree.attentes.model_copy(update=attentes)})

    @property
    def contexte(self) -> pipeline.Contexte:
        def lis(source: Source) -> Livraison:
            return Livraison(self.livraison, empreinte_lignes(self.livraison), f"essai · {source.id}")

        empreinte = canonique(self.espace, self.sources)[0]
        return pipeline.Contexte(self.moteur, self.espace, empreinte, ECRIVAIN, self.sources, lis)

    def livre(self, *lignes: dict[str, Any], a_blanc: bool = False, **attentes: Any) -> pipeline.Resultat:
        """One delivery of measures, pulled as the product pulls it."""
        self.livraison = recues(lignes)
        return pipeline.tire(self.contexte, self.source(**attentes), a_blanc=a_blanc)

    def livre_cibles(self, *lignes: dict[str, Any]) -> pipeline.Resultat:
        """One delivery of targets."""
        self.livraison = recues(lignes, CIBLE)
        return pipeline.tire(self.contexte, self.source("cibles"))

    def valeurs(self, indicateur: str = "effectif", lecteur: Lecteur = AGENT) -> pd.DataFrame:
        """Every row shown for an indicator, indexed by territory code (one period at a time)."""
        with self.moteur.connect() as connexion:
            places = queries.list_territoires(connexion).set_index("id")["code"]
            cadre = queries.load_series(connexion, lecteur, [indicateur], [int(i) for i in places.index])
        return cadre.assign(code=cadre["territoire_id"].map(places)).set_index("code")

    def chiffres(self, indicateur: str = "effectif", lecteur: Lecteur = AGENT) -> dict[str, float]:
        """Value by territory code."""
        return {str(c): float(v) for c, v in self.valeurs(indicateur, lecteur)["valeur"].items()}

    def lots(self) -> pd.DataFrame:
        with self.moteur.connect() as connexion:
            return queries.load_lots(connexion)

    def version(self) -> int:
        with self.moteur.connect() as connexion:
            return queries.load_version(connexion)
