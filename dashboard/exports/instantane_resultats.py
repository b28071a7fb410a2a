"""Where every indicator and every programme stands, as the pages say it: the same rules, at the same date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from dashboard.domain.evaluation import FRAICHEURS, STATUTS, evalue_tous, texte_motif
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.programme import etat_programme
from dashboard.domain.situation import AUTEURS, situe_tous
from dashboard.domain.territoire import Maille
from dashboard.exports.instantane_contexte import Contexte
from dashboard.store import queries
from dashboard.store.moteur import lecture

HAUTES = (Maille.REGION, Maille.DEPARTEMENT)


def resultats(contexte: Contexte) -> list[Mapping[str, Any]]:
    """One row per indicator of a programme or with a target, in each territory where it is published or has one."""
    declares = {i.id: i for i in contexte.indicateurs}
    with lecture(contexte.moteur) as connexion:
        cibles = queries.load_objectifs(connexion, contexte.lecteur, list(declares))
        avec_cible = set(zip(cibles["indicateur"], cibles["code_territoire"], strict=True))
        suivis = {i for p in contexte.programmes for i in p.tous} | {i for i, _ in avec_cible}
        places = contexte.places
        lieux = places[places["maille"].isin(HAUTES) | places["code"].isin({c for _, c in avec_cible})]
        juges = [d for d in contexte.indicateurs if d.id in suivis]
        series = queries.load_series(connexion, contexte.lecteur, [d.id for d in juges], lieux["id"].tolist())
    codes = {int(i): str(c) for i, c in zip(lieux["id"], lieux["code"], strict=True)}
    tout = evalue_tous(juges, codes, series, cibles, contexte.arrete, contexte.espace.seuils)
    periodes = _periodes(series)
    mailles = dict(zip(lieux["code"], lieux["maille"], strict=True))
    lignes = []
    for x in tout.to_dict("records"):
        ici = (x["indicateur"], x["code"]) in avec_cible
        if ici or Maille(mailles[x["code"]]) in declares[x["indicateur"]].mailles:
            programme = contexte.espace.programme_de(x["indicateur"])
            lignes.append(_ligne(x, programme.id if programme else None, periodes))
    return lignes


def _periodes(series: pd.DataFrame) -> dict[tuple[str, int, Any], Periode]:
    """The period that ends on a day, by indicator and territory."""
    colonnes = (series[c] for c in ("indicateur", "territoire_id", "debut", "fin", "frequence"))
    return {(i, t, f): Periode(d, f, Frequence(q)) for i, t, d, f, q in zip(*colonnes, strict=True)}


def _ligne(x: Mapping[Any, Any], programme: str | None, periodes: Mapping[Any, Periode]) -> Mapping[str, Any]:
    fin, initiale, echeance = (_jour(x[c]) for c in ("date_va", "date_vi", "echeance"))
    periode = periodes.get((x["indicateur"], x["territoire_id"], fin))
    motif = "secret statistique" if x["secret"] else texte_motif(int(x["motif"]), initiale, echeance)
    return {
        "programme": programme, "indicateur": x["indicateur"], "territoire": x["code"],
        "auteur": AUTEURS[x["auteur"]] if x["auteur"] >= 0 else None,
        "periode": periode.code if periode else None, "debut": periode.debut if periode else None, "fin": fin,
        "valeur": _reel(x["va"]), "valeur_initiale": _reel(x["vi"]), "date_initiale": initiale,
        "cible": _reel(x["vc"]), "echeance": echeance, "ta_brut": _reel(x["ta_brut"]), "ta": _reel(x["ta"]),
        "ta_attendu": _reel(x["ta_attendu"]), "ecart": _reel(x["ecart"]), "statut": STATUTS[x["statut"]].value,
        "motif": motif or None,
        "fraicheur": FRAICHEURS[x["fraicheur"]].value if x["fraicheur"] >= 0 else None, "secret": bool(x["secret"]),
    }  # fmt: skip


def _jour(valeur: Any) -> Any:
    return None if pd.isna(valeur) else pd.Timestamp(valeur).date()


def _reel(valeur: float) -> float | None:
    return float(valeur) + 0.0 if np.isfinite(valeur) else None


def etats(contexte: Contexte) -> list[Mapping[str, Any]]:
    """Where each programme stands, in the région and in its départements."""
    comptes = sorted({i for p in contexte.programmes for i in p.indicateurs} & set(contexte.visibles))
    hautes = contexte.places[contexte.places["maille"].isin(HAUTES)]
    lieux = {int(i): str(c) for i, c in zip(hautes["id"], hautes["code"], strict=True)}
    with lecture(contexte.moteur) as connexion:
        series = queries.load_series(connexion, contexte.lecteur, comptes, list(lieux))
        cibles = queries.load_objectifs(connexion, contexte.lecteur, comptes)
    seuils, declares = contexte.espace.seuils, [contexte.espace.indicateur(i) for i in comptes]
    jugees = situe_tous(declares, lieux, series, cibles, contexte.arrete, seuils)
    lignes: list[Mapping[str, Any]] = []
    for programme in contexte.programmes:
        for code in lieux.values():
            ici = {i: jugees[i][code] for i in programme.indicateurs if i in jugees}
            e = etat_programme(programme, code, ici, seuils)
            if not e.situations and code != contexte.espace.code_region:
                continue
            frais = e.fraicheur
            lignes.append(
                {
                    "programme": programme.id, "territoire": code, "statut": e.statut.value, "taux": e.taux,
                    "attendu": e.attendu, "motif": e.motif or None, "fraicheur": frais.value if frais else None,
                    "indicateurs": len(e.situations),
                    "mesures": sum(s.avancement.ta is not None for s in e.situations),
                }
            )  # fmt: skip
    return lignes
