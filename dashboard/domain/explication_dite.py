"""An explanation in words: a sentence and the steps of a chain, from the source to the target."""

from __future__ import annotations

from dashboard.domain.agregation import Methode
from dashboard.domain.explication import Chiffre, Envoi, Etape, Explication, Ligne, Part, Parts
from dashboard.domain.explication_but import objectifs, programme
from dashboard.domain.formatage import (
    compte,
    date_courte,
    date_heure,
    liste,
    nombre,
    nombre_nu,
    pourcentage,
    signe,
)
from dashboard.domain.phrases import unite_ecart, valeur
from dashboard.domain.secret import DOMINANCE, PETIT_EFFECTIF, SECONDAIRE
from dashboard.domain.territoire import Maille

SOMME_ECRITE = 8
"""A sum is written out up to this many terms."""
METHODES = {
    Methode.SOMME: "somme des territoires",
    Methode.RATIO: "somme des numérateurs ÷ somme des dénominateurs",
    Methode.MOYENNE_PONDEREE: "moyenne pondérée",
    Methode.MEDIANE: "médiane des territoires",
    Methode.AUCUNE: "jamais agrégé : seules les valeurs publiées sont montrées",
}
CALCULEE = "Calculé à partir des territoires qui le composent."
PUBLIEE = "Publié par le producteur, montré tel quel."
NOMS = {"valeur": "valeur", "numerateur": "numérateur", "denominateur": "dénominateur", "n_unites": "unités"}


def chiffre(e: Explication) -> str:
    """The figure with its unit; hidden or missing are said so."""
    return valeur(e.declare, e.chiffre.valeur, secret=e.chiffre.secret)


def phrase(e: Explication) -> str:
    """« Maisons de santé, Nièvre, déc. 2023 : 16 maisons »."""
    return f"{e.declare.libelle}, {e.nom}, {e.periode.texte} : {chiffre(e)}"


def etapes(e: Explication) -> list[Etape]:
    """The chain, from the source to the programme; a step that does not apply is left out."""
    pas = [_source(e), _lots(e), _mesure(e), _agregation(e), _valeur(e), *objectifs(e), programme(e)]
    return [p for p in pas if p is not None]


def texte(e: Explication) -> str:
    """The whole explanation, for a terminal."""
    blocs = [phrase(e), f"Formule : {e.declare.formule}"]
    for rang, pas in enumerate(etapes(e), 1):
        blocs += ["", f"{rang}. {pas.titre} — {pas.phrase}", *(f"   {nom} : {mots}" for nom, mots in pas.faits)]
        if pas.cle == "agregation" and e.parts:
            blocs += [f"   - {part.nom} ({part.code}) : {dit_part(e, part)}" for part in e.parts.listees]
            blocs += [f"   - et {reste(e.parts)}"] if e.parts.reste else []
    return "\n".join(blocs)


def nombre_seul(e: Explication) -> str:
    """The figure without its unit."""
    return nombre(e.chiffre.valeur, e.declare.decimales, secret=e.chiffre.secret)


def unite(e: Explication) -> str:
    """The unit of a figure that is shown."""
    return "" if e.chiffre.valeur is None else e.declare.unite


def dit_valeur(e: Explication, part: Part) -> str:
    """The figure of a part; hidden or missing are said so."""
    return valeur(e.declare, part.valeur, secret=part.secret)


def dit_part(e: Explication, part: Part) -> str:
    """« 27 maisons, ligne 114 du lot 2 »."""
    texte_ = dit_valeur(e, part)
    return texte_ if part.ligne is None else f"{texte_}, ligne {nombre(part.ligne)} du lot {part.lot}"


def reste(parts: Parts) -> str:
    """« 598 communes de plus, aux plus petites valeurs »."""
    return f"{nombre(parts.reste)} {_mot(parts.maille, parts.reste)} de plus, aux plus petites valeurs"


def _mot(maille: Maille, n: int) -> str:
    singulier = maille.libelle if maille is Maille.EPCI else maille.libelle.lower()
    return singulier if n < 2 else maille.pluriel


def _source(e: Explication) -> Etape:
    noms = {x.source: x.nom for x in e.envois}
    producteurs = {x.producteur.id: x.producteur for x in e.envois} or {e.producteur.id: e.producteur}
    faits = [("Producteur", f"{p.nom} ({p.sigle})") for p in producteurs.values()]
    faits += [("Site du producteur", p.url) for p in producteurs.values() if p.url]
    faits += [("Licence", mots) for mots in dict.fromkeys([x.licence for x in e.envois] or [e.declare.licence])]
    faits += [("Définition", e.declare.definition)]
    dite = liste([f"« {n} »" for n in noms.values()]) if noms else "source sans ligne pour ce chiffre"
    return Etape("source", "Source", dite, tuple(faits))


def _lots(e: Explication) -> Etape | None:
    if not e.envois:
        return None
    faits: list[tuple[str, str]] = []
    for x in e.envois:
        faits += _lot(x)
    return Etape("lot", "Lot", "Ce qui a été livré en une fois, gardé tel quel.", tuple(faits))


def _lot(x: Envoi) -> list[tuple[str, str]]:
    reparations = [f"{regle.replace('_', ' ')} ({colonne}, {nombre(n)})" for regle, colonne, n in x.reparations]
    return [
        ("Lot", f"{x.lot} du {date_heure(x.cree_le)}, par la fonction « {x.auteur} »"),
        ("Origine", x.origine),
        *([("Requête", x.requete)] if x.requete else []),
        ("Empreinte sha256", x.sha256),
        *([("Réparations déclarées", liste(reparations))] if reparations else []),
    ]


def _mesure(e: Explication) -> Etape | None:
    if e.lignes:
        faits = [f for ligne in e.lignes for f in _ligne(e, ligne)]
        n = len(e.lignes)
        return Etape("mesure", "Mesure", f"{compte(n, 'ligne reçue', 'lignes reçues')} pour {e.nom}.", tuple(faits))
    if not e.envois:
        return None
    faits = [(f"Lot {x.lot}", _etendue(x)) for x in e.envois]
    total = sum(x.lignes for x in e.envois)
    dite = f"{compte(total, 'ligne reçue', 'lignes reçues')} pour les territoires qui composent {e.nom}."
    return Etape("mesure", "Mesure", dite, tuple(faits))


def _etendue(x: Envoi) -> str:
    if x.lignes == 1:
        return f"Source « {x.source} », ligne {nombre(x.premiere)}"
    return f"Source « {x.source} », {nombre(x.lignes)} lignes, de {nombre(x.premiere)} à {nombre(x.derniere)}"


def _ligne(e: Explication, ligne: Ligne) -> list[tuple[str, str]]:
    sources = {x.lot: x.source for x in e.envois}
    recu = ", ".join(f"{NOMS[n]} {nombre_nu(v)}" for n, v in ligne.contenu.items())
    faits = [
        ("Ligne", f"Source « {sources.get(ligne.lot, '')} », ligne {nombre(ligne.ligne)}, lot {ligne.lot}"),
        ("Reçu", recu),
        ("Géographie reçue", f"{ligne.code}, COG {ligne.millesime}{_reprise(e, ligne)}"),
        ("Adresse", ligne.adresse or ""),
        ("Publié par le producteur le", date_courte(ligne.date_source) if ligne.date_source else ""),
        ("Remarque", ligne.note or ""),
    ]
    return [(nom, mots) for nom, mots in faits if mots]


def _reprise(e: Explication, ligne: Ligne) -> str:
    if ligne.code != e.code:
        return f", portée à {e.code} par la table de passage (COG {e.millesime})"
    return f", portée au COG {e.millesime}" if ligne.reprise else ""


def _agregation(e: Explication) -> Etape | None:
    if e.parts is None:
        return None
    p, c = e.parts, e.chiffre
    role = CALCULEE if c.calcule else f"{PUBLIEE} Les territoires qui le composent servent de contrôle."
    faits = [
        ("Méthode", METHODES[e.declare.agregation]),
        ("Territoires attendus", f"{nombre(p.attendues)} {_mot(p.base, p.attendues)}"),
    ]
    if c.completude is not None or p.base is p.maille:
        faits.append(("Avec une valeur", _presents(p, c)))
    masquees = sum(part.secret for part in p.listees)
    faits += [("Couverts par le secret", f"{nombre(masquees)} parmi ceux de la liste")] if masquees else []
    faits += _controle(e)
    return Etape("agregation", "Agrégation", role, tuple(faits))


def _presents(p: Parts, c: Chiffre) -> str:
    part = f" ({pourcentage(100 * p.presentes / p.attendues, 0)})" if p.attendues else ""
    habitants = c.completude_population
    suite = f", {pourcentage(100 * habitants, 0)} des habitants" if habitants is not None else ""
    return f"{nombre(p.presentes)} sur {nombre(p.attendues)}{part}{suite}"


def _controle(e: Explication) -> list[tuple[str, str]]:
    c = e.chiffre
    if c.ecart is None:
        return []
    ecart = f"écart {signe(c.ecart, max(e.declare.decimales, 1), unite_ecart(e.declare))}"
    mots = "aucun écart" if abs(c.ecart) < 1e-9 else f"{ecart} ; le chiffre publié l'emporte"
    return [("Contrôle", f"les parties donnent {valeur(e.declare, c.calculee)}, {mots}")]


def _valeur(e: Explication) -> Etape:
    c = e.chiffre
    faits = [
        ("Formule", e.declare.formule),
        ("Calcul", calcul(e)),
        ("Territoire", f"{e.nom} ({e.code}), COG {e.millesime}"),
        ("Période", f"{e.periode.texte}, du {date_courte(e.periode.debut)} au {date_courte(e.periode.fin)}"),
        ("Montré depuis", f"le lot {c.lot}"),
        ("Secret", secret(e)),
        ("Réserve", e.declare.note),
    ]
    return Etape("valeur", "Valeur", chiffre(e), tuple((n, m) for n, m in faits if m))


def calcul(e: Explication) -> str:
    """The formula with its numbers; nothing for a hidden figure."""
    c, declare = e.chiffre, e.declare
    if c.secret or c.valeur is None:
        return ""
    resultat = f" = {valeur(declare, c.valeur)}"
    if c.numerateur is not None and c.denominateur:
        multiplie = declare.facteur != 1 and declare.agregation is Methode.RATIO
        facteur = f"{nombre_nu(declare.facteur)} × " if multiplie else ""
        return f"{facteur}{nombre_nu(c.numerateur)} ÷ {nombre_nu(c.denominateur)}{resultat}"
    if not c.calcule or e.parts is None:
        return ""
    if declare.agregation is Methode.SOMME and _ecrite(e.parts):
        return " + ".join(nombre(p.valeur, declare.decimales) for p in e.parts.listees) + resultat
    p = e.parts
    return f"{METHODES[declare.agregation]}, sur {nombre(p.presentes)} {_mot(p.base, p.presentes)}{resultat}"


def _ecrite(p: Parts) -> bool:
    """May the sum be written out: few terms, none hidden or missing?"""
    return 0 < p.total <= SOMME_ECRITE and all(x.valeur is not None for x in p.listees)


def secret(e: Explication) -> str:
    """Why a figure is hidden; nothing for one that is shown."""
    if not e.chiffre.secret:
        return ""
    motifs = {
        PETIT_EFFECTIF: f"moins de {e.declare.min_unites} unités : la publier désignerait quelqu'un",
        DOMINANCE: f"une unité pèse plus de {pourcentage(100 * (e.declare.dominance or 0), 0)} du total",
        SECONDAIRE: "masquée pour qu'une soustraction n'en rende pas une autre",
    }
    code = e.chiffre.confidentialite or ""
    return f"{motifs.get(code, 'couverte par le secret statistique')} (code {code})"
