"""The page Conventions et registre: sharing agreements, contacts, register of processing. For agents only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.domain.convention import ABONNEMENTS, BASES, Convention, EtatConvention, Traitement
from dashboard.domain.formatage import compte, date_courte, liste, nombre
from dashboard.domain.source import Source
from dashboard.exports.tableur import en_csv
from dashboard.store import visibilite
from dashboard.views import blocs, cached
from dashboard.views.donnees import pastille
from dashboard.views.html import Sur, affiche, balise, joindre, joint

TEINTES = {
    EtatConvention.EXPIREE: "retard",
    EtatConvention.IMMINENTE: "retard",
    EtatConvention.PROCHE: "surveiller",
    EtatConvention.EN_COURS: "trajectoire",
}
LOGICIEL = "Abonnements aux alertes et au bulletin"


@dataclass(frozen=True)
class Accord:
    """The agreement of one source, and the day it is looked at."""

    source: Source
    convention: Convention
    jour: date

    @property
    def etat(self) -> EtatConvention:
        return self.convention.etat(self.jour)

    @property
    def indicateurs(self) -> list[str]:
        """Labels of what it feeds."""
        return [i.libelle for i in cached.app().espace.ordonnes if self.source.id in i.sources]


def accords() -> list[Accord]:
    """Every agreement, those that ended first, then by what is left."""
    jour = visibilite.aujourd_hui()
    tous = [Accord(s, s.convention, jour) for s in cached.app().sources if s.convention]
    return sorted(tous, key=lambda a: a.convention.jusqu_au)


def phrase(tous: Sequence[Accord]) -> list[tuple[str, bool]]:
    """How many agreements, those that have ended, those that end soon."""
    if not tous:
        return [("Aucune source n'est partagée sous convention : tout vient de données ouvertes ou internes.", False)]
    expirees = sum(a.etat is EtatConvention.EXPIREE for a in tous)
    bientot = sum(a.etat in (EtatConvention.IMMINENTE, EtatConvention.PROCHE) for a in tous)
    morceaux = [(compte(len(tous), "convention", "conventions"), True)]
    if expirees:
        morceaux += [
            (" ; ", False),
            (compte(expirees, "expirée", "expirées"), True),
            (", plus rien n'en est lu", False),
        ]
    if bientot:
        morceaux += [(" ; ", False), (compte(bientot, "à renouveler", "à renouveler"), True), (" sous 60 jours", False)]
    return [*morceaux, (".", False)]


def conventions(tous: Sequence[Accord]) -> None:
    """Who, what for, under which licence, until when; what stopped being shown where it has ended."""
    if not tous:
        blocs.vide("Aucune convention déclarée.", "Elle se déclare dans l'espace, clé « convention » de la source.")
        return
    colonnes = [
        ("Source", False),
        ("Avec", False),
        ("Finalité et licence", False),
        ("Jusqu'au", False),
        ("État", False),
    ]
    affiche(blocs.table(colonnes, [_accord(a) for a in tous], "Conventions de partage", "b-table b-fiches"))


def _accord(a: Accord) -> list[Sur | str]:
    c, quoi = a.convention, liste(a.indicateurs) or "aucun indicateur"
    reste = c.reste(a.jour)
    jours = f"depuis {compte(-reste, 'jour', 'jours')}" if reste < 0 else f"reste {compte(reste, 'jour', 'jours')}"
    effet = f"Plus lu par personne : {quoi}." if reste < 0 else f"{quoi}."
    return [
        joint(
            balise("strong", a.source.nom),
            balise("div", f"{a.source.acces.libelle} · {c.reference}", classe="b-second"),
        ),
        ", ".join(c.partenaires),
        joint(c.finalite, balise("div", c.licence, classe="b-second")),
        joint(
            balise("span", date_courte(c.jusqu_au), classe="b-fixe"),
            balise("div", f"signée le {date_courte(c.signee_le)}", classe="b-second"),
        ),
        joint(pastille(a.etat.value, TEINTES[a.etat]), balise("div", f"{jours}. {effet}", classe="b-second")),
    ]


def producteurs() -> Sur:
    """Whom to write to about the data of each producer."""
    espace = cached.app().espace
    lignes = []
    for p in espace.producteurs:
        siens = sum(i.producteur == p.id for i in espace.indicateurs)
        lignes.append(
            [
                joint(balise("strong", p.sigle), balise("div", p.nom, classe="b-second")),
                nombre(siens),
                joindre(p) or "aucun contact déclaré",
            ]
        )
    colonnes = [("Producteur", False), ("Indicateurs", True), ("Contact", False)]
    return blocs.table(colonnes, lignes, "Contacts des producteurs", "b-table b-fiches")


# -------------------------------------------------------------------------------------------- the register


def registre() -> pd.DataFrame:
    """The register of processing as a table: the entries of the sources, then that of the software itself."""
    entrees = [(s.nom, s.traitement) for s in cached.app().sources if s.traitement] + [(LOGICIEL, ABONNEMENTS)]
    return pd.DataFrame([_entree(nom, t) for nom, t in entrees])


def _entree(nom: str, t: Traitement) -> dict[str, str]:
    return {
        "Traitement": nom,
        "Données personnelles": "oui" if t.donnees_personnelles else "non",
        "Finalité": t.finalite,
        "Origine": t.origine.strip(),
        "Base légale": BASES[t.base_legale] if t.base_legale else "sans objet",
        "Personnes": ", ".join(t.personnes),
        "Catégories": ", ".join(t.categories),
        "Conservation": t.duree_conservation,
        "Destinataires": ", ".join(t.destinataires),
        "Identifiants déclarés": ", ".join(t.identifiants),
        "Analyse d'impact": t.aipd_dite,
        "Critères réunis": ", ".join(t.aipd.reunis) if t.aipd else "",
    }


def tableau(cadre: pd.DataFrame) -> Sur:
    """The register on the screen."""
    lignes = []
    for x in cadre.to_dict("records"):
        objet = f"Origine : {x['Origine']}" if x["Origine"] else x["Catégories"]
        lignes.append(
            [
                joint(balise("strong", x["Traitement"]), balise("div", x["Finalité"], classe="b-second")),
                x["Données personnelles"],
                joint(x["Base légale"], balise("div", objet, classe="b-second")),
                x["Conservation"] or "sans objet",
                x["Destinataires"] or "sans objet",
                joint(
                    x["Analyse d'impact"],
                    balise("div", x["Critères réunis"], classe="b-second") if x["Critères réunis"] else "",
                ),
            ]
        )
    colonnes = [
        ("Traitement", False),
        ("Données personnelles", False),
        ("Base légale et données", False),
        ("Conservation", False),
        ("Destinataires", False),
        ("Analyse d'impact", False),
    ]
    return blocs.table(colonnes, lignes, "Registre des traitements", "b-table b-fiches")


def telecharge(cadre: pd.DataFrame) -> None:
    """The register as a file."""
    st.download_button(
        "Le registre (CSV)",
        lambda: en_csv(cadre),
        "registre-des-traitements.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def sans_entree() -> str:
    """How many sources the register says nothing of, and what protects them."""
    n = sum(s.traitement is None for s in cached.app().sources)
    qui = f"{compte(n, 'source', 'sources')} sans entrée au registre" if n else "Chaque source a son entrée"
    return f"{qui} ; toute livraison qui porte un identifiant personnel non déclaré est refusée."
