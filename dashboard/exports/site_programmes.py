"""One page a programme: how far, on what path, to which targets, where it is late, what people said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from typing import Any

from dashboard.domain.apports import Apport, Decision, EtatDecision, Synthese, contredit
from dashboard.domain.brouillon import LIBELLES
from dashboard.domain.formatage import date_courte, date_heure, date_longue, mois_annee, nombre, pourcentage, signe
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.phrases import TEINTES, detail_situation, effort, valeur
from dashboard.domain.phrases_programmes import FRAICHEURS, recit
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import Situation, objectifs_anciens
from dashboard.domain.statut import Statut
from dashboard.domain.tendance import tendance
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Lecture
from dashboard.exports.site_accueil import programme_en_ligne
from dashboard.exports.site_lecture import Matiere
from dashboard.exports.site_rendu import Page
from dashboard.figures.petites import etendue, mini_trajectoire
from dashboard.figures.trajectoire import ETROITE, LARGE, trajectoire

GENRES = {
    "synthese": "Synthèse", "commentaire": "Commentaire", "intention": "Objectifs", "decision": "Décision",
    "evenement": "Événement", "proposition": "Valeur contestée",
}  # fmt: skip
SORTS = {EtatDecision.OUVERTE: "à prendre", EtatDecision.PRISE: "prise", EtatDecision.ABANDONNEE: "abandonnée"}


def pages(m: Matiere) -> Iterator[Page]:
    """``programmes/<id>.html``."""
    for e in m.etats:
        p = e.programme
        yield Page(f"programmes/{p.id}.html", "programme.html", p.nom, "politiques", _programme(m, e))


def _programme(m: Matiere, e: EtatProgramme) -> dict[str, Any]:
    p, s = e.programme, e.principal
    synthese = m.synthese(p.id)
    return {
        "p": programme_en_ligne(e),
        "politique": m.contexte.espace.politique(p.politique).nom,
        "cadre": p.cadre,
        "direction": p.direction or "",
        "grand": nombre(e.taux, 1 if abs(e.taux) < 10 else 0) if e.taux is not None else "",
        "motif": f"{e.motif[:1].upper()}{e.motif[1:]}." if e.motif else "",
        "chemin": _chemin(e),
        "indicateurs": [_indicateur(m, x) for x in _principal_d_abord(e)],
        "graphe": graphe(m, s) if s else None,
        "recit": _recit(s) if s else "",
        "lies": [_lie(m, i) for i in p.tous if i in m.situations and i not in {x.indicateur.id for x in e.situations}],
        "departements": _departements(m, e),
        "vignettes": _vignettes(m, s) if s else [],
        "apports": [_apport(m, a) for i in (p.id, *p.tous) for a in m.apports.get(i, ())],
        "ecart_meteo": synthese is not None and contredit(synthese[1].meteo, e.statut.value),
    }


def _principal_d_abord(e: EtatProgramme) -> list[Situation]:
    return sorted(e.situations, key=lambda s: s is not e.principal)


def _chemin(e: EtatProgramme) -> str:
    """« du chemin vers la cible, 25 % attendus en décembre 2023 »."""
    if e.taux is None:
        return ""
    seul, jours = len(e.situations) == 1, {s.avancement.date_va for s in e.situations if s.avancement.date_va}
    quand = f"en {mois_annee(next(iter(jours)), court=False)}" if len(jours) == 1 else "à la date de chaque valeur"
    attendu = f", {pourcentage(e.attendu, 0)} attendus" if e.attendu is not None else ""
    return f"{'du' if seul else 'en moyenne du'} chemin vers {'la cible' if seul else 'les cibles'}{attendu} {quand}"


def _recit(s: Situation) -> str:
    return recit(s, tendance(s.serie, Lecture(s.indicateur.lecture)), None)


def _indicateur(m: Matiere, s: Situation) -> dict[str, Any]:
    """A counted indicator with the facts that make its figure, and each of its targets with its act."""
    a, declare = s.avancement, s.indicateur
    frais = f"{FRAICHEURS[s.fraicheur][0]}{f', il y a {nombre(s.age)} mois' if s.age else ''}" if s.fraicheur else ""
    return {
        "id": declare.id,
        "nom": declare.libelle,
        "statut": _statut(s.statut),
        "teinte": TEINTES[s.statut],
        "faits": _faits(s),
        "fraicheur": frais,
        "perime": s.fraicheur is Fraicheur.PERIME,
        "taux": f"{pourcentage(a.ta_brut, 0)} du chemin" if a.ta_brut is not None else "",
        "cibles": [_cible(s, o) for o in ([s.objectif] if s.objectif else []) + [o for o, _ in s.autres]],
        "source": m.sigles[declare.producteur],
    }


def _statut(s: Statut) -> str:
    return s.libelle[:1].upper() + s.libelle[1:]


def _faits(s: Situation) -> list[tuple[str, str]]:
    a, declare, faits = s.avancement, s.indicateur, []
    if a.va is not None and a.date_va:
        faits.append((f"Dernière valeur ({mois_annee(a.date_va)})", valeur(declare, a.va)))
    elif s.secret:
        faits.append(("Dernière valeur", "secret statistique"))
    if s.objectif:
        but = s.objectif.trajectoire
        if but.vi is not None and but.date_vi:
            faits.append((f"Valeur initiale ({mois_annee(but.date_vi)})", valeur(declare, but.vi)))
        faits.append((f"{s.objectif.libelle_auteur} ({mois_annee(s.objectif.echeance)})", valeur(declare, but.vc)))
        if a.ecart is not None:
            faits.append(("Écart à la trajectoire", signe(a.ecart, 0, "pt")))
    if effort(s) and s.statut not in (Statut.ATTEINT, Statut.ECHU_NON_ATTEINT):
        faits.append(("Reste à faire", effort(s).removeprefix("il faut ").removeprefix("il manque ")))
    return faits


def _cible(s: Situation, o: Any) -> dict[str, str]:
    url = o.source_url if o.source_url and o.source_url.startswith(("https://", "http://")) else ""
    quoi = f"{o.libelle_auteur} : {valeur(s.indicateur, o.trajectoire.vc)} au {date_longue(o.echeance)}"
    return {"quoi": quoi, "acte": o.acte, "url": url, "note": o.note or ""}


def graphe(m: Matiere, s: Situation) -> dict[str, Any] | None:
    """The chart at two widths, in words, and as a table; None when there is no line to draw."""
    but = s.objectif.trajectoire.points if s.objectif else ()
    if len(s.serie) < 2 and not (s.serie and len(but) > 1):
        return None
    vieilles = objectifs_anciens(m.cibles[m.cibles["indicateur"] == s.indicateur.id], s.code)
    teinte, arrete = TEINTES[s.statut], m.contexte.arrete
    return {
        "nom": s.indicateur.libelle,
        "unite": s.indicateur.unite,
        "lieu": m.noms[s.code],
        "large": trajectoire(s, teinte, arrete, vieilles, LARGE),
        "etroite": trajectoire(s, teinte, arrete, vieilles, ETROITE),
        "alt": detail_situation(s),
        "observees": [(date_courte(j), valeur(s.indicateur, v)) for j, v in reversed(s.serie)],
        "attendues": [(date_courte(j), valeur(s.indicateur, v)) for j, v in but],
    }


def _lie(m: Matiere, indicateur: str) -> dict[str, str]:
    s = m.situations[indicateur][m.region]
    va = s.serie[-1] if s.serie else None
    return {
        "id": indicateur,
        "nom": s.indicateur.libelle_court,
        "valeur": valeur(s.indicateur, va[1] if va else None, secret=s.secret),
        "date": mois_annee(va[0]) if va else "",
        "cible": valeur(s.indicateur, s.objectif.trajectoire.vc) if s.objectif else "",
        "statut": _statut(s.statut) if s.objectif and s.avancement.ta is not None else "",
        "teinte": TEINTES[s.statut],
    }


def _departements(m: Matiere, e: EtatProgramme) -> list[dict[str, Any]]:
    """The programme in each département, and its headline indicator there."""
    lignes = []
    for d in m.departements(e.programme.id):
        s = next((x for x in d.situations if e.principal and x.indicateur.id == e.principal.indicateur.id), None)
        va = s.avancement.va if s else None
        cible = s.objectif.trajectoire.vc if s and s.objectif else None
        lignes.append(
            {**programme_en_ligne(d), "code": d.code, "lieu": m.noms[d.code],
             "valeur": valeur(s.indicateur, va, secret=s.secret) if s else "n.d.",
             "cible": valeur(s.indicateur, cible) if s and cible is not None else ""}
        )  # fmt: skip
    return lignes


def _vignettes(m: Matiere, s: Situation) -> list[dict[str, str]]:
    """The headline indicator in each département, on one scale, the farthest from its path first."""
    if Maille.DEPARTEMENT not in s.indicateur.mailles:
        return []
    prefixe = Maille.DEPARTEMENT.prefixe
    siennes = [x for c, x in m.situations[s.indicateur.id].items() if c.startswith(prefixe) and x.serie]
    siennes.sort(key=lambda x: (x.retard_relatif, x.code))
    cadre = etendue(siennes)
    if cadre is None or not any(x.objectif for x in siennes):
        return []
    return [
        {"nom": m.noms[x.code], "code": x.code, "teinte": TEINTES[x.statut], "statut": _statut(x.statut),
         "svg": mini_trajectoire(x, TEINTES[x.statut], cadre), "alt": detail_situation(x, avec_nom=False)}
        for x in siennes
    ]  # fmt: skip


def _apport(m: Matiere, a: Apport) -> dict[str, Any]:
    """A contribution in words: kind, where, texts, who signed and when."""
    contenu = a.contenu.model_dump()
    titre = GENRES[a.genre.value] + (f" : {contenu['titre']}" if "titre" in contenu else "")
    etat = f" ({SORTS[a.contenu.etat]})" if isinstance(a.contenu, Decision) else ""
    passes = {"titre", "meteo", "etat"}
    champs = [(LIBELLES.get(c, c), _en_mots(v)) for c, v in contenu.items() if c not in passes and v not in (None, "")]
    quand = date_heure(a.cree_le.replace(tzinfo=UTC))
    version = f" · version {a.version}" if a.version > 1 else ""
    return {
        "titre": titre + etat,
        "lieu": m.noms.get(a.code, a.code),
        "meteo": a.contenu.meteo.value if isinstance(a.contenu, Synthese) else "",
        "champs": champs,
        "signature": f"{a.signature.fonction}, {a.signature.direction} · {quand}{version}",
    }


def _en_mots(v: Any) -> str:
    if isinstance(v, date):
        return date_courte(v)
    return f"{v:.10g}".replace(".", ",") if isinstance(v, float) else str(v)


def liens(m: Matiere, programmes: Sequence[str]) -> list[tuple[str, str]]:
    """(id, name) of some programmes that have a page."""
    return [(e.programme.id, e.programme.nom) for e in m.etats if e.programme.id in programmes]
