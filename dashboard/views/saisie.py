"""The Saisie page: for one programme, what was said and what may be added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import streamlit as st

from dashboard.domain.apports import Apport, Genre
from dashboard.domain.brouillon import UNIQUES, SaisieRefusee, prepare
from dashboard.domain.formatage import pourcentage
from dashboard.domain.indicateur import Acces, Indicateur, Programme
from dashboard.domain.programme import EtatProgramme
from dashboard.store.apports import VersionDepassee, ecris
from dashboard.store.moteur import MagasinIndisponible
from dashboard.views import apports_vue, blocs, cached, filtres, saisie_formulaires
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, affiche, balise
from dashboard.views.mes_taches import genre_url
from dashboard.views.saisie_formulaires import Saisie

CLES = ("programme", "genre", "fil", "depuis", "publie")
"""What the address of this page holds. ``depuis``: the version the form starts from, kept while one types."""
GENRES = {
    Genre.SYNTHESE: "Synthèse", Genre.INTENTION: "Intention", Genre.DECISION: "Décision",
    Genre.EVENEMENT: "Événement", Genre.COMMENTAIRE: "Commentaire", Genre.PROPOSITION: "Valeur contestée",
}  # fmt: skip
VERBES = {Genre.DECISION: "Modifier", Genre.EVENEMENT: "Corriger", Genre.COMMENTAIRE: "Corriger",
          Genre.PROPOSITION: "Répondre"}  # fmt: skip


@dataclass(frozen=True)
class Chantier:
    """What is being written. ``devant``: the latest version of it, None for a new one. ``base``: the version the form
    starts from; another than ``devant`` when someone wrote meanwhile. ``cle``: what names the form."""

    programme: Programme
    code: str
    genre: Genre
    devant: Apport | None
    base: Apport | None
    cle: str

    @property
    def depasse(self) -> bool:
        """Did someone write since the form was opened?"""
        return self.devant is not None and (self.base is None or self.base.version != self.devant.version)


def choix_programme() -> Programme | None:
    """The programme of the address, or the one that is chosen here."""
    declares = {p.id: p for p in cached.app().espace.programmes}
    actuel = filtres.choix("programme", list(declares), "", "programme") or None
    choisi = st.selectbox(
        "Programme",
        list(declares),
        list(declares).index(actuel) if actuel else None,
        lambda i: declares[i].nom,
        placeholder="Choisir le programme sur lequel écrire",
        key=f"saisie:programme:{actuel}",
    )
    if choisi != actuel:
        va(programme=choisi)
    return declares[actuel] if actuel else None


def va(**valeurs: str | None) -> NoReturn:
    """Writes what the page must show now in its address, and runs it again."""
    for cle in CLES:
        if valeurs.get(cle) is None:
            st.query_params.pop(cle, None)
        else:
            st.query_params[cle] = str(valeurs[cle])
    st.rerun()
    raise AssertionError  # st.rerun never comes back


def contributions(vue: Vue, programme: Programme) -> list[Apport]:
    """What was said of a programme and of its indicators in the territory in view."""
    lus = apports_vue.apports(vue, [programme.id, *programme.tous])
    return [a for a in lus if a.code == vue.code_programmes]


def calcul(juges: Sequence[EtatProgramme], programme: Programme) -> str:
    """« Statut calculé : en retard, 30 % du chemin pour 44 % attendus. »: what a judgement is read against."""
    etat = next(e for e in juges if e.programme.id == programme.id)
    chemin = f", {pourcentage(etat.taux, 0)} du chemin" if etat.taux is not None else ""
    attendu = f" pour {pourcentage(etat.attendu, 0)} attendus" if chemin and etat.attendu is not None else ""
    return f"Statut calculé : {etat.statut.libelle}{chemin}{attendu}."


def choix_genre() -> Genre:
    """The kind to write, in the address as ``genre``."""
    return Genre(filtres.selecteur_mode("genre", {g.value: mots for g, mots in GENRES.items()}, "Genre"))


def chantier(vue: Vue, programme: Programme, genre: Genre, lus: Sequence[Apport]) -> Chantier:
    """What the address asks to write: a new contribution, or what follows one."""
    siens = [a for a in lus if a.genre is genre]
    fil = st.query_params.get("fil", "")
    devant = next((a for a in siens if genre in UNIQUES or str(a.fil) == fil), None)
    if fil and not any(str(a.fil) == fil for a in lus):
        del st.query_params["fil"]
        st.warning("L'adresse demande une contribution qui n'existe pas ici ; en voici une nouvelle.")
    cible = f"{vue.code_programmes}.{genre.value}.{devant.fil if devant and genre not in UNIQUES else ''}"
    depart = _depart(cible, devant) if devant or genre in UNIQUES else 0
    base = devant
    if devant is not None and depart != devant.version:
        base = next((v for v in apports_vue.versions(vue, devant.fil) if v.version == depart), None)
    cle = f"saisie:{programme.id}:{cible}:{depart}:{st.query_params.get('publie', '')}"
    return Chantier(programme, vue.code_programmes, genre, devant, base, cle)


def _depart(cible: str, devant: Apport | None) -> int:
    """The version the form was opened on: written in the address at once, it outlives what others publish."""
    derniere = devant.version if devant else 0
    avant, _, numero = st.query_params.get("depuis", "").rpartition(".")
    if avant == cible and numero.isascii() and numero.isdigit() and len(numero) < 7 and int(numero) <= derniere:
        return int(numero)
    st.query_params["depuis"] = f"{cible}.{derniere}"
    return derniere


def declares_de(vue: Vue, c: Chantier) -> dict[str, Indicateur]:
    """Indicators a value may be contested of: those of the programme, or the one of the contribution that is edited."""
    if c.genre is not Genre.PROPOSITION:
        return {}
    visibles = set(cached.visibles(vue.lecteur, vue.version))
    ids = [c.devant.sujet] if c.devant else [i for i in c.programme.tous if i in visibles]
    return {i: cached.app().espace.indicateur(i) for i in ids}


NOUVEAUX = {
    Genre.SYNTHESE: "Écrire la synthèse", Genre.INTENTION: "Écrire l'intention", Genre.DECISION: "Nouvelle décision",
    Genre.EVENEMENT: "Nouvel événement", Genre.COMMENTAIRE: "Nouveau commentaire",
    Genre.PROPOSITION: "Contester une valeur",
}  # fmt: skip
SUITES = {
    Genre.SYNTHESE: "Nouvelle version de la synthèse", Genre.INTENTION: "Nouvelle version de l'intention",
    Genre.DECISION: "Modifier cette décision", Genre.EVENEMENT: "Corriger cet événement",
    Genre.COMMENTAIRE: "Corriger ce commentaire", Genre.PROPOSITION: "Répondre à cette valeur",
}  # fmt: skip


def titre(c: Chantier) -> None:
    """What the form writes, and how to leave a contribution for a new one."""
    if c.devant is None:
        blocs.sous_titre(NOUVEAUX[c.genre], saisie_formulaires.AIDES[c.genre])
        return
    blocs.sous_titre(SUITES[c.genre], saisie_formulaires.AIDES[c.genre])
    if c.genre not in UNIQUES:
        ailleurs = lien("saisie", programme=c.programme.id, genre=c.genre.value)
        blocs.note(balise("a", NOUVEAUX[c.genre], href=ailleurs, classe="b-lien"))


def ecrit(vue: Vue, c: Chantier) -> None:
    """The form; what was published meanwhile above it; what is refused in one sentence. Nothing typed is lost."""
    alerte = st.container()
    declares = declares_de(vue, c)
    if c.genre is Genre.PROPOSITION and not declares:
        blocs.vide("Ce programme n'a aucun indicateur.", "Il se déclare dans l'espace, fichier politiques.yml.")
        return
    version = c.devant.version if c.devant else 0
    bouton = f"Publier à la suite de la version {version}" if c.depasse else "Publier"
    saisie = saisie_formulaires.formulaire(c.genre, c.cle, _base(c), declares, (bouton, f"{c.cle}:publier:{version}"))
    with alerte:
        if c.depasse and c.devant:
            depasse(c.devant, saisie)
        if saisie.envoyee:
            publie(c, saisie)


def _base(c: Chantier) -> Mapping[str, Any]:
    """The fields the form starts from."""
    champs = dict(c.base.contenu) if c.base else {}
    if "valeur" in champs:
        champs["valeur"] = f"{champs['valeur']:.10g}".replace(".", ",")
    return champs


def depasse(devant: Apport, saisie: Saisie) -> None:
    """Two texts side by side and what can be done."""
    affiche(balise("p", str(VersionDepassee(devant)), classe="b-verdict b-v-surveiller", role="alert"))
    gauche, droite = st.columns(2, gap="medium")
    with gauche:
        blocs.sous_titre(f"Version {devant.version}, publiée")
        affiche(apports_vue.champs(dict(devant.contenu)), apports_vue.signature(devant))
        if st.button("Repartir de cette version", icon=":material/undo:"):
            va(**{c: st.query_params.get(c) for c in CLES if c != "depuis"})
    with droite:
        blocs.sous_titre("Cette saisie, non publiée")
        affiche(apports_vue.champs(saisie.champs))
        blocs.note("Elle est toujours dans le formulaire : la compléter, puis la publier à la suite.")


def publie(c: Chantier, saisie: Saisie) -> None:
    """Writes what was typed, then shows it published; a refusal is one sentence."""
    sujet = saisie.indicateur or (c.devant.sujet if c.devant else c.programme.id)
    try:
        brouillon = prepare(c.genre, sujet, c.code, saisie.champs, saisie.signature)
        if c.devant:
            brouillon = replace(brouillon, acces=c.devant.acces)
        fil, version = (c.devant.fil, c.devant.version) if c.devant else (None, 0)
        app = cached.app()
        ecrite = ecris(app.moteur, app.auteur, brouillon, fil=fil, attendue=version)
    except (SaisieRefusee, MagasinIndisponible) as refus:
        affiche(balise("p", str(refus), classe="b-verdict b-v-retard", role="alert"))
    except VersionDepassee:
        st.rerun()
    else:
        va(programme=c.programme.id, genre=genre_url(c.genre), publie=str(ecrite.fil))


def confirmation(lus: Sequence[Apport], programme: Programme, genre: Genre) -> None:
    """What was just published, who reads it, and where it shows."""
    numero = st.query_params.get("publie")
    ecrite = next((a for a in lus if str(a.fil) == numero and a.genre is genre), None)
    if ecrite is None:
        return
    qui = "lisible par tous dès maintenant" if ecrite.acces is Acces.OUVERT else "lisible par les agents seulement"
    lieu = balise("a", "Voir le programme", href=vers_programme(programme), classe="b-lien")
    affiche(
        balise("p", f"{GENRES[genre]} : version {ecrite.version} publiée, {qui}. ", lieu,
               classe="b-verdict b-v-trajectoire", role="status")
    )  # fmt: skip


def vers_programme(programme: Programme) -> str:
    """Where a programme is read."""
    return lien("programme", programme=programme.id)


def deja_dit(vue: Vue, programme: Programme, genre: Genre, lus: Sequence[Apport]) -> None:
    """The contributions of this kind, as everyone reads them, with what an agent may do."""
    siens = [a for a in lus if a.genre is genre]

    def action(apport: Apport) -> Sur:
        adresse = lien("saisie", programme=programme.id, genre=genre.value, fil=str(apport.fil))
        return balise("a", VERBES[genre], href=adresse, classe="b-lien")

    if genre in UNIQUES:
        _unique(genre, siens)
    elif genre is Genre.DECISION:
        affiche(apports_vue.decisions(siens, vue.arrete, action))
    elif genre is Genre.EVENEMENT:
        affiche(apports_vue.evenements(siens, action))
    elif genre is Genre.COMMENTAIRE:
        affiche(apports_vue.commentaires(siens, action))
    else:
        declares = {i.id: i for i in cached.app().espace.indicateurs}
        affiche(apports_vue.propositions(siens, declares, action))


def _unique(genre: Genre, siens: Sequence[Apport]) -> None:
    """The one judgement or intention in force."""
    if not siens:
        blocs.note("Rien n'a encore été écrit ici.")
    else:
        affiche(apports_vue.synthese(siens[0]) if genre is Genre.SYNTHESE else apports_vue.intention(siens[0]))


def passe(vue: Vue, c: Chantier) -> None:
    """Earlier versions of what is being written: nothing is ever overwritten."""
    anciennes = apports_vue.versions(vue, c.devant.fil)[1:] if c.devant else []
    if anciennes:
        blocs.sous_titre("Versions précédentes")
        affiche(apports_vue.historique(anciennes))
