"""The matter of a bulletin, read from one package and the one before it; the bulletin kept in a package, read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc
from pydantic import ValidationError

from dashboard.domain.bulletin import Bulletin, Constat, EtatLu, Matiere, Point, constate, periode
from dashboard.domain.bulletin_composition import compose
from dashboard.domain.ecarts import SECRET, Cause
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Espace
from dashboard.domain.statut import Statut
from dashboard.domain.territoire import Maille
from dashboard.exports.ecarts_lecture import list_observations, list_tables
from dashboard.exports.paquet import OCTETS_MAX, Paquet, PaquetIllisible

FICHIER = "bulletin.json"
COLONNES = ("territoire", "maille", "debut", "fin", "frequence", "valeur", "statut")


def bulletin_de(dossier: Path, precedent: Path | None) -> Bulletin:
    """The bulletin of a package that holds its data, against the one before it; None: it is the first.

    Raises :class:`PaquetIllisible`, ``EtatInvalide``.
    """
    apres = Paquet.ouvre(dossier)
    return compose(matiere(apres, Paquet.ouvre(precedent) if precedent else None))


def lis_bulletin(dossier: Path) -> Bulletin:
    """The bulletin that a package keeps. Raises :class:`PaquetIllisible`."""
    fichier = dossier / FICHIER
    try:
        if fichier.stat().st_size > OCTETS_MAX:
            raise ValueError("fichier trop grand")
        return Bulletin.model_validate_json(fichier.read_bytes())
    except (OSError, ValueError) as erreur:
        quoi = "fichier absent" if isinstance(erreur, FileNotFoundError) else "fichier illisible"
        raise PaquetIllisible(
            f"Paquet « {dossier.name} », {FICHIER} : {quoi}. Le vérifier : python -m dashboard snapshot verify."
        ) from None


def matiere(apres: Paquet, avant: Paquet | None) -> Matiere:
    """All that the bulletin of ``apres`` is written from."""
    espace = _espace(apres)
    resultats = apres.table("resultats")
    if avant is None:
        constats, tables = _tout_entre(apres), {}
    else:
        constats = {i: constate(i, e, serie(apres, i)) for i, e in list_observations(avant, apres)}
        tables = dict(list_tables(avant, apres))
    suivis = {i for p in espace.programmes for i in p.indicateurs}
    return Matiere(
        espace=espace, semaine=apres.semaine, precedente=avant.semaine if avant else None, audience=apres.audience,
        arrete=apres.arrete, constats=constats, tables=tables,
        places={**(_places(avant) if avant else {}), **_places(apres)},
        etats_avant=_etats(avant.table("etats")) if avant else {}, etats=_etats(apres.table("etats")),
        objectifs=apres.table("objectifs"), perimes=_perimes(resultats, suivis, espace.code_region),
        finales=_finales(apres, suivis) if avant is None else {}, lignes=apres.lignes(),
    )  # fmt: skip


def _espace(paquet: Paquet) -> Espace:
    try:
        return Espace.model_validate(paquet.espace)
    except ValidationError as erreur:
        ou = ".".join(str(x) for x in erreur.errors()[0]["loc"])
        raise PaquetIllisible(
            f"Paquet « {paquet.dossier.name} », espace.json : champ « {ou} » inconnu ou faux. "
            "Il a été fait par une autre version de l'application."
        ) from None


def _tout_entre(paquet: Paquet) -> dict[str, Constat]:
    """A first week: every row enters; their number is enough, it is in the foot of the file."""
    vide = pd.DataFrame(columns=["cause", "maille", "valeur_apres"])
    comptes = {
        i: pd.DataFrame([{"cause": Cause.NOUVELLE.value, "maille": "", "n": paquet.lignes(i)}])
        for i in paquet.indicateurs
    }
    return {i: Constat(i, c, vide, ()) for i, c in comptes.items()}


def _finales(paquet: Paquet, indicateurs: set[str]) -> dict[str, Point]:
    series = {i: serie(paquet, i) for i in sorted(indicateurs) if i in paquet.indicateurs}
    return {i: s[-1] for i, s in series.items() if s}


def serie(paquet: Paquet, indicateur: str) -> tuple[Point, ...]:
    """The values of the région, oldest first; those that hold neither a figure nor a secret are left out."""
    lue = paquet.observations(indicateur, COLONNES)
    ici = lue.filter(pc.equal(lue["maille"].cast("string"), Maille.REGION.value))
    points = [
        Point(periode(x), None if pd.isna(x.valeur) else float(x.valeur), x.statut == SECRET)
        for x in ici.to_pandas().sort_values(["fin", "debut"]).itertuples()
    ]
    return tuple(p for p in points if p.valeur is not None or p.secret)


def _places(paquet: Paquet) -> dict[str, tuple[str, str]]:
    cadre = paquet.table("territoires")
    return {str(c): (str(n), str(m)) for c, n, m in zip(cadre["code"], cadre["nom"], cadre["maille"], strict=True)}


def _etats(cadre: pd.DataFrame) -> dict[str, dict[str, EtatLu]]:
    etats: dict[str, dict[str, EtatLu]] = {}
    for ligne in cadre.to_dict("records"):
        etats.setdefault(str(ligne["programme"]), {})[str(ligne["territoire"])] = _etat(ligne)
    return etats


def _etat(ligne: Mapping[Any, Any]) -> EtatLu:
    try:
        statut, taux, attendu = Statut(ligne["statut"]), _reel(ligne["taux"]), _reel(ligne["attendu"])
    except (KeyError, ValueError):
        raise PaquetIllisible("Table « etats » : statut ou taux illisible. Vérifier le paquet.") from None
    return EtatLu(statut, taux, attendu, str(ligne.get("fraicheur") or ""), str(ligne.get("motif") or ""))


def _reel(texte: Any) -> float | None:
    return None if texte is None or texte == "" or pd.isna(texte) else float(texte)


def _perimes(resultats: pd.DataFrame, suivis: set[str], region: str) -> dict[str, date]:
    """By indicator of a programme, the end of a value of the région that should have been replaced."""
    if resultats.empty:
        return {}
    vieux = resultats[(resultats["territoire"] == region) & (resultats["fraicheur"] == Fraicheur.PERIME.value)]
    paires = zip(vieux["indicateur"], vieux["fin"], strict=True)
    return {str(i): date.fromisoformat(str(f)[:10]) for i, f in paires if i in suivis and f}
