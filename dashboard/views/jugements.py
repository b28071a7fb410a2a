"""What people say of the programmes, beside what the figures say: météo, synthèse, decisions, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.domain.apports import Apport, Decision, EtatDecision, Evenement, Genre, Synthese, contredit
from dashboard.domain.statut import Statut
from dashboard.views import apports_vue, cached
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, joint


@dataclass(frozen=True)
class Jugements:
    """Latest contributions on one territory, newest first."""

    vue: Vue
    apports: tuple[Apport, ...]

    def de(self, sujet: str, genre: Genre) -> list[Apport]:
        """Those of one kind on one programme or indicator."""
        return [a for a in self.apports if a.sujet == sujet and a.genre is genre]

    def synthese(self, programme: str) -> Apport | None:
        """The synthèse of a programme."""
        return next(iter(self.de(programme, Genre.SYNTHESE)), None)

    @property
    def syntheses(self) -> Mapping[str, Apport]:
        """Synthèse by programme."""
        return {a.sujet: a for a in self.apports if a.genre is Genre.SYNTHESE}

    @property
    def meteos(self) -> Mapping[str, str]:
        """Météo by programme."""
        return {p: a.contenu.meteo.value for p, a in self.syntheses.items() if isinstance(a.contenu, Synthese)}

    @property
    def decisions(self) -> Mapping[str, Sequence[Apport]]:
        """Open decisions by programme, the nearest deadline first."""
        ouvertes: dict[str, list[tuple[date, Apport]]] = {}
        for a in self.apports:
            if isinstance(a.contenu, Decision) and a.contenu.etat is EtatDecision.OUVERTE:
                ouvertes.setdefault(a.sujet, []).append((a.contenu.echeance, a))
        return {p: [a for _, a in sorted(siennes, key=lambda x: x[0])] for p, siennes in ouvertes.items()}


def charge(vue: Vue, sujets: Sequence[str] | None = None) -> Jugements:
    """What this reader may see on the territory whose programmes are shown."""
    espace = cached.app().espace
    fermes = {p.id for p in espace.programmes}
    fermes -= {p.id for p in espace.programmes_visibles(cached.visibles(vue.lecteur, vue.version))}
    lus = apports_vue.apports(vue, sujets)
    return Jugements(vue, tuple(a for a in lus if a.code == vue.code_programmes and a.sujet not in fermes))


def meteo(synthese: Apport | None, statut: Statut) -> Sur:
    """The human judgement and whether it disagrees with the computed statut; or that nobody wrote one."""
    if synthese is None or not isinstance(synthese.contenu, Synthese):
        return balise("span", "non saisie", classe="b-second")
    ecart = contredit(synthese.contenu.meteo, statut.value)
    marque = balise("div", "contredit le statut", classe="b-second") if ecart else ""
    return joint(apports_vue.meteo(synthese.contenu.meteo), marque)


def synthese(j: Jugements, programme: str, statut: Statut) -> Sur:
    """The words of who answers for the programme; when there are none, who must write them."""
    lue = j.synthese(programme)
    if lue is None:
        return joint(
            balise("p", "Aucune synthèse écrite par la direction responsable.", classe="b-note"), _ecrire(programme)
        )
    contenu = lue.contenu
    ecart = isinstance(contenu, Synthese) and contredit(contenu.meteo, statut.value)
    marque = balise(
        "p", f"La météo contredit le statut calculé ({statut.libelle}) : à expliquer.", classe="b-desaccord"
    )
    return joint(apports_vue.synthese(lue), marque if ecart else "")


def decisions(j: Jugements, programme: str) -> Sur:
    """What is to be decided, then what was."""
    return apports_vue.decisions(j.de(programme, Genre.DECISION), j.vue.arrete)


def _ecrire(programme: str) -> Sur | str:
    if not cached.peut_ecrire():
        return ""
    return balise("p", balise("a", "Écrire la synthèse", classe="b-lien", href=lien("saisie", programme=programme)),
                  classe="b-note")  # fmt: skip


def intention(j: Jugements, programme: str) -> Sur | str:
    """Ambition, done, left to do; nothing when nobody wrote them."""
    lues = j.de(programme, Genre.INTENTION)
    return joint(balise("h2", "Objectifs", classe="b-h2"), apports_vue.intention(lues[0])) if lues else ""


def evenements(j: Jugements, sujets: Sequence[str]) -> list[tuple[date, str]]:
    """What happened on the programme or on the indicator shown, for its chart."""
    lus = [a.contenu for a in j.apports if a.sujet in sujets and isinstance(a.contenu, Evenement)]
    return sorted((e.jour, e.titre) for e in lus)
