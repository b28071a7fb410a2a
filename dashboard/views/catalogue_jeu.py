"""The sheet of a dataset: what it holds, from whom, on what terms, how fresh, in which files, by which deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.domain.formatage import compte, date_courte, jour_local, liste, nombre
from dashboard.exports.catalogue_entrees import FRAICHEURS, Catalogue, Entree
from dashboard.exports.dcat_matiere import Fichier, Jeu
from dashboard.exports.dcat_vocabulaire import THEMES
from dashboard.views import blocs, cached, catalogue, filtres, origine, qualite_tables
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, joint, lien_externe

FICHIERS_VISIBLES, CONTACTS_VISIBLES = 8, 4


def demande(c: Catalogue) -> tuple[Jeu, Entree] | None:
    """The dataset of the address; one that is unknown, or closed, is told the same way."""
    choisi = filtres.choix("jeu", [e.id for e in c.jeux], "", "jeu de données")
    return c.jeu(choisi) if choisi else None


def fil() -> list[str]:
    """Back to the list."""
    return [balise("a", "Catalogue", href=lien("catalogue", jeu=None), classe="b-lien"), " › Jeu de données"]


def phrase(jeu: Jeu, e: Entree) -> list[tuple[str, bool]]:
    """Who publishes what, since when, how fresh."""
    quoi = "Les cibles" if jeu.source.nature == "objectifs" else "Les valeurs"
    combien = compte(len(jeu.indicateurs), "indicateur", "indicateurs")
    couvre = f" : du {date_courte(e.couverture[0])} au {date_courte(e.couverture[1])}" if e.couverture else ""
    etat = FRAICHEURS[e.fraicheur] if e.fraicheur else ""
    if etat and e.touches < e.mesures:
        etat = f"{compte(e.touches, 'indicateur', 'indicateurs')} sur {nombre(e.mesures)} dans l'état « {etat} »"
    return [
        (f"{quoi} de ", False), (combien, True), (f", de {catalogue.sigles(e)}{couvre}.", False),
        (f" {etat[:1].upper()}{etat[1:]}." if etat else "", True),
    ]  # fmt: skip


def fiche(c: Catalogue, jeu: Jeu, e: Entree) -> Sur:
    """The record of the dataset, as a portal harvests it."""
    source = jeu.source
    programmes = [p for i in jeu.indicateurs if (p := c.matiere.espace.programme_de(i.id))]
    politiques = sorted({c.matiere.espace.politique(p.politique).nom for p in programmes})
    return blocs.definitions(
        {
            "Description": source.description or None,
            "Thèmes": liste([THEMES[t] for t in source.fiche.themes]) if source.fiche.themes else None,
            "Politiques": liste(politiques) if politiques else None,
            "Mots-clés": ", ".join(source.fiche.mots_cles) or None,
            "Couverture spatiale": c.matiere.espace.nom,
            "Niveaux": ", ".join(catalogue.COURTS[m] for m in e.mailles),
            "Rythme": _rythme(jeu),
            "Licence": source.licence,
            "Accès": catalogue.niveau(jeu.acces),
            "Donnée de forte valeur": ", ".join(source.fiche.forte_valeur) or None,
            "Page du producteur": source.fiche.page and lien_externe(str(source.fiche.page), str(source.fiche.page)),
            "Identifiant": f"{c.matiere.espace.id}/{jeu.id}",
        }
    )


def _rythme(jeu: Jeu) -> str:
    """That of its indicators when they share one: a dataset may gather several publications."""
    siens = {(i.rythme_mois, i.delai_mois) for i in jeu.indicateurs}
    if len(siens) > 1:
        return "selon l'indicateur"
    return origine.rythme(*siens.pop()) if siens else origine.rythme(jeu.source.rythme_mois, jeu.source.delai_mois)


def contacts(jeu: Jeu) -> None:
    """Who answers for it; folded when there are many."""
    qui = blocs.definitions({p.nom: catalogue.contact(p) for p in jeu.producteurs})
    if len(jeu.producteurs) <= CONTACTS_VISIBLES:
        blocs.affiche(qui)
    else:
        with st.expander(compte(len(jeu.producteurs), "producteur", "producteurs")):
            blocs.affiche(qui)


def qualite(vue: Vue, jeu: Jeu) -> Sur:
    """What its last deliveries are worth, measure by measure."""
    etats = cached.qualite(vue.lecteur, vue.version, vue.arrete).jeux
    mesures = next((x.mesures for x in etats if x.source.id == jeu.id), ())
    return qualite_tables.resume(mesures, lien("qualite", vue="jeux", jeu=jeu.id))


def convention(jeu: Jeu) -> None:
    """Under which agreement it is shared, for whoever may read it; with whom, for who writes."""
    c = jeu.source.convention
    if c is None:
        return
    blocs.sous_titre("La convention qui le partage")
    blocs.affiche(blocs.definitions({
        "Partenaires": ", ".join(c.partenaires) if cached.peut_ecrire() else None,
        "Finalité": c.finalite,
        "Licence": c.licence,
        "Dernier jour de diffusion": date_courte(c.jusqu_au),
    }))  # fmt: skip


def indicateurs(vue: Vue, jeu: Jeu) -> Sur:
    """What is measured with it, and whether its producer was ever asked from here."""
    directs = {i.id: origine.direct(jeu.id, [i], vue.version) for i in jeu.indicateurs if i.source_directe == jeu.id}
    lignes = [
        [
            joint(balise("a", i.libelle, href=lien("indicateur", indicateur=i.id)),
                  balise("div", i.definition, classe="b-second")),
            i.unite,
            ", ".join(catalogue.COURTS[m] for m in i.mailles),
            *([directs.get(i.id, "")] if directs else []),
        ]
        for i in jeu.indicateurs
    ]  # fmt: skip
    colonnes = [("Indicateur", False), ("Unité", False), ("Niveaux", False), *([("Tirage", False)] if directs else [])]
    return blocs.table(colonnes, lignes, "Indicateurs du jeu", "b-table b-fiches", entiere=len(lignes) < 30)


def fichiers(jeu: Jeu, e: Entree) -> None:
    """The distributions: what one may take away, its size and its fingerprint."""
    if not e.fichiers:
        blocs.vide("Aucun fichier publié pour ce jeu.", "Ils le sont avec l'instantané public de la semaine.")
        return
    libelles = {f"donnees/observations/{i.id}.csv": i.libelle for i in jeu.indicateurs}
    blocs.affiche(_table(e.fichiers[:FICHIERS_VISIBLES], libelles))
    if reste := e.fichiers[FICHIERS_VISIBLES:]:
        with st.expander(f"Les {nombre(len(reste))} autres fichiers"):
            blocs.affiche(_table(reste, libelles))


def _table(siens: Sequence[Fichier], libelles: Mapping[str, str]) -> Sur:
    lignes = [
        [
            joint(
                balise("a", libelles.get(f.chemin, "Cibles"), href=f"/publie/{f.chemin}", download=True),
                balise("div", f.chemin.rpartition("/")[2], classe="b-second"),
            ),
            f.extension.upper(),
            f"{nombre(f.taille / 1000, 1)} ko",
            balise("code", f.sha256[:16], title=f.sha256),
        ]
        for f in siens
    ]
    colonnes = [("Fichier", False), ("Format", False), ("Taille", True), ("Empreinte sha256", False)]
    return blocs.table(colonnes, lignes, "Fichiers du jeu", "b-table b-fiches", entiere=True)


def livraisons(jeu: Jeu) -> Sur:
    """The last deliveries that were published."""
    lots = cached.lots(cached.version()).set_index("id")
    lignes = [
        [
            f"lot {nombre(lot.numero)}",
            date_courte(jour_local(lot.cree_le)),
            nombre(lots.loc[lot.numero, "acceptees"]),
            nombre(lots.loc[lot.numero, "rejetees"]),
            "en vigueur" if lot.en_vigueur else "remplacé",
            balise("code", lot.sha256[:16], title=lot.sha256),
        ]
        for lot in reversed(jeu.lots[-5:])
    ]
    colonnes = [("Lot", False), ("Publié le", False), ("Lignes", True), ("Refusées", True), ("État", False),
                ("Empreinte sha256", False)]  # fmt: skip
    return blocs.table(colonnes, lignes, "Derniers lots publiés", "b-table b-fiches", entiere=True)
