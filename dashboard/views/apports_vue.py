"""What people added to the figures, as other pages show it: météo, synthèse, decisions, history. Words in, HTML out.

Read from the store at each run, never cached: a contribution does not raise the store version.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date
from enum import StrEnum
from typing import Any

from dashboard.domain.apports import (
    METEOS,
    Apport,
    Commentaire,
    Decision,
    EtatDecision,
    EtatProposition,
    Evenement,
    Genre,
    Intention,
    Meteo,
    Proposition,
    Synthese,
)
from dashboard.domain.brouillon import LIBELLES
from dashboard.domain.formatage import date_courte, date_heure
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import PeriodeInconnue, parse_periode
from dashboard.domain.rappels import DECISION_JOURS, chiffre, jour
from dashboard.figures.palette import ciel, forme
from dashboard.store import apports as store
from dashboard.store.moteur import lecture
from dashboard.views import cached
from dashboard.views.filtres import Vue
from dashboard.views.html import Sur, balise, image_svg, joint

SORTS: dict[StrEnum, tuple[str, str]] = {
    EtatDecision.OUVERTE: ("À prendre", "surveiller"),
    EtatDecision.PRISE: ("Prise", "trajectoire"), EtatDecision.ABANDONNEE: ("Abandonnée", "nonmesure"),
    EtatProposition.EN_ATTENTE: ("En attente", "surveiller"),
    EtatProposition.ACCEPTEE: ("Acceptée", "trajectoire"), EtatProposition.REFUSEE: ("Refusée", "retard"),
}  # fmt: skip
Lien = Callable[[Apport], Sur]
"""What may be done with a contribution, as a link; a page that only shows gives none."""


def apports(vue: Vue, sujets: Sequence[str] | None = None, genres: Collection[Genre] | None = None) -> list[Apport]:
    """The latest version of each contribution on these subjects, newest first; what this reader may see."""
    with lecture(cached.app().moteur) as connexion:
        return store.load_apports(connexion, vue.lecteur, sujets, genres)


def versions(vue: Vue, fil: int) -> list[Apport]:
    """Every version of one contribution, newest first."""
    with lecture(cached.app().moteur) as connexion:
        return store.load_versions(connexion, vue.lecteur, fil)


# -------------------------------------------------------------------------------------------- pieces


def meteo(m: Meteo) -> Sur:
    """Shape and word of a judgement."""
    return balise("span", image_svg(ciel(m.value), ""), METEOS[m][0], classe="b-meteo")


def signature(apport: Apport) -> Sur:
    """« Directrice, Direction des mobilités · 23 nov. 2026 à 14:05 · version 2 »."""
    quand = date_heure(apport.cree_le.replace(tzinfo=UTC))
    version = f" · version {apport.version}" if apport.version > 1 else ""
    return balise(
        "p", f"{apport.signature.fonction}, {apport.signature.direction} · {quand}{version}", classe="b-signe"
    )


def paragraphes(texte: str) -> Sur:
    """A text as it was typed: blank lines separate paragraphs, line ends stay."""
    return balise("div", *(balise("p", p.strip()) for p in texte.split("\n\n") if p.strip()), classe="b-texte")


def _pastille(mot: str, teinte: str) -> Sur:
    return balise("span", image_svg(forme(teinte), ""), mot, classe=f"b-statut b-{teinte}")


def _fiches(fiches: Iterable[Sur], vide: str) -> Sur:
    """A list of contributions, or the sentence of an empty one."""
    lignes = [balise("li", f) for f in fiches]
    return balise("ul", *lignes, classe="b-apports") if lignes else balise("p", vide, classe="b-note")


def _tete(titre: str, etat: Sur | str, action: Lien | None, apport: Apport) -> Sur:
    suite = action(apport) if action else ""
    return balise("div", balise("strong", titre), balise("span", etat, suite, classe="b-actions"), classe="b-entre")


# -------------------------------------------------------------------------------------------- blocks


def synthese(apport: Apport) -> Sur:
    """The judgement on a programme: météo and its meaning, text, who signed and when."""
    contenu = apport.contenu
    assert isinstance(contenu, Synthese)
    sens = balise("span", f" {METEOS[contenu.meteo][1]}", classe="b-second")
    return balise(
        "article", balise("p", meteo(contenu.meteo), sens, classe="b-ciel"), paragraphes(contenu.texte),
        signature(apport), classe="b-apport",
    )  # fmt: skip


def historique(versions: Sequence[Apport]) -> Sur:
    """Earlier versions, newest first, each folded under its date, météo and signature."""
    fiches = [
        balise("details", balise("summary", _resume(v)), _corps(v), signature(v), classe="b-version")
        for v in sorted(versions, key=lambda v: -v.version)
    ]
    return balise("div", *fiches)


def _resume(apport: Apport) -> Sur:
    quand = date_courte(jour(apport))
    ciel_ = joint(" · ", meteo(apport.contenu.meteo)) if isinstance(apport.contenu, Synthese) else ""
    return joint(f"Version {apport.version} du {quand}", ciel_)


def _corps(apport: Apport) -> Sur:
    """The texts of a contribution, whatever its kind."""
    if isinstance(apport.contenu, (Synthese, Commentaire)):
        return paragraphes(apport.contenu.texte)
    return champs(dict(apport.contenu))


def champs(contenu: Mapping[str, Any]) -> Sur:
    """Every filled field under its name: what is compared, or kept in history."""
    termes = [
        joint(balise("dt", LIBELLES[c]), balise("dd", _en_mots(v))) for c, v in contenu.items() if v not in (None, "")
    ]
    return balise("dl", *termes, classe="b-def")


def _en_mots(valeur: Any) -> Sur | str:
    if isinstance(valeur, Meteo):
        return meteo(valeur)
    if isinstance(valeur, StrEnum):
        return SORTS[valeur][0]
    if isinstance(valeur, date):
        return date_courte(valeur)
    return paragraphes(f"{valeur:.10g}".replace(".", ",") if isinstance(valeur, float) else str(valeur))


def intention(apport: Apport) -> Sur:
    """What a programme wants, what was done, what is left to do."""
    assert isinstance(apport.contenu, Intention)
    return balise("article", _corps(apport), signature(apport), classe="b-apport")


def decisions(apports: Sequence[Apport], arrete: date, action: Lien | None = None) -> Sur:
    """Open decisions first, by échéance, those overdue marked with a word; then the closed ones, latest first."""
    ouvertes = [a for a in apports if _ouverte(a)]
    closes = [a for a in apports if isinstance(a.contenu, Decision) and not _ouverte(a)]
    ordre = [*sorted(ouvertes, key=_echeance), *sorted(closes, key=_echeance, reverse=True)]
    return _fiches((_decision(a, arrete, action) for a in ordre), "Aucune décision attendue.")


def _ouverte(apport: Apport) -> bool:
    return isinstance(apport.contenu, Decision) and apport.contenu.etat is EtatDecision.OUVERTE


def _echeance(apport: Apport) -> date:
    assert isinstance(apport.contenu, Decision)
    return apport.contenu.echeance


def _decision(apport: Apport, arrete: date, action: Lien | None) -> Sur:
    d = apport.contenu
    assert isinstance(d, Decision)
    reste = (d.echeance - arrete).days
    if d.etat is not EtatDecision.OUVERTE:
        etat = SORTS[d.etat]
    elif reste < 0:
        etat = ("En retard", "retard")
    else:
        etat = ("À décider" if reste <= DECISION_JOURS else "À venir", "surveiller")
    quand = "échéance dépassée le" if reste < 0 and d.etat is EtatDecision.OUVERTE else "échéance le"
    qui = balise("p", f"{d.responsable} · {quand} {date_courte(d.echeance)}", classe="b-second")
    return joint(_tete(d.titre, _pastille(*etat), action, apport), qui, paragraphes(d.texte), signature(apport))


def evenements(apports: Sequence[Apport], action: Lien | None = None) -> Sur:
    """What happened, latest first."""
    lus = [(a, a.contenu) for a in apports if isinstance(a.contenu, Evenement)]
    return _fiches(
        (joint(_tete(f"{date_courte(e.jour)} : {e.titre}", "", action, a), paragraphes(e.texte), signature(a))
         for a, e in sorted(lus, key=lambda x: x[1].jour, reverse=True)),
        "Aucun événement noté.",
    )  # fmt: skip


def commentaires(apports: Sequence[Apport], action: Lien | None = None) -> Sur:
    """Remarks, newest first."""
    lus = [a for a in apports if a.genre is Genre.COMMENTAIRE]
    return _fiches((joint(_corps(a), signature(a), action(a) if action else "") for a in lus), "Aucun commentaire.")


def propositions(apports: Sequence[Apport], declares: Mapping[str, Indicateur], action: Lien | None = None) -> Sur:
    """Contested values: those that wait for their answer first. ``declares``: the indicators by id."""
    lus = [(a, a.contenu) for a in apports if isinstance(a.contenu, Proposition)]
    ordre = sorted(lus, key=lambda x: x[1].etat is not EtatProposition.EN_ATTENTE)
    return _fiches((_proposition(a, p, declares.get(a.sujet), action) for a, p in ordre), "Aucune valeur contestée.")


def _proposition(apport: Apport, p: Proposition, declare: Indicateur | None, action: Lien | None) -> Sur:
    nom = declare.libelle if declare else apport.sujet
    tete = _tete(
        f"{nom}, {periode(p.periode)} : {chiffre(declare, p.valeur)}", _pastille(*SORTS[p.etat]), action, apport
    )
    paires = (("motif", p.motif), ("methode", p.methode), ("reponse", p.reponse))
    termes = [joint(balise("dt", LIBELLES[c]), balise("dd", paragraphes(t))) for c, t in paires if t]
    return joint(tete, balise("dl", *termes, classe="b-def"), signature(apport))


def periode(code: str) -> str:
    """A period in words; as it was typed when it is not one."""
    try:
        return parse_periode(code).texte
    except PeriodeInconnue:
        return code
