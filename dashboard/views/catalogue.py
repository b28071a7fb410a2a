"""The catalogue: indicators, sources, their producers and their last lot."""

from __future__ import annotations

from typing import Literal

from dashboard.domain.formatage import compte, date_courte, nombre
from dashboard.domain.indicateur import Acces
from dashboard.domain.source import sources_visibles
from dashboard.domain.territoire import Maille
from dashboard.views import blocs, cached, fiche, origine
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, joint

COURTS = {Maille.REGION: "région", Maille.DEPARTEMENT: "dépt", Maille.EPCI: "EPCI", Maille.COMMUNE: "commune"}


def phrase(vue: Vue) -> list[tuple[str, bool]]:
    """What the catalogue holds."""
    espace = cached.app().espace
    indicateurs = fiche.visibles(vue)
    producteurs = {i.producteur for i in indicateurs}
    ouvert = all(i.acces is Acces.OUVERT for i in indicateurs)
    return [
        (compte(len(indicateurs), "indicateur", "indicateurs"), True),
        (f" de {compte(len(producteurs), 'producteur', 'producteurs')}, pour ", False),
        (compte(len(vue.territoires), "territoire", "territoires"), True),
        (f" de {espace.nom}. Tout est {'ouvert et ' if ouvert else ''}sourcé.", False),
    ]


def indicateurs(vue: Vue, nature: Literal["programme", "contexte"]) -> Sur:
    """Indicators of one nature: definition, levels, producer, rhythm."""
    espace = cached.app().espace
    lignes = [
        [
            joint(balise("a", i.libelle, href=lien("indicateur", indicateur=i.id)),
                  balise("div", i.definition, classe="b-second")),
            i.unite,
            ", ".join(COURTS[m] for m in i.mailles),
            espace.producteur(i.producteur).sigle,
            f"{nombre(i.rythme_mois)} mois",
            balise("span", i.acces.value, classe="b-etiquette"),
        ]
        for i in fiche.visibles(vue) if i.nature == nature
    ]  # fmt: skip
    colonnes = [("Indicateur", False), ("Unité", False), ("Niveaux", False), ("Producteur", False),
                ("Rythme", True), ("Accès", False)]  # fmt: skip
    return blocs.table(colonnes, lignes, f"Indicateurs de {nature}")


def sources(vue: Vue) -> Sur:
    """Each source with the state of its last lot."""
    lots = cached.lots(vue.version)
    lignes = []
    for source in sources_visibles(cached.app().sources, vue.lecteur.acces, fiche.visibles(vue)):
        siens = lots[lots["source"] == source.id]
        publies = siens[siens["statut"] == "publie"]
        etat = "jamais publiée" if publies.empty else _lot(publies.iloc[0])
        directs = [i for i in cached.app().espace.indicateurs if i.source_directe == source.id]
        if directs:
            etat = origine.direct(source.id, directs, vue.version) + ("" if publies.empty else f" ; {etat}")
        if len(siens) and siens.iloc[0]["statut"] == "refuse":
            etat = f"dernier envoi refusé ; {etat}"
        titre = joint(balise("strong", source.nom), balise("div", source.description, classe="b-second"))
        lignes.append([titre, source.licence, f"{nombre(source.rythme_mois)} mois", etat])
    colonnes = [("Source", False), ("Licence", False), ("Rythme", True), ("Dernier lot", False)]
    return blocs.table(colonnes, lignes, "Sources et leur dernier lot")


def _lot(lot: object) -> str:
    return (
        f"lot {lot['id']} du {date_courte(lot['cree_le'].date())} : "  # type: ignore[index]
        f"{nombre(lot['acceptees'])} lignes, {nombre(lot['rejetees'])} refusées"  # type: ignore[index]
    )


def attribution() -> str:
    """Credits of the referential."""
    return cached.app().espace.attribution
