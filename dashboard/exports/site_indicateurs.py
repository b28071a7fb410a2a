"""The indicators of the static site: their list, and for each its definition, source, series, values and file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.domain.formatage import mois_annee
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.phrases import TEINTES, detail_situation, valeur
from dashboard.domain.situation import Situation
from dashboard.domain.territoire import Maille
from dashboard.exports.instantane_dernieres import Colonne
from dashboard.exports.site_lecture import Matiere
from dashboard.exports.site_programmes import graphe
from dashboard.exports.site_rendu import Page
from dashboard.exports.site_scripts import CARTES

SENS = {
    "hausse": "une hausse est souhaitée",
    "baisse": "une baisse est souhaitée",
    "neutre": "aucun : il décrit le territoire",
}
LECTURES = {"stock": "état à une date", "flux": "total d'une période", "cumul_annuel": "cumul depuis janvier",
            "glissant": "période glissante"}  # fmt: skip
MOTS = {Maille.DEPARTEMENT: "département", Maille.EPCI: "EPCI", Maille.COMMUNE: "commune"}
AGREGATIONS = {"somme": "somme", "ratio": "rapport de deux sommes", "moyenne_ponderee": "moyenne pondérée",
               "mediane": "médiane", "aucune": "jamais agrégé"}  # fmt: skip


def pages(m: Matiere) -> Iterator[Page]:
    """``indicateurs.html`` and ``indicateurs/<id>.html``."""
    yield Page("indicateurs.html", "indicateurs.html", "Indicateurs", "indicateurs", _liste(m))
    for i in m.contexte.indicateurs:
        yield Page(f"indicateurs/{i.id}.html", "indicateur.html", i.libelle, "indicateurs", _indicateur(m, i))


def _liste(m: Matiere) -> dict[str, Any]:
    juges = [i for i in m.contexte.indicateurs if not i.est_contexte]
    contexte = [i for i in m.contexte.indicateurs if i.est_contexte]
    groupes = [("Indicateurs de programme", juges), ("Indicateurs de contexte", contexte)]
    return {"groupes": [(nom, [_ligne(m, i) for i in siens]) for nom, siens in groupes if siens]}


def _ligne(m: Matiere, i: Indicateur) -> dict[str, Any]:
    region = m.colonne(Maille.REGION, i.id)
    finest = [x.pluriel for x in Maille if m.colonne(x, i.id) is not None]
    return {
        "id": i.id,
        "nom": i.libelle,
        "source": m.sigles[i.producteur],
        "valeur": _texte(i, region, m.region) if region else "",
        "periode": region.periode.texte if region else "",
        "jusqu_a": finest[-1] if finest else "sans valeur",
    }


def _texte(i: Indicateur, c: Colonne | None, code: str) -> str:
    if c is None or code not in c.valeurs.index:
        return "n.d."
    v = c.valeurs[code]
    return valeur(i, float(v), secret=c.statuts[code] == "Q")


def _indicateur(m: Matiere, i: Indicateur) -> dict[str, Any]:
    s = m.situations[i.id][m.region]
    programme = m.contexte.espace.programme_de(i.id)
    montre = programme is not None and programme.id in {e.programme.id for e in m.etats}
    return {
        "i": i,
        "programme": (programme.id, programme.nom) if programme and montre else None,
        "phrase": _phrase(m, i, s),
        "graphe": graphe(m, s),
        "definitions": _definitions(m, i),
        "tables": [t for t in (_table(m, i, maille) for maille in (Maille.REGION, Maille.DEPARTEMENT)) if t],
        "cartes": [(x.value, MOTS[x]) for x in CARTES if m.colonne(x, i.id) is not None],
        "fichier": f"../../donnees/observations/{i.id}.csv",
    }


def _phrase(m: Matiere, i: Indicateur, s: Situation) -> str:
    nom = m.noms[m.region]
    if not s.serie:
        secret = "secret statistique, trop peu d'unités pour publier"
        return f"{nom} : {secret if s.secret else 'aucune valeur publiée à ce niveau'}."
    if s.objectif:
        return f"{nom} : {detail_situation(s, avec_nom=False)}"
    colonne = m.colonne(Maille.REGION, i.id)
    quand = colonne.periode.texte if colonne else mois_annee(s.serie[-1][0])
    return f"{nom} : {valeur(i, s.serie[-1][1])} ({quand})."


def _definitions(m: Matiere, i: Indicateur) -> list[tuple[str, str]]:
    producteur = m.contexte.espace.producteur(i.producteur)
    secret = [f"moins de {i.min_unites} unités" if i.min_unites else "",
              f"une unité au-delà de {round(100 * i.dominance)} %" if i.dominance else ""]  # fmt: skip
    paires = [
        ("Définition", i.definition),
        ("Formule", i.formule),
        ("Unité", i.unite),
        ("Sens", SENS[i.sens]),
        ("Nature de la série", LECTURES[i.lecture]),
        ("Agrégation", AGREGATIONS.get(i.agregation.value, i.agregation.value)),
        ("Échelles", ", ".join(x.pluriel for x in i.mailles)),
        ("Producteur", f"{producteur.nom} ({producteur.sigle})"),
        ("Licence", i.licence),
        ("Rythme", f"tous les {i.rythme_mois} mois, {i.delai_mois} mois de délai"),
        ("Secret statistique", " ou ".join(x for x in secret if x)),
        ("Note", i.note),
        ("Identifiant", i.id),
    ]
    return [(nom, texte) for nom, texte in paires if texte]


def _table(m: Matiere, i: Indicateur, maille: Maille) -> dict[str, Any] | None:
    """Latest values of a maille; with the statut of each when it has a target."""
    c = m.colonne(maille, i.id)
    if c is None:
        return None
    lignes = []
    for code in sorted(c.valeurs.index):
        s = m.situations[i.id].get(str(code))
        juge = s is not None and s.objectif is not None and s.avancement.ta is not None
        lignes.append({
            "code": code, "nom": m.noms[str(code)], "valeur": _texte(i, c, str(code)),
            "cible": valeur(i, s.objectif.trajectoire.vc) if s and s.objectif else "",
            "statut": s.statut.libelle.capitalize() if s and juge else "", "teinte": TEINTES[s.statut] if s else "",
        })  # fmt: skip
    return {
        "titre": maille.libelle if maille is Maille.REGION else "Par département",
        "sorte": maille.libelle,
        "periode": c.periode.texte,
        "fin": c.periode.fin.isoformat(),
        "frequence": c.periode.frequence.value,
        "juge": any(x["cible"] for x in lignes),
        "lignes": lignes,
    }
