"""An explanation for machines: one JSON document, ISO dates, null for what does not exist or is hidden."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from dashboard.domain import explication_but, explication_dite
from dashboard.domain.explication import But, Envoi, Explication, Ligne, Parts
from dashboard.domain.programme import EtatProgramme


def en_json(e: Explication) -> dict[str, Any]:
    """The document that ``why --format json`` prints and that the page gives to download."""
    c = e.chiffre
    return {
        "indicateur": {
            "id": e.declare.id,
            "libelle": e.declare.libelle,
            "unite": e.declare.unite,
            "formule": e.declare.formule,
            "facteur": e.declare.facteur,
            "agregation": e.declare.agregation.value,
            "reserve": e.declare.note or None,
        },
        "territoire": {"code": e.code, "nom": e.nom, "millesime_cog": e.millesime},
        "periode": {"code": e.periode.code, "debut": _iso(e.periode.debut), "fin": _iso(e.periode.fin)},
        "arrete": _iso(e.arrete),
        "chiffre": {
            "valeur": _fini(c.valeur),
            "numerateur": _fini(c.numerateur),
            "denominateur": _fini(c.denominateur),
            "unites": _fini(c.n_unites),
            "completude": _fini(c.completude),
            "completude_population": _fini(c.completude_population),
            "somme_des_parties": _fini(c.calculee),
            "ecart_au_controle": _fini(c.ecart),
            "origine": "calculee" if c.calcule else "publiee",
            "statut": c.statut,
            "confidentialite": c.confidentialite,
            "secret": explication_dite.secret(e) or None,
            "depuis_le_lot": c.lot,
            "calcul": explication_dite.calcul(e) or None,
        },
        "parties": _parts(e.parts) if e.parts else None,
        "lots": [_envoi(x) for x in e.envois],
        "lignes": [_ligne(x) for x in e.lignes],
        "objectifs": [_but(x) for x in e.buts],
        "programme": _programme(e.programme) if e.programme else None,
    }


def _iso(jour: date | datetime | None) -> str | None:
    return jour.isoformat() if jour else None


def _fini(x: float | None) -> float | None:
    """JSON knows neither NaN nor infinity."""
    return float(x) if x is not None and math.isfinite(x) else None


def _parts(p: Parts) -> dict[str, Any]:
    return {
        "calculees_sur": {"maille": p.base.value, "attendues": p.attendues, "presentes": p.presentes},
        "maille": p.maille.value,
        "total": p.total,
        "non_listees": p.reste,
        "liste": [
            {"code": x.code, "nom": x.nom, "valeur": _fini(x.valeur), "secret": x.secret, "lot": x.lot,
             "ligne": x.ligne}
            for x in p.listees
        ],
    }  # fmt: skip


def _envoi(x: Envoi) -> dict[str, Any]:
    return {
        "lot": x.lot,
        "source": x.source,
        "nom": x.nom,
        "licence": x.licence,
        "producteur": {"nom": x.producteur.nom, "sigle": x.producteur.sigle, "url": x.producteur.url},
        "origine": x.origine,
        "requete": x.requete or None,
        "sha256": x.sha256,
        "cree_le": _iso(x.cree_le),
        "auteur": x.auteur,
        "lignes": {"nombre": x.lignes, "premiere": x.premiere, "derniere": x.derniere},
        "reparations": [{"regle": r, "colonne": c, "nombre": n} for r, c, n in x.reparations],
    }


def _ligne(x: Ligne) -> dict[str, Any]:
    return {
        "lot": x.lot,
        "ligne": x.ligne,
        "code": x.code,
        "millesime_cog": x.millesime,
        "reprise": x.reprise,
        "adresse": x.adresse,
        "date_source": _iso(x.date_source),
        "remarque": x.note,
        "recu": dict(x.contenu) or None,
    }


def _but(x: But) -> dict[str, Any]:
    o, a, vise = x.objectif, x.avancement, x.objectif.trajectoire
    return {
        "auteur": o.auteur,
        "acte": o.acte,
        "date_acte": _iso(x.date_acte),
        "valeur_initiale": _fini(vise.vi),
        "date_initiale": _iso(vise.date_vi),
        "jalons": [[_iso(j), _fini(v)] for j, v in vise.jalons],
        "cible": _fini(vise.vc),
        "echeance": _iso(vise.echeance),
        "valeur_jugee": _fini(a.va),
        "date_valeur": _iso(a.date_va),
        "ta_brut": _fini(a.ta_brut),
        "ta": _fini(a.ta),
        "ta_attendu": _fini(a.ta_attendu),
        "statut": a.statut.value,
        "motif": a.motif,
        "calcul": explication_but.taux(x) or None,
    }


def _programme(p: EtatProgramme) -> dict[str, Any]:
    return {
        "id": p.programme.id,
        "nom": p.programme.nom,
        "taux": _fini(p.taux),
        "attendu": _fini(p.attendu),
        "statut": p.statut.value,
        "completude": p.compte.completude,
        "motif": p.motif,
        "indicateurs": [
            {"id": s.indicateur.id, "poids": p.programme.poids_de(s.indicateur.id), "ta": _fini(s.avancement.ta),
             "statut": s.statut.value}
            for s in p.situations
        ],
    }  # fmt: skip
