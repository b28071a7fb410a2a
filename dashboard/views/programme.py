"""One programme in one territory: how far, on what path, at what pace, where, with what money, to decide what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.domain.avancement import ta_brut
from dashboard.domain.formatage import en_phrase, mois_annee, nombre, pourcentage, signe
from dashboard.domain.indicateur import Programme
from dashboard.domain.phrases import TEINTES, effort, valeur
from dashboard.domain.phrases_programmes import pas, projetable, recit
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import Situation, objectifs_anciens
from dashboard.domain.statut import Statut
from dashboard.domain.tendance import Projection, Tendance, tendance
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Lecture, Point
from dashboard.figures import serie
from dashboard.views import blocs, cached, etats, fiche, filtres, jugements
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, joint, lien_externe
from dashboard.views.jugements import Jugements
from dashboard.views.preuve import preuve_de, question


@dataclass(frozen=True)
class Dossier:
    """A programme looked at in one territory through one of its indicators; ``situation`` None when it has none."""

    vue: Vue
    etat: EtatProgramme
    situation: Situation | None
    situations: etats.Situations

    @property
    def programme(self) -> Programme:
        """The programme declared."""
        return self.etat.programme

    @property
    def nom(self) -> str:
        """Name of the territory."""
        return str(self.vue.territoires.loc[self.etat.code, "nom"])

    @property
    def tendance(self) -> Tendance | None:
        """The pace of the indicator shown."""
        s = self.situation
        return tendance(s.serie, Lecture(s.indicateur.lecture)) if s else None

    @property
    def projection(self) -> Projection | None:
        """Where the pace leads at the date of the target; None when no line may be drawn to it."""
        s, pace = self.situation, self.tendance
        if s is None or pace is None or s.objectif is None or not projetable(s) or not s.serie:
            return None
        if s.objectif.echeance <= s.serie[-1][0]:
            return None
        return pace.projette(s.objectif.echeance, (0, 100) if s.indicateur.unite == "%" else None)


def choisi(vue: Vue, tous: etats.Etats) -> str:
    """The programme that the address asks, else the one that is farthest from its path."""
    ici = sorted(tous.ici(vue.code_programmes), key=lambda e: e.retard_relatif)
    premier = ici[0].programme.id if ici else next(iter(tous.par_programme))
    return filtres.choix("programme", list(tous.par_programme), premier, "programme")


def charge(vue: Vue, tous: etats.Etats, programme: str, indicateur: str | None) -> Dossier:
    """The file of a programme; ``indicateur``: the one shown, its headline when None."""
    etat = tous.par_programme[programme][vue.code_programmes]
    situations = etats.situations(vue, etat.programme.tous)
    montre = indicateur or (etat.principal.indicateur.id if etat.principal else None)
    situation = situations[montre][etat.code] if montre in situations else None
    return Dossier(vue, etat, situation, situations)


def a_choisir(vue: Vue, tous: etats.Etats, programme: str) -> dict[str, str]:
    """The counted indicators one may look at, the one to look at first in front: id -> words."""
    etat = tous.par_programme[programme][vue.code_programmes]
    premier = [etat.principal] if etat.principal else []
    return {s.indicateur.id: s.indicateur.libelle_court for s in (*premier, *etat.situations)}


def fil(vue: Vue, etat: EtatProgramme) -> list[str]:
    """Way back: the policies, then the one of this programme."""
    politique = cached.app().espace.politique(etat.programme.politique)
    retour = balise("a", "Politiques", href=lien("politiques"), classe="b-lien")
    return [retour, " › ", politique.nom, " › ", etat.programme.cadre]


def chiffre(d: Dossier) -> Sur:
    """The big figure of the programme, its bar, and the facts that make it."""
    e = d.etat
    tete = blocs.statut(e.statut)
    if e.taux is None:
        manque = balise("p", (e.motif or "rien de mesuré").capitalize() + ".", classe="b-manque")
        return joint(tete, manque, blocs.lignes(_faits(d)) if d.situation else "")
    attendu = f", {pourcentage(e.attendu, 0)} attendus" if e.attendu is not None else ""
    seul = len(e.situations) == 1
    texte = (
        f"{'du' if seul else 'en moyenne du'} chemin vers {'la cible' if seul else 'les cibles'}{attendu} {_quand(d)}"
    )
    return joint(
        tete,
        balise("span", preuve_de(nombre(e.taux, 1 if abs(e.taux) < 10 else 0), d.situation), balise("small", "%"),
               classe=f"b-grand b-{TEINTES[e.statut]}"),
        balise("p", texte, classe="b-second"),
        balise("div", blocs.barre(e.taux, e.attendu, e.statut), classe="b-pleine"),
        balise("p", f"{e.compte.completude} mesuré{'s' if e.compte.mesures > 1 else ''}. {_motif(e)}", classe="b-note")
        if len(e.situations) > 1 else "",
        _de_l_indicateur(d.situation) if d.situation and not seul else "",
        blocs.lignes(_faits(d)),
    )  # fmt: skip


def _de_l_indicateur(s: Situation) -> Sur:
    """The indicator shown, when it is one among several: its own progress, apart from the mean."""
    a = s.avancement
    part = (
        balise("span", blocs.taux(a.ta_brut, a.ta_attendu, partial(preuve_de, s=s)), classe="b-second")
        if a.ta_brut is not None
        else ""
    )
    return joint(balise("h2", s.indicateur.libelle_court, classe="b-h2"),
                 balise("div", blocs.statut(s.statut), part, classe="b-entre"))  # fmt: skip


def _motif(e: EtatProgramme) -> str:
    return f"{e.motif[:1].upper()}{e.motif[1:]}." if e.motif else ""


def _quand(d: Dossier) -> str:
    jours = sorted({s.avancement.date_va for s in d.etat.situations if s.avancement.date_va})
    if len(jours) == 1:
        return f"en {mois_annee(jours[0], court=False)}"
    return "à la date de chaque valeur"


def _faits(d: Dossier) -> list[tuple[str, str]]:
    s = d.situation
    assert s is not None
    a, declare, faits = s.avancement, s.indicateur, []
    if a.va is not None and a.date_va:
        faits.append((f"Dernière valeur ({mois_annee(a.date_va)})", preuve_de(valeur(declare, a.va), s)))
    if s.objectif:
        but = s.objectif.trajectoire
        if but.vi is not None and but.date_vi:
            faits.append((f"Valeur initiale ({mois_annee(but.date_vi)})", valeur(declare, but.vi)))
        faits.append((_cible(s), valeur(declare, but.vc)))
        if a.ecart is not None:
            faits.append(("Écart à la trajectoire", signe(a.ecart, 0, "pt")))
    if d.tendance and s.statut is not Statut.NON_MESURE:
        faits.append(("Rythme observé", f"{pas(declare, d.tendance.par_an)} par an"))
    if effort(s) and s.statut not in (Statut.ATTEINT, Statut.ECHU_NON_ATTEINT):
        faits.append(("Reste à faire", effort(s).removeprefix("il faut ").removeprefix("il manque ")))
    return faits


def _cible(s: Situation) -> str:
    assert s.objectif is not None
    return f"{s.objectif.libelle_auteur} ({mois_annee(s.objectif.echeance)})"


def preuves(d: Dossier) -> list[str]:
    """Under the figure: freshness, who set the target and by which act, and the way to the figure's origin."""
    s, e = d.situation, d.etat
    if s is None:
        return []
    age = f", il y a {nombre(s.age)} mois" if s.age else ""
    frais = f"{s.fraicheur.libelle[:1].upper()}{s.fraicheur.libelle[1:]}{age}. " if s.fraicheur else ""
    but = s.objectif
    acte = [lien_externe(but.source_url, but.acte), f"{f' ({but.note})' if but.note else ''}. "] if but else []
    pourquoi = question(s.indicateur.id, e.code)
    autres = [f"{o.libelle_auteur} : {valeur(s.indicateur, o.trajectoire.vc)} en {mois_annee(o.echeance)}, "
              f"{a.statut.libelle}. " for o, a in s.autres]  # fmt: skip
    return [blocs.date_valeur(s.fraicheur, frais), *acte, *autres, pourquoi]


def paragraphe(texte: str) -> Sur:
    """A sentence of the side column."""
    return balise("p", texte, classe="b-texte")


def recit_de(d: Dossier) -> str:
    """What the figures say, in sentences made from them."""
    if d.situation is None:
        return f"{(d.etat.motif or 'Rien de mesuré').capitalize()}."
    return recit(d.situation, d.tendance, d.projection)


def trace(d: Dossier, j: Jugements) -> None:
    """The chart of the indicator shown, or why there is none."""
    s = d.situation
    if s is None or not tracable(s):
        blocs.sous_titre("Trajectoire")
        blocs.vide("Pas assez de valeurs pour tracer une courbe.", "Son producteur doit en publier d'autres.")
        return
    blocs.sous_titre("Trajectoire", f"{s.indicateur.libelle} ({s.indicateur.unite}), {d.nom}")
    notes = jugements.evenements(j, (d.programme.id, s.indicateur.id))
    figure = serie.trajectoire(s, TEINTES[s.statut], anciennes(d), d.vue.arrete, d.projection, notes)
    st.plotly_chart(figure, theme=None, config=blocs.PLOTLY, alt=f"{fiche.bouts(s)} {recit_de(d)}")


def tracable(s: Situation) -> bool:
    """Is there a line to draw: two values, or one beside the path to its target?"""
    return len(s.serie) > 1 or (len(s.serie) == 1 and s.objectif is not None and len(s.objectif.trajectoire.points) > 1)


def anciennes(d: Dossier) -> list[Point]:
    """The targets that later ones replaced."""
    assert d.situation is not None
    cibles = cached.objectifs(d.vue.lecteur, d.vue.version, [d.situation.indicateur.id])
    return objectifs_anciens(cibles, d.etat.code)


def avancement_annuel(d: Dossier) -> list[Point]:
    """Progress at each value, in % of the way: what is put beside the money."""
    s = d.situation
    if s is None or s.objectif is None:
        return []
    but = s.objectif.trajectoire
    depuis = [p for p in s.serie if but.date_vi is None or p[0] >= but.date_vi]
    calcules = [(j, ta_brut(but.vi, v, but.vc, but.sens_voulu)) for j, v in depuis]
    return [(j, t) for j, t in calcules if t is not None]


def lies(d: Dossier) -> Sur:
    """Every other indicator of the programme, with its own statut when it has a target."""
    autres = [i for i in d.programme.tous if i in d.situations and i != (d.situation and d.situation.indicateur.id)]
    lignes = []
    for i in autres:
        s = d.situations[i][d.etat.code]
        a, declare = s.avancement, s.indicateur
        nom = balise("a", declare.libelle_court, href=lien("indicateur", indicateur=i, territoire=d.etat.code))
        va = s.serie[-1] if s.serie else None
        texte = preuve_de(valeur(declare, va[1] if va else None, secret=s.secret), s)
        cible = valeur(declare, s.objectif.trajectoire.vc) if s.objectif else ""
        mot = blocs.statut(s.statut) if s.objectif and a.ta is not None else balise("span", "repère", classe="b-second")
        lignes.append([nom, mot, texte, cible, mois_annee(va[0]) if va else ""])
    if not lignes:
        return balise("p", "Pas d'autre indicateur dans ce programme.", classe="b-note")
    titres = [("Indicateur", False), ("Statut", False), ("Valeur", True), ("Cible", True), ("Valeur de", False)]
    return blocs.table(titres, lignes, "Autres indicateurs du programme", "b-table b-fiches")


def depuis_lundi(d: Dossier) -> str:
    """What was published this week for the indicators of the programme, in one sentence."""
    lundi = d.vue.arrete - timedelta(days=d.vue.arrete.weekday())
    lot = cached.lot_au(d.vue.version, lundi - timedelta(days=1))
    ids = tuple(sorted(d.situations))
    place = (int(d.vue.territoires.loc[d.etat.code, "id"]),)
    if not lot or not ids:
        return "Pas de publication antérieure à cette semaine : rien à comparer."
    maintenant = cached.series(d.vue.lecteur, d.vue.version, ids, place)
    avant = cached.series(replace(d.vue.lecteur, lot=lot), d.vue.version, ids, place)
    changes = _changements(avant, maintenant)
    if not changes:
        return "Rien : aucune valeur publiée ni corrigée cette semaine."
    noms = [en_phrase(cached.app().espace.indicateur(i).libelle_court) + f" ({n})" for i, n in changes.items()]
    return f"Valeurs publiées ou corrigées : {', '.join(noms)}."


def _changements(avant: pd.DataFrame, apres: pd.DataFrame) -> Mapping[str, int]:
    """How many rows differ, by indicator."""
    cle = ["indicateur", "fin", "frequence", "valeur"]
    joint_ = avant[cle].merge(apres[cle], how="outer", indicator=True)
    comptes = joint_[joint_["_merge"] != "both"].drop_duplicates(cle[:3])["indicateur"].value_counts()
    return {str(i): int(n) for i, n in sorted(comptes.items())}


def en_departements(d: Dossier) -> list[Situation]:
    """The same indicator in each département, the farthest from its path first; empty when it stops at the région."""
    s = d.situation
    if s is None or Maille.DEPARTEMENT not in s.indicateur.mailles:
        return []
    prefixe = Maille.DEPARTEMENT.prefixe
    siennes = [x for c, x in d.situations[s.indicateur.id].items() if c.startswith(prefixe) and x.serie]
    return sorted(siennes, key=lambda x: (x.retard_relatif, x.code))
