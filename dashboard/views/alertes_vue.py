"""Alerts on a page: counters that filter, and the feed that follows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from dashboard.domain.alertes import Alerte, DossierProgramme, alertes_de, compte_alertes
from dashboard.domain.apports import Genre
from dashboard.domain.formatage import nombre
from dashboard.domain.programme import EtatProgramme
from dashboard.views import filtres
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise
from dashboard.views.jugements import Jugements

AU_DELA_DU_STATUT = (
    Alerte.DECISION_DEPASSEE, Alerte.METEO_CONTREDITE, Alerte.DECISION_ATTENDUE, Alerte.PERIME, Alerte.METEO_ABSENTE,
)  # fmt: skip
"""Alerts that the counters by statut do not tell already."""
DE_LA_TEINTE: Mapping[str, tuple[Alerte, ...]] = {
    "retard": (Alerte.EN_RECUL, Alerte.EN_RETARD), "echu": (Alerte.ECHU,), "nonmesure": (Alerte.NON_MESURE,),
}  # fmt: skip


def dossiers(vue: Vue, etats: Sequence[EtatProgramme], j: Jugements) -> list[DossierProgramme]:
    """Each programme with what was said of it."""
    return [
        DossierProgramme(
            e, j.synthese(e.programme.id), tuple(j.de(e.programme.id, Genre.DECISION)), vue.arrete
        )
        for e in etats
    ]  # fmt: skip


def choisie() -> Alerte | None:
    """The alert that the address asks for, None for all."""
    voulue = filtres.choix("alerte", ["toutes", *(a.value for a in AU_DELA_DU_STATUT)], "toutes", "alerte")
    return None if voulue == "toutes" else Alerte(voulue)


def touches(lus: Sequence[DossierProgramme], alerte: Alerte | None) -> set[str]:
    """Ids of the programmes under an alert; all of them when none is asked."""
    return {d.etat.programme.id for d in lus if alerte is None or alerte in alertes_de(d)}


def puces(lus: Sequence[DossierProgramme], statut: str | None, alerte: Alerte | None) -> Sur:
    """Counters of alerts that are also filters, and the feed of what is filtered."""
    comptes = compte_alertes(lus)
    liens = [
        balise("a", f"{a.libelle} ", balise("b", nombre(comptes[a])), classe="b-puce",
               href=lien("politiques", statut=statut, alerte=None if a is alerte else a.value),
               aria_current="true" if a is alerte else None)
        for a in AU_DELA_DU_STATUT if comptes[a]
    ]  # fmt: skip
    return balise("nav", *liens, _flux(statut, alerte), classe="b-puces", aria_label="Filtrer par alerte")


def _flux(statut: str | None, alerte: Alerte | None) -> Sur:
    """The Atom feed of the same territory and of the alerts in view: followed, it is a subscription."""
    voulues = (alerte,) if alerte else DE_LA_TEINTE.get(statut or "", ())
    paires = [("alerte", a.value) for a in voulues]
    territoire = filtres.parametres().get("territoire")
    paires += [("territoire", territoire)] if territoire else []
    adresse = "alertes.atom" + (f"?{urlencode(paires)}" if paires else "")
    return balise("a", "Suivre par flux Atom", href=adresse, classe="b-lien", type="application/atom+xml")
