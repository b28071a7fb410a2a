"""The catalogue in DCAT-AP 3: a dataset a source, its distributions the files of a package. All derived from records.

What the espace does not declare (a theme, a high-value category) is left out, never guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rdflib import DCAT, DCTERMS, FOAF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from dashboard.domain.formatage import compte
from dashboard.domain.organisme import Producteur
from dashboard.domain.territoire import Maille, numero
from dashboard.exports import dcat_vocabulaire as mots
from dashboard.exports.dcat_matiere import Fichier, Jeu, Matiere
from dashboard.exports.instantane_schema import OBSERVATIONS, TABLES
from dashboard.exports.rdf import DCATAP, ELI, SPDX, VCARD, Ecrit, texte

ENSEMBLE = "ensemble"
SCHEMA_OBSERVATIONS = "donnees/observations.schema.json"


def catalogue(matiere: Matiere, racine: str = "") -> Graph:
    """The graph. ``racine``: address under which the files of the package are; empty, they are beside the catalogue."""
    return _Catalogue(matiere, racine).fais()


class _Catalogue:
    def __init__(self, matiere: Matiere, racine: str) -> None:
        self._m, self._racine = matiere, racine
        self._g = Ecrit(matiere.adresse, matiere.espace.id)
        self._lieu = self._region()
        self._editeur = self._agent(matiere.editeur)

    def fais(self) -> Graph:
        m, g = self._m, self._g
        moi = g.est(g.catalogue, DCAT.Catalog)
        jeux = [self._jeu(jeu) for jeu in m.jeux]
        if m.jeux:
            jeux.append(self._ensemble(jeux))
            g.dit(moi, DCTERMS.issued, min(j.publie for j in m.jeux))
            g.dit(moi, DCTERMS.modified, max(j.modifie for j in m.jeux))
        g.dit(moi, DCTERMS.title, f"Catalogue des données de {m.espace.nom}")
        g.dit(
            moi, DCTERMS.description,
            f"Les jeux de données que suit le tableau de bord de {m.espace.nom}, avec leurs fichiers. "
            f"{m.espace.attribution}",
        )  # fmt: skip
        g.dit(moi, DCTERMS.publisher, self._editeur)
        g.dit(moi, DCTERMS.language, g.est(URIRef(mots.FRANCAIS), DCTERMS.LinguisticSystem))
        g.dit(moi, DCTERMS.spatial, self._lieu)
        g.dit(moi, DCTERMS.conformsTo, g.est(URIRef(mots.DCAT_AP), DCTERMS.Standard))
        if any(j.source.fiche.themes for j in m.jeux):
            themes = g.est(URIRef(f"{mots.UE}/data-theme"), SKOS.ConceptScheme)
            g.dit(themes, DCTERMS.title, "Thèmes de données de l'Union européenne")
            g.dit(moi, DCAT.themeTaxonomy, themes)
        if m.adresse:
            g.dit(moi, FOAF.homepage, g.est(URIRef(m.adresse), FOAF.Document))
        g.dit(moi, DCAT.dataset, *jeux)
        return g.graphe

    # -------------------------------------------------------------------------------------------- datasets

    def _jeu(self, jeu: Jeu) -> URIRef:
        g, source = self._g, jeu.source
        moi = g.est(g.nom("jeu", jeu.id), DCAT.Dataset)
        g.dit(moi, DCTERMS.title, source.nom)
        g.dit(moi, DCTERMS.description, self._description(jeu))
        g.dit(moi, DCTERMS.identifier, texte(f"{self._m.espace.id}/{jeu.id}"))
        agents = [self._agent(p) for p in jeu.producteurs]
        seul = jeu.producteurs[0] if len(jeu.producteurs) == 1 else self._m.editeur
        g.dit(moi, DCTERMS.publisher, self._agent(seul))
        g.dit(moi, DCTERMS.creator, *agents)
        g.dit(moi, DCAT.contactPoint, self._contact(seul))
        g.dit(moi, DCAT.keyword, *self._mots_cles(jeu))
        for code in source.fiche.themes:
            g.dit(moi, DCAT.theme, g.est(URIRef(f"{mots.UE}/data-theme/{code}"), SKOS.Concept))
            g.dit(URIRef(f"{mots.UE}/data-theme/{code}"), SKOS.prefLabel, mots.THEMES[code])
        self._forte_valeur(moi, source.fiche.forte_valeur)
        if source.fiche.page:
            g.dit(moi, DCAT.landingPage, g.est(URIRef(source.fiche.page), FOAF.Document))
        g.dit(moi, DCTERMS.accrualPeriodicity, g.est(URIRef(mots.frequence(source.rythme_mois)), DCTERMS.Frequency))
        g.dit(moi, DCTERMS.license, self._licence(source.licence))
        g.dit(moi, DCTERMS.accessRights, self._acces(mots.ACCES[jeu.acces]))
        self._commun(moi, jeu.id, jeu)
        g.dit(moi, DCAT.distribution, *self._fichiers_du(jeu))
        return moi

    def _commun(self, moi: URIRef, identifiant: str, *jeux: Jeu) -> None:
        """Where, when, in which language, since when."""
        g = self._g
        periode = g.est(g.nom("periode", identifiant), DCTERMS.PeriodOfTime)
        g.dit(periode, DCAT.startDate, min(j.couverture[0] for j in jeux))
        g.dit(periode, DCAT.endDate, max(j.couverture[1] for j in jeux))
        g.dit(moi, DCTERMS.temporal, periode)
        g.dit(moi, DCTERMS.spatial, self._lieu)
        g.dit(moi, DCTERMS.language, URIRef(mots.FRANCAIS))
        g.dit(moi, DCTERMS.issued, min(j.publie for j in jeux))
        g.dit(moi, DCTERMS.modified, max(j.modifie for j in jeux))

    def _ensemble(self, jeux: Sequence[URIRef]) -> URIRef:
        """What the dashboard itself publishes: every value at once, results, definitions."""
        g, m = self._g, self._m
        moi = g.est(g.nom("jeu", ENSEMBLE), DCAT.Dataset)
        g.dit(moi, DCTERMS.title, f"{m.espace.nom} : toutes les valeurs, cibles et résultats du tableau de bord")
        g.dit(
            moi, DCTERMS.description,
            f"L'état complet du tableau de bord de {m.espace.nom} : chaque valeur de chaque indicateur, à chaque "
            "échelle où elle est publiée, les cibles et leur avancement, les définitions, les territoires et la "
            "qualité. Une valeur vide est absente ou cachée par le secret statistique, jamais nulle.",
        )  # fmt: skip
        g.dit(moi, DCTERMS.identifier, texte(f"{m.espace.id}/{ENSEMBLE}"))
        g.dit(moi, DCTERMS.publisher, self._editeur)
        g.dit(moi, DCAT.contactPoint, self._contact(m.editeur))
        noms = sorted({nom for jeu in m.jeux for nom in self._mots_cles(jeu)})
        g.dit(moi, DCAT.keyword, *noms)
        g.dit(moi, DCTERMS.accrualPeriodicity, g.est(URIRef(f"{mots.UE}/frequency/WEEKLY"), DCTERMS.Frequency))
        licence = self._licences(sorted({i.licence for jeu in m.jeux for i in jeu.indicateurs}))
        g.dit(moi, DCTERMS.license, licence)
        g.dit(
            moi,
            DCTERMS.accessRights,
            self._acces(mots.ACCES[max((j.acces for j in m.jeux), key=list(mots.ACCES).index)]),
        )
        self._commun(moi, ENSEMBLE, *m.jeux)
        g.dit(moi, DCTERMS.source, *jeux)
        titres = {t.nom: t.titre for t in TABLES} | {OBSERVATIONS.nom: OBSERVATIONS.titre.partition(",")[0]}
        for chemin, fichier in sorted(m.fichiers.items()):
            nom = chemin.removeprefix("donnees/").rpartition(".")[0]
            if nom in titres and fichier.extension in mots.FORMATS:
                titre = f"{titres[nom]}, {fichier.extension}"
                detail = f"{titres[nom]}. Les colonnes sont décrites dans datapackage.json."
                d = self._distribution(ENSEMBLE, fichier, titre, detail)
                g.dit(d, DCTERMS.license, licence)
                g.dit(moi, DCAT.distribution, d)
        return moi

    def _description(self, jeu: Jeu) -> str:
        source, labels = jeu.source, [i.libelle for i in jeu.indicateurs]
        quoi = "Cibles de" if source.nature == "objectifs" else "Valeurs de"
        echelles = [m.libelle.lower() if m is not Maille.EPCI else m.libelle for m in Maille
                    if any(m in i.mailles for i in jeu.indicateurs)]  # fmt: skip
        phrases = [source.description.strip()] if source.description.strip() else []
        phrases.append(f"{quoi} {compte(len(labels), 'indicateur', 'indicateurs')} : {' ; '.join(labels)}.")
        phrases.append(f"Échelles : {', '.join(echelles)}. Rythme de publication : {source.rythme_mois} mois.")
        phrases.append(
            f"Telles que les montre le tableau de bord de {self._m.espace.nom}, portées au code officiel géographique "
            f"{self._m.espace.millesime_cog}. Licence : {source.licence}."
        )
        return " ".join(phrases)

    def _mots_cles(self, jeu: Jeu) -> list[str]:
        """Declared ones, the policies it tells of, the short names of its indicators."""
        espace = self._m.espace
        programmes = [p for i in jeu.indicateurs if (p := espace.programme_de(i.id))]
        politiques = {espace.politique(p.politique).nom for p in programmes}
        return sorted({*jeu.source.fiche.mots_cles, *politiques, *(i.libelle_court for i in jeu.indicateurs)})

    def _forte_valeur(self, moi: URIRef, categories: Sequence[str]) -> None:
        g = self._g
        for nom in categories:
            categorie = g.est(URIRef(f"http://data.europa.eu/bna/{mots.FORTE_VALEUR[nom]}"), SKOS.Concept)
            g.dit(moi, DCATAP.hvdCategory, categorie)
            g.dit(categorie, SKOS.prefLabel, nom)
        if categories:
            g.dit(moi, DCATAP.applicableLegislation, self._reglement())

    def _reglement(self) -> URIRef:
        return self._g.est(URIRef(mots.REGLEMENT_FORTE_VALEUR), ELI.LegalResource)

    # -------------------------------------------------------------------------------------------- files

    def _fichiers_du(self, jeu: Jeu) -> list[URIRef]:
        g = self._g
        if jeu.source.nature == "objectifs":
            siens = [f for e in mots.FORMATS if (f := self._m.fichiers.get(f"donnees/objectifs.{e}"))]
            faits = [
                self._distribution(jeu.id, f, f"Cibles en vigueur, {f.extension}",
                                   "Une ligne par indicateur, territoire, auteur et échéance ; les colonnes sont "
                                   "décrites dans datapackage.json.") for f in siens
            ]  # fmt: skip
            for d in faits:
                g.dit(d, DCTERMS.license, self._licence(jeu.source.licence))
        else:
            faits = []
            for i in jeu.indicateurs:
                if fichier := self._m.fichier(i.id):
                    titre, detail = f"{i.libelle} ({i.unite}), csv", f"{i.definition} Formule : {i.formule}."
                    faits.append(d := self._distribution(jeu.id, fichier, titre, detail))
                    g.dit(d, DCTERMS.license, self._licence(i.licence))
                    schema = g.est(URIRef(self._adresse(SCHEMA_OBSERVATIONS)), DCTERMS.Standard)
                    g.dit(schema, DCTERMS.title, "Schéma de table des observations (Frictionless Table Schema)")
                    g.dit(d, DCTERMS.conformsTo, schema)
        for d in faits if jeu.source.fiche.forte_valeur else ():
            g.dit(d, DCATAP.applicableLegislation, self._reglement())
        return faits

    def _adresse(self, chemin: str) -> str:
        return f"{self._racine}{chemin}"

    def _distribution(self, jeu: str, fichier: Fichier, titre: str, detail: str) -> URIRef:
        g, nom = self._g, f"{jeu}-{fichier.chemin.removeprefix('donnees/').replace('/', '-')}"
        moi, ou = g.est(g.nom("fichier", nom), DCAT.Distribution), URIRef(self._adresse(fichier.chemin))
        format_ue, media = mots.FORMATS[fichier.extension]
        g.dit(moi, DCTERMS.title, titre)
        g.dit(moi, DCTERMS.description, detail)
        g.dit(moi, DCAT.accessURL, ou)
        g.dit(moi, DCAT.downloadURL, ou)
        g.est(ou, RDFS.Resource)
        g.dit(moi, DCAT.byteSize, fichier.taille)
        g.dit(moi, DCTERMS.format, g.est(URIRef(f"{mots.UE}/file-type/{format_ue}"), DCTERMS.MediaTypeOrExtent))
        iana = URIRef(f"http://www.iana.org/assignments/media-types/{media}")
        g.dit(moi, DCAT.mediaType, g.est(iana, DCTERMS.MediaType))
        g.dit(moi, DCATAP.availability, g.est(URIRef(mots.STABLE), SKOS.Concept))
        g.dit(URIRef(mots.STABLE), SKOS.prefLabel, Literal("stable"))
        somme = g.est(g.nom("somme", nom), SPDX.Checksum)
        g.dit(somme, SPDX.algorithm, g.est(URIRef(mots.SHA256), SPDX.ChecksumAlgorithm))
        g.dit(somme, SPDX.checksumValue, Literal(fichier.sha256, datatype=XSD.hexBinary))
        g.dit(moi, SPDX.checksum, somme)
        return moi

    # -------------------------------------------------------------------------------------------- people and places

    def _agent(self, producteur: Producteur | None) -> URIRef:
        """A producer; the région itself where the espace names no publisher."""
        g = self._g
        moi = g.est(g.nom("producteur", producteur.id if producteur else "editeur"), FOAF.Agent, FOAF.Organization)
        g.dit(moi, FOAF.name, producteur.nom if producteur else self._m.espace.nom)
        if producteur and producteur.url:
            g.dit(moi, FOAF.homepage, g.est(URIRef(producteur.url), FOAF.Document))
        return moi

    def _contact(self, producteur: Producteur | None) -> URIRef:
        """A service and its address or form, else its site; never a person. The publisher answers for who has none."""
        qui = producteur if producteur and producteur.joindre else self._m.editeur or producteur
        g = self._g
        moi = g.est(g.nom("contact", qui.id if qui else "editeur"), VCARD.Kind, VCARD.Organization)
        g.dit(moi, VCARD.fn, qui.nom if qui else self._m.espace.nom)
        ou = (qui.joindre if qui else None) or self._m.adresse
        if ou:
            g.dit(moi, VCARD.hasEmail if ou.startswith("mailto:") else VCARD.hasURL, URIRef(ou))
        return moi

    def _region(self) -> URIRef:
        g, espace = self._g, self._m.espace
        officiel = mots.region(numero(espace.code_region))
        moi = g.est(URIRef(officiel) if officiel else g.nom("lieu", espace.code_region), DCTERMS.Location)
        g.dit(moi, RDFS.label, espace.nom)
        g.dit(moi, DCTERMS.identifier, texte(espace.code_region))
        return moi

    def _licences(self, mentions: Sequence[str]) -> URIRef:
        """The one licence of several data; when they differ, a text that names them: a file may only have one."""
        if len({self._licence(x) for x in mentions}) == 1:
            return self._licence(mentions[0])
        return self._licence(f"Selon l'indicateur (donnees/indicateurs.csv) : {' ; '.join(mentions)}")

    def _licence(self, mention: str) -> URIRef:
        g, connue = self._g, mots.LICENCES.get(mention)
        propre = g.nom("licence", hashlib.sha256(mention.encode()).hexdigest()[:12])
        moi = g.est(URIRef(connue) if connue else propre, DCTERMS.LicenseDocument)
        g.dit(moi, DCTERMS.title, "Licence Ouverte / Open Licence" if connue else mention)
        return moi

    def _acces(self, code: str) -> URIRef:
        g = self._g
        moi = g.est(URIRef(f"{mots.UE}/access-right/{code}"), DCTERMS.RightsStatement)
        g.dit(moi, RDFS.label, Literal(code))
        return moi
