"""The lineage in PROV-O: each delivery with its sha256, the import that published it, the tables that rest on it.

Organisations and software only: who pressed the button is in the journal of the store, not in a package.
"""

from __future__ import annotations

from rdflib import DCAT, DCTERMS, FOAF, PROV, RDFS, Graph, Literal, URIRef

from dashboard.exports.dcat_matiere import Jeu, Lot, Matiere
from dashboard.exports.rdf import Ecrit, texte


def lignage(matiere: Matiere, code: str, racine: str = "") -> Graph:
    """The graph. ``code``: version of the software. ``racine``: as for the catalogue, whose names it uses."""
    return _Lignage(matiere, code, racine).fais()


class _Lignage:
    def __init__(self, matiere: Matiere, code: str, racine: str) -> None:
        self._m, self._racine = matiere, racine
        self._g = Ecrit(matiere.adresse, matiere.espace.id)
        self._logiciel = self._g.est(self._g.nom("logiciel", code), PROV.Agent, PROV.SoftwareAgent)
        self._g.dit(self._logiciel, FOAF.name, texte(f"Boussole {code}"))

    def fais(self) -> Graph:
        for jeu in self._m.jeux:
            self._jeu(jeu)
        self._tables()
        return self._g.graphe

    def _jeu(self, jeu: Jeu) -> None:
        g = self._g
        moi = g.est(g.nom("jeu", jeu.id), PROV.Entity, DCAT.Dataset)
        g.dit(moi, DCTERMS.title, jeu.source.nom)
        for producteur in jeu.producteurs:
            agent = g.est(g.nom("producteur", producteur.id), PROV.Agent, PROV.Organization)
            g.dit(agent, FOAF.name, producteur.nom)
            g.dit(moi, PROV.wasAttributedTo, agent)
        for lot in jeu.lots:
            self._lot(moi, lot)

    def _lot(self, jeu: URIRef, lot: Lot) -> None:
        g = self._g
        moi = g.est(self._nom(lot), PROV.Entity)
        g.dit(moi, RDFS.label, f"Lot {lot.numero}" + ("" if lot.en_vigueur else ", remplacé depuis"))
        g.dit(moi, DCTERMS.identifier, texte(f"sha256:{lot.sha256}"))
        g.dit(moi, PROV.wasDerivedFrom, jeu)
        g.dit(moi, PROV.generatedAtTime, lot.cree_le)
        activite = g.est(g.nom("import", str(lot.numero)), PROV.Activity)
        g.dit(activite, RDFS.label, f"Import du lot {lot.numero} : lecture, contrôle, publication")
        g.dit(activite, PROV.used, jeu)
        g.dit(activite, PROV.endedAtTime, lot.cree_le)
        g.dit(activite, PROV.wasAssociatedWith, self._logiciel)
        g.dit(moi, PROV.wasGeneratedBy, activite)

    def _nom(self, lot: Lot) -> URIRef:
        return self._g.nom("lot", str(lot.numero))

    def _tables(self) -> None:
        """A table rests on the deliveries in force of every source of its indicator that this reader may know of."""
        par_table: dict[str, list[Lot]] = {}
        for jeu in self._m.jeux:
            vigueur = [lot for lot in jeu.lots if lot.en_vigueur]
            chemins = [f"donnees/observations/{i.id}.csv" for i in jeu.indicateurs]
            if jeu.source.nature == "objectifs":
                chemins = ["donnees/objectifs.csv", "donnees/objectifs.parquet"]
            else:
                chemins.append("donnees/observations.parquet")
            for chemin in chemins:
                par_table.setdefault(chemin, []).extend(vigueur)
        for chemin, lots in par_table.items():
            if fichier := self._m.fichiers.get(chemin):
                moi = self._g.est(URIRef(f"{self._racine}{chemin}"), PROV.Entity)
                self._g.dit(moi, DCTERMS.identifier, Literal(f"sha256:{fichier.sha256}"))
                self._g.dit(moi, PROV.wasDerivedFrom, *(self._nom(lot) for lot in lots))
