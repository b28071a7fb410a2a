"""Feeding a source step by step: choose it, take its template, give a file, then check, publish and undo.

The work is done by a task in its own process; this module starts it, watches it and tells what it gave.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import taches as travail
from dashboard.domain.formatage import compte, liste
from dashboard.domain.modele import Colonne, modele
from dashboard.domain.source import Source
from dashboard.domain.territoire import Maille
from dashboard.exports.gabarit import gabarit_csv, gabarit_xlsx
from dashboard.store.taches import Tache, demande_annulation
from dashboard.views import adresse, blocs, cached, donnees, rapport_vue
from dashboard.views.adresse import Demande
from dashboard.views.filtres import Vue
from dashboard.views.html import affiche, balise, joint

TAILLE_MAXIMALE = 50
TYPES = [s.removeprefix(".") for s in travail.SUFFIXES]


def demande() -> Demande:
    """What the address asks of this page."""
    return adresse.lis({s.id for s in cached.app().sources})


def agis(vue: Vue, voulu: Demande) -> None:
    """Opens the confirmation that a link of the page asked for; nothing is done before its button."""
    if voulu.agir == "tirer" and voulu.source:
        confirme_tirage(voulu.source)
    elif voulu.agir == "annuler" and voulu.lot:
        confirme_annulation(voulu.lot)


# --------------------------------------------------------------------------------------- three steps


def assistant(vue: Vue, voulu: Demande) -> None:
    """The three steps that lead to a check: source, template, file."""
    identifiants = [s.id for s in cached.app().sources]
    actuelle = voulu.source or _source_de(voulu.tache)
    if not identifiants:
        blocs.vide("Aucune source à alimenter.", "Les sources se déclarent dans l'espace, dossier sources.")
        return
    with st.container(border=True):
        premiere, deuxieme, troisieme = st.columns([1, 1, 1.25], gap="large")
        with premiere:
            _etape(1, "Choisir la source")
            choisie = _choisit(identifiants, actuelle)
        declaree = donnees.source(choisie) if choisie else None
        colonnes = _colonnes(vue, declaree) if declaree else []
        with deuxieme:
            _etape(2, "Prendre le modèle")
            _modele(declaree, colonnes)
        with troisieme:
            _etape(3, "Déposer le fichier")
            _depot(declaree, voulu.tache)
        if declaree:
            with st.expander("Ce qui peut être écrit dans chaque colonne"):
                affiche(_aide_colonnes(colonnes))


def _etape(numero: int, titre: str) -> None:
    affiche(balise("h3", balise("span", str(numero), classe="b-pas"), titre, classe="b-h2 b-etape"))


def _choisit(identifiants: list[str], actuelle: str | None) -> str | None:
    choisie = st.selectbox(
        "Source",
        identifiants,
        index=identifiants.index(actuelle) if actuelle else None,
        format_func=donnees.nom_source,
        placeholder="Choisir une source",
        key=f"source:{actuelle}",
        label_visibility="collapsed",
    )
    if choisie != actuelle:
        adresse.va(source=choisie)
    declaree = donnees.source(choisie) if choisie else None
    if declaree is None:
        blocs.note("Chaque source a son modèle, ses contrôles et son rythme.")
        return None
    livre = "remplace la livraison précédente" if declaree.livraison == "complete" else "s'ajoute aux précédentes"
    blocs.note(f"{declaree.description} Une livraison {livre}.".strip())
    if not declaree.a_la_main and st.button("Tirer maintenant", icon=":material/sync:"):
        confirme_tirage(declaree.id)
    return choisie


def _colonnes(vue: Vue, declaree: Source) -> list[Colonne]:
    """The template of a source, its example on the first territory of each level."""
    places = vue.territoires
    premiers = places.sort_index().groupby("maille")["code"].first()
    codes: Mapping[Maille, str] = {Maille(str(m)): str(c) for m, c in premiers.items()}
    espace = cached.app().espace
    siens = [i.id for i in espace.ordonnes if declaree.id in (i.source, i.source_directe)]
    return modele(declaree, siens or [i.id for i in espace.ordonnes], codes)


def _modele(declaree: Source | None, colonnes: list[Colonne]) -> None:
    if declaree is None:
        blocs.note("Le fichier à remplir apparaît ici.")
        return
    with st.container(horizontal=True):
        for forme, fais, mime in (
            ("CSV", gabarit_csv, "text/csv"),
            ("XLSX", gabarit_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ):
            st.download_button(
                f"Modèle {forme}", fais(colonnes), f"modele_{declaree.id}.{forme.lower()}", mime,
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
    requises = [f"«\u00a0{c.nom}\u00a0»" for c in colonnes if c.obligatoire]
    blocs.note(
        f"{compte(len(colonnes), 'colonne', 'colonnes')}, à remplir : ", balise("strong", liste(requises)), ". ",
        "La ligne d'exemple est à remplacer.",
    )  # fmt: skip


def _aide_colonnes(colonnes: list[Colonne]) -> str:
    lignes = [
        [balise("strong", c.nom), "obligatoire" if c.obligatoire else "peut rester vide", c.formes] for c in colonnes
    ]
    return blocs.table(
        [("Colonne", False), ("Cellules", False), ("Ce qui est accepté", False)],
        lignes,
        "Colonnes du modèle",
        "b-table b-fiches",
    )


def _source_de(numero: int | None) -> str | None:
    """The source of a task: another file for it is what comes next."""
    lue = cached.tache(numero) if numero else None
    identifiant = str(lue.parametres.get("source", "")) if lue else ""
    return identifiant if donnees.source(identifiant) else None


def _depot(declaree: Source | None, apres: int | None) -> None:
    recu = st.file_uploader(
        "Fichier à vérifier",
        type=TYPES,
        max_upload_size=TAILLE_MAXIMALE,
        label_visibility="collapsed",
        disabled=declaree is None,
        key=f"fichier:{declaree.id if declaree else ''}:{apres or ''}",
    )
    verifie = st.button(
        "Vérifier ce fichier", type="primary", icon=":material/fact_check:", disabled=recu is None or declaree is None
    )
    if verifie and recu is not None and declaree is not None:
        try:
            fichier = travail.depose(cached.app(), recu.name, recu.getbuffer())
        except travail.FichierRefuse as refus:
            affiche(balise("p", str(refus), classe="b-verdict b-v-retard", role="alert"))
            return
        lance("verification", {"source": declaree.id, **fichier})
    blocs.note("La vérification ne publie rien : elle dit ce qui serait refusé et ce qui changerait.")


# ------------------------------------------------------------------------------------ work under way


def lance(genre: str, parametres: Mapping[str, object]) -> None:
    """Starts a task and shows it."""
    adresse.va(tache=travail.lance(cached.app(), genre, parametres))


def tache(vue: Vue, numero: int) -> None:
    """One task: its progress while it runs, then what it gave."""
    lue = cached.tache(numero)
    if lue is None:
        blocs.vide("Cette tâche n'existe pas ici.", "Les dernières tâches sont listées en bas de page.")
    elif lue.vivante:
        en_cours(numero)
    else:
        _finie(vue, lue)


@st.fragment(run_every=1)
def en_cours(numero: int) -> None:
    """Runs again each second, alone, until the task is over; the page may be left meanwhile."""
    lue = cached.tache(numero)
    if lue is None or not lue.vivante:
        st.rerun()
    with st.container(border=True):
        blocs.sous_titre(_titre(lue))
        st.progress(lue.progression)
        quoi = "Arrêt demandé : à la prochaine étape" if lue.a_annuler else lue.etape
        affiche(balise("p", f"{quoi}…", classe="b-note", role="status"))
        blocs.note("Cette page peut être fermée : le travail continue, et se retrouve dans les dernières tâches.")
        st.button(
            "Arrêter", icon=":material/stop_circle:", disabled=lue.a_annuler, on_click=demande_annulation,
            args=(cached.app().moteur, numero, cached.app().auteur),
        )  # fmt: skip


def _titre(lue: Tache) -> str:
    return f"{donnees.TACHES.get(lue.genre, lue.genre)} : {donnees.objet(lue)}"


def _finie(vue: Vue, lue: Tache) -> None:
    lue = travail.relue(cached.app(), lue)
    with st.container(border=True):
        mot, teinte = donnees.ETATS_TACHE[lue.etat]
        affiche(balise("div", balise("h2", _titre(lue), classe="b-h2"), donnees.pastille(mot, teinte),
                       classe="b-entre"))  # fmt: skip
        rapport_vue.verdict(lue)
        if lue.genre == "verification":
            _publie(lue)
        elif lue.resultat and lue.etat == "terminee" and lue.resultat.get("lot"):
            rapport_vue.suites(vue, lue)
            _annule(vue, int(lue.resultat["lot"]))
        rapport_vue.details(lue)


def _annule(vue: Vue, numero: int) -> None:
    """« Annuler ce lot », or what became of it since."""
    mot, teinte = donnees.etats_lots(cached.lots(vue.version)).get(numero, ("", "nonmesure"))
    if donnees.annulable(mot):
        if st.button("Annuler ce lot", icon=":material/undo:"):
            confirme_annulation(numero)
    elif mot:
        affiche(balise("p", f"Lot {numero} depuis : ", donnees.pastille(mot, teinte), classe="b-note"))


def _publie(lue: Tache) -> None:
    """« Publier », or why not."""
    pret = lue.etat == "terminee" and bool(lue.resultat) and (lue.resultat or {}).get("etat") == "verifie"
    with st.container(horizontal=True, vertical_alignment="center"):
        voulu = st.button("Publier", type="primary", icon=":material/publish:", disabled=not pret)
        affiche(balise("p", _pourquoi(lue, pret=pret), classe="b-note"))
    if voulu:
        lance("publication", dict(lue.parametres))


def _pourquoi(lue: Tache, *, pret: bool) -> str:
    if pret:
        return "Les valeurs seront visibles de tous aussitôt. Un lot publié s'annule."
    if lue.resultat and lue.resultat.get("etat") == "deja_publie":
        return "Rien à publier : ces lignes sont déjà en place."
    if lue.etat == "refusee":
        return "Publication impossible : corriger ce qui est dit ici, puis déposer le fichier corrigé."
    return "Publication impossible : la vérification n'est pas allée à son terme. La relancer."


# ------------------------------------------------------------------------------------- confirmations


@st.dialog("Tirer cette source maintenant ?", icon=":material/sync:")
def confirme_tirage(identifiant: str) -> None:
    """Pulling publishes at once: it asks before."""
    affiche(
        balise("p", balise("strong", donnees.nom_source(identifiant)), " sera lue chez son producteur, contrôlée, puis "
               "publiée si tout est bon. Refusée ou injoignable, elle laisse en place les valeurs d'hier.")
    )  # fmt: skip
    if st.button("Tirer et publier", type="primary"):
        lance("tirage", {"source": identifiant})


@st.dialog("Annuler ce lot ?", icon=":material/undo:")
def confirme_annulation(numero: int) -> None:
    """Undoing publishes at once: it asks before."""
    affiche(
        balise("p", joint("Un nouveau lot rétablira ce que le ", balise("strong", f"lot {numero}"), " avait remplacé. "
                          "Rien n'est effacé, et l'annulation s'annule à son tour."))
    )  # fmt: skip
    if st.button(f"Annuler le lot {numero}", type="primary"):
        lance("annulation", {"lot": numero})
