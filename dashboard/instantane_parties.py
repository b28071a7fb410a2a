"""The parts of a snapshot that are drawn from its data: add a function to ``PARTIES`` and it is in the package.

A part takes the context and the folder being built, in which ``donnees`` is complete, and writes its files there.
What it writes is sealed with the rest; it never changes the content digest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard import portraits
from dashboard.domain.formatage import date_longue
from dashboard.domain.instantane import empreinte_courte
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports.bulletin_partie import ecris_bulletin
from dashboard.exports.code_qr import cachet_instantane
from dashboard.exports.dcat_partie import ecris_catalogue
from dashboard.exports.geopaquet import ecris_geopaquet
from dashboard.exports.instantane_classeur import ecris_classeur
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.instantane_dernieres import dernieres
from dashboard.exports.portrait_lecture import charge
from dashboard.exports.portrait_pdf import Imprimeur
from dashboard.exports.rapport_donnees import rapport
from dashboard.exports.site import ecris_site
from dashboard.store.moteur import lecture

IMPRIMES = (Maille.REGION, Maille.DEPARTEMENT, Maille.EPCI)
EN_PARALLELE = 2


@dataclass(frozen=True)
class Partie:
    """One part: its name for the progress, and what makes it."""

    nom: str
    fais: Callable[[Contexte, Path], None]


def carte(contexte: Contexte, dossier: Path) -> None:
    """``carte.gpkg``: one layer a maille, the last values in columns named by the indicators."""
    couches = {}
    for maille in Maille:
        places, colonnes = dernieres(contexte, maille)
        champs = {c: places[c] for c in places.columns}
        for c in colonnes:
            champs |= {c.declare.id: places["code"].map(c.valeurs)}
            champs |= {f"{c.declare.id}_periode": pd.Series(c.periode.code, index=places.index)}
        contours = portraits.contours_de(contexte.dossier_espace, maille, "complete") or portraits.contours_de(
            contexte.dossier_espace, maille
        )
        couches[maille.value] = (pd.DataFrame(champs).reset_index(drop=True), [contours] if contours else [])
    notice = {
        "Contenu": f"{contexte.espace.nom} : instantané {contexte.semaine}, dernières valeurs par échelle",
        "Arrêté au": date_longue(contexte.arrete),
        "Empreinte du contenu": empreinte_courte(contexte.contenu),
        "Colonnes": "identifiants des indicateurs, décrits dans donnees/indicateurs.csv ; vide : absente ou secrète",
        "Attribution": contexte.espace.attribution,
    }
    ecris_geopaquet(dossier / "carte.gpkg", couches, "code", notice)


def imprimes(contexte: Contexte, dossier: Path) -> None:
    """``rapport.pdf`` and ``portraits/``: the data are made here while two threads print."""
    places = contexte.places
    codes = sorted(places.loc[places["maille"].isin(IMPRIMES), "code"], key=lambda c: (maille_de(c).rang, c))
    contours = portraits.contours_utiles(contexte.dossier_espace, codes)
    with lecture(contexte.moteur) as connexion:
        commun = charge(connexion, contexte.lecteur, contexte.espace, contexte.arrete, contours)
    (dossier / "portraits").mkdir()
    cachet = cachet_instantane(str(contexte.semaine), contexte.audience, contexte.contenu)
    (dossier / "rapport.pdf").write_bytes(Imprimeur("rapport.typ").pdf(rapport(contexte, commun), cachet))
    imprimeurs = [Imprimeur() for _ in range(EN_PARALLELE)]

    def imprime(rang: int, code: str, donnees: Mapping[str, Any]) -> None:
        fichier = dossier / "portraits" / f"{code}.pdf"
        fichier.write_bytes(imprimeurs[rang].pdf(donnees, cachet))

    # One worker a printer: a printer keeps its fonts and is not shared.
    equipes = [ThreadPoolExecutor(1) for _ in imprimeurs]
    try:
        attentes = []
        for n, (code, donnees) in enumerate(portraits.donnees_depuis(contexte.moteur, commun, codes)):
            rang = n % EN_PARALLELE
            attentes.append(equipes[rang].submit(imprime, rang, code, donnees))
            if n >= 4 * EN_PARALLELE:
                attentes[n - 4 * EN_PARALLELE].result()
            contexte.progres("portraits", n / len(codes))
        for attente in attentes:
            attente.result()
    finally:
        for equipe in equipes:
            equipe.shutdown(wait=True, cancel_futures=True)


def site(contexte: Contexte, dossier: Path) -> None:
    """``site/``: the same, to read in a browser without a server."""
    contours = {m: c for m in Maille if (c := portraits.contours_de(contexte.dossier_espace, m)) is not None}
    ecris_site(contexte, contours, dossier, postaux(contexte))


def postaux(contexte: Contexte) -> dict[str, list[str]]:
    """Postcodes by code of commune, none when the espace gives none."""
    chemin = contexte.dossier_espace / "reference" / "codes_postaux.csv"
    if not chemin.is_file():
        return {}
    lus = pd.read_csv(chemin, dtype=str).sort_values(["code", "code_postal"])
    return {str(c): list(g) for c, g in lus.groupby("code")["code_postal"]}


PARTIES: tuple[Partie, ...] = (
    Partie("classeur", ecris_classeur),
    Partie("carte", carte),
    Partie("bulletin", ecris_bulletin),
    Partie("catalogue et lignage", ecris_catalogue),
    Partie("rapport et portraits", imprimes),
    Partie("site", site),
)
