"""The page Instantanés: every published week, its seal, its file; verified and compared where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import streamlit as st

from dashboard import instantanes
from dashboard.domain.bulletin import Bulletin
from dashboard.domain.ecarts import EtatInvalide
from dashboard.domain.formatage import compte, date_heure, nombre
from dashboard.domain.instantane import PUBLIE, RETIRE, empreinte_courte
from dashboard.domain.lecteur import audiences
from dashboard.exports import verifie as verificateur
from dashboard.exports.bulletin_lecture import bulletin_de
from dashboard.exports.ecarts_lecture import list_observations, list_tables
from dashboard.exports.ecarts_lignes import COLONNES, en_csv, lignes
from dashboard.exports.paquet import Paquet, PaquetIllisible
from dashboard.exports.verifie import Dommage
from dashboard.instantanes import Etat
from dashboard.retenues import retenue
from dashboard.views import blocs, bulletin, cached, donnees, filtres, selecteurs
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, affiche, balise, joint

FIL = "Chaque lundi, tout ce qui est su est exporté, scellé, et ne change plus"
AUDIENCES = {"public": "Public", "interne": "Interne"}
MOTS = {PUBLIE: ("publié", "trajectoire"), RETIRE: ("retiré", "echu"), "non_produite": ("non produite", "nonmesure")}
PREMIERES, LIGNES_CSV = 8, 200_000
"""Sentences of a cause that are shown, and rows that are given as a file: beyond, the command line."""


@dataclass(frozen=True)
class Lus:
    """The weeks of one audience, newest first, and where they are."""

    audience: str
    etats: Sequence[Etat]
    dossier: Path

    @property
    def publies(self) -> list[Etat]:
        """Those that can be read."""
        return [e for e in self.etats if e.etat == PUBLIE]


def lis() -> Lus | None:
    """The packages this reader may have; None when there is none or they cannot be listed, which is told."""
    app = cached.app()
    audience = _audience(audiences(app.lecteur))
    try:
        ou = instantanes.dossier(app.reglages, audience)
        lus = Lus(audience, [_servi(e, ou, audience) for e in instantanes.liste(app, audience)], ou)
    except ValueError as erreur:
        st.error(str(erreur), icon=":material/error:")
        return None
    if not lus.etats:
        blocs.vide(
            "Aucun instantané n'a encore été publié.",
            "Un agent lance « make snapshot » ; ensuite, chaque lundi à 5 h, il se fait seul.",
        )
        return None
    return lus


def _servi(e: Etat, ou: Path, audience: str) -> Etat:
    """A week that is no longer served is told as withdrawn, without saying why."""
    retiree = e.etat == PUBLIE and retenue(cached.app(), audience, ou / str(e.semaine))
    return replace(e, etat=RETIRE, taille=0) if retiree else e


def _encore_servis(lus: Lus) -> Lus:
    """The same weeks as they are now: a fragment runs again long after its page was read."""
    return replace(lus, etats=[_servi(e, lus.dossier, lus.audience) for e in lus.etats])


def _audience(permises: Sequence[str]) -> str:
    if len(permises) < 2:
        return "public"
    return filtres.selecteur_mode("audience", {a: AUDIENCES[a] for a in permises}, "Instantanés")


def phrase(lus: Lus) -> list[tuple[str, bool]]:
    """How many weeks are published, the last one, and those that were not made."""
    n = len(lus.publies)
    morceaux = [(compte(n, "instantané publié", "instantanés publiés"), True)]
    if lus.publies:
        dernier = lus.publies[0]
        morceaux += [(" ; le dernier, ", False), (str(dernier.semaine), True), (f", le {_quand(dernier)}", False)]
    manquent = sum(e.etat == "non_produite" for e in lus.etats)
    suite = f" ; {compte(manquent, 'semaine non produite', 'semaines non produites')}" if manquent else ""
    return [*morceaux, (f"{suite}.", False)]


def _quand(e: Etat) -> str:
    return date_heure(datetime.fromisoformat(e.quand)) if e.quand else ""


def liste(lus: Lus) -> None:
    """Every week since the first, with its seal; a link to its file, and to the application as of it."""
    titres = ("Semaine", "État", "Publié", "Taille", "Empreinte du contenu", "Sceau", "")
    colonnes = [(t, t == "Taille") for t in titres]
    affiche(blocs.table(colonnes, [_ligne(lus, e) for e in lus.etats], "Instantanés publiés", "b-table b-fiches"))


def _ligne(lus: Lus, e: Etat) -> list[Sur]:
    mot, teinte = MOTS[e.etat]
    etat = joint(donnees.pastille(mot, teinte), balise("span", f" {e.motif}", classe="b-second") if e.motif else "")
    taille = f"{nombre(e.taille / 1e6, 1)} Mo" if e.taille else ""
    return [
        balise("strong", str(e.semaine)), etat, joint(_quand(e)), joint(taille), _code(e.contenu), _code(e.sceau),
        _liens(lus, e) if e.etat == PUBLIE else joint(""),
    ]  # fmt: skip


def _code(longue: str) -> Sur:
    """The short fingerprint; the whole one is read by hovering, and copied from SEAL.json."""
    return balise("code", empreinte_courte(longue), title=longue) if longue else joint("")


def _liens(lus: Lus, e: Etat) -> Sur:
    voir = balise("a", "Revoir l'application", classe="b-lien", href=lien("", semaine=str(e.semaine), arrete=None))
    adresse = f"instantanes/{lus.audience}/{e.semaine}.zip"
    fichier = balise("a", "Télécharger", classe="b-lien", href=adresse, download="")
    return balise("span", fichier, " · ", voir)


# ---------------------------------------------------------------------------------------- verification


@st.fragment
def verifie(lus: Lus) -> None:
    """One week, or all of them with the chain, read again byte by byte."""
    lus = _encore_servis(lus)
    noms = {"": "Tous, et la chaîne", **{str(e.semaine): str(e.semaine) for e in lus.publies}}
    voulu = selecteurs.un("verifier", noms, "Instantané")
    if not st.button("Vérifier", icon=":material/verified:", type="primary"):
        return
    dommages = _verifie_en_montrant(lus.dossier / voulu)
    quoi = voulu or compte(len(lus.publies), "instantané", "instantanés")
    if not dommages:
        st.success(f"{quoi} : aucun octet n'a changé.", icon=":material/verified:")
        return
    n = len(dommages)
    st.error(f"{quoi} : {compte(n, 'défaut', 'défauts')}. Restaurer une copie, et prévenir l'exploitant.",
             icon=":material/gpp_bad:")  # fmt: skip
    affiche(balise("ul", *(balise("li", d.message) for d in dommages[:20]), classe="b-puces-simples"))


def _verifie_en_montrant(chemin: Path) -> list[Dommage]:
    """Files are read by other threads, which may not draw: this one shows how far they are."""
    barre, avancee = st.progress(0.0, "Lecture…"), [(0, 1)]
    with ThreadPoolExecutor(1) as equipe:
        verification = equipe.submit(verificateur.verifie, str(chemin), lambda lu, total: avancee.append((lu, total)))
        while not verification.done():
            lu, total = avancee[-1]
            barre.progress(lu / max(total, 1), f"{lu / 1e6:.0f} Mo lus sur {total / 1e6:.0f}")
            wait([verification], timeout=0.2)
    barre.empty()
    return verification.result()


# ---------------------------------------------------------------------------------------- comparison


@st.fragment
def compare(lus: Lus) -> None:
    """The differences of two weeks: the last two unless the address says otherwise."""
    lus = _encore_servis(lus)
    noms = [str(e.semaine) for e in lus.publies]
    if len(noms) < 2:
        blocs.vide("Une seule semaine publiée : rien à comparer encore.", "La prochaine se fait lundi à 5 h.")
        return
    gauche, droite = st.columns(2)
    with gauche:
        avant = selecteurs.un("avant", {n: n for n in [noms[1], noms[0], *noms[2:]]}, "De")
    with droite:
        apres = selecteurs.un("apres", {n: n for n in noms}, "À")
    if avant == apres:
        blocs.note("Deux fois la même semaine : en choisir une autre.")
        return
    sceaux = {str(e.semaine): e.sceau for e in lus.publies}
    try:
        with st.spinner("Comparaison…"):
            trouve = _differences(str(lus.dossier), avant, apres, (sceaux[avant], sceaux[apres]))
    except (PaquetIllisible, EtatInvalide) as erreur:
        st.error(str(erreur), icon=":material/error:")
        return
    blocs.note(trouve.texte)
    bulletin.phrases(trouve, maximum=PREMIERES)
    total = sum(trouve.comptes.values())
    if 0 < total <= LIGNES_CSV:
        st.download_button(
            f"Toutes les lignes ({nombre(total)}, CSV)", lambda: _csv(lus.dossier, avant, apres),
            f"differences-{avant}-{apres}.csv", "text/csv", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    elif total:
        blocs.note(f"{nombre(total)} lignes : python -m dashboard snapshot diff {avant} {apres} --format csv")


@st.cache_data(max_entries=16, show_spinner=False)
def _differences(dossier: str, avant: str, apres: str, sceaux: tuple[str, str]) -> Bulletin:
    """Said as a bulletin says it. Sealed packages never change: the seals are part of the key."""
    return bulletin_de(Path(dossier) / apres, Path(dossier) / avant)


def _csv(dossier: Path, avant: str, apres: str) -> bytes:
    """Every row that differs, as ``snapshot diff --format csv`` gives it."""
    a, b, texte = Paquet.ouvre(dossier / avant), Paquet.ouvre(dossier / apres), io.StringIO()
    ecrit = csv.writer(texte, lineterminator="\n")
    ecrit.writerow(COLONNES)
    for source, observations in ((list_tables, False), (list_observations, True)):
        for nom, ecarts in source(a, b):
            ecrit.writerows(en_csv(x) for x in lignes("observations" if observations else nom, ecarts))
    return texte.getvalue().encode("utf-8-sig")


# ---------------------------------------------------------------------------------------- the seal


def explique(lus: Lus) -> None:
    """What a seal proves, what it does not, and how to check without us."""
    dernier = f" La dernière : {empreinte_courte(lus.publies[0].contenu)}." if lus.publies else ""
    points = [
        "Chaque fichier a son empreinte SHA-256 ; le sceau porte l'empreinte de toutes, et le sceau précédent : "
        "changer un octet d'une semaine passée casse la suite.",
        "Qui tient le dossier pourrait refaire toute la chaîne. C'est pourquoi l'empreinte est aussi imprimée sur "
        f"chaque PDF et envoyée avec le bulletin : la comparer à celle d'ici.{dernier}",
        "Vérifier sans Boussole : dézipper le fichier téléchargé, puis « python verifie.py » dans son dossier. "
        "Aucune installation, aucun réseau.",
        "Le site de la semaine se lit sans serveur : ouvrir site/index.html du fichier téléchargé.",
    ]
    affiche(balise("ul", *(balise("li", p) for p in points), classe="b-puces-simples"))
