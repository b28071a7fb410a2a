"""An explanation in words: a sentence and the steps of a chain, from the source to the target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.domain.agregation import Methode
from dashboard.domain.explication import But, Chiffre, Envoi, Explication, Ligne, Part, Parts
from dashboard.domain.formatage import (
    compte,
    date_courte,
    date_heure,
    en_phrase,
    liste,
    nombre,
    pourcentage,
    signe,
)
from dashboard.domain.phrases import unite_ecart, valeur
from dashboard.domain.programme import EtatProgramme
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


@dataclass(frozen=True)
class Etape:
    """One step of the chain: what it is, in a sentence, then facts as (label, words)."""

    cle: str
    titre: str
    phrase: str
    faits: tuple[tuple[str, str], ...] = ()


def chiffre(e: Explication) -> str:
    """The figure with its unit; hidden or missing are said so."""
    return valeur(e.declare, e.chiffre.valeur, secret=e.chiffre.secret)


def phrase(e: Explication) -> str:
    """« Maisons de santé, Nièvre, déc. 2023 : 16 maisons »."""
    return f"{e.declare.libelle}, {e.nom}, {e.periode.texte} : {chiffre(e)}"


def etapes(e: Explication) -> list[Etape]:
    """The chain, from the source to the programme; a step that does not apply is left out."""
    pas = [_source(e), _lots(e), _mesure(e), _agregation(e), _valeur(e), *_objectifs(e), _programme(e)]
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


def dit_part(e: Explication, part: Part) -> str:
    """« 27 maisons, ligne 114 du lot 2 »."""
    texte_ = valeur(e.declare, part.valeur, secret=part.secret)
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
    recu = ", ".join(f"{NOMS[n]} {_nu(v)}" for n, v in ligne.contenu.items())
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


def _nu(v: float) -> str:
    return nombre(v, 0 if float(v).is_integer() else 2)


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
    return Etape("valeur", "Valeur", f"{chiffre(e)}.", tuple((n, m) for n, m in faits if m))


def calcul(e: Explication) -> str:
    """The formula with its numbers; nothing for a hidden figure."""
    c, declare = e.chiffre, e.declare
    if c.secret or c.valeur is None:
        return ""
    resultat = f" = {valeur(declare, c.valeur)}"
    if c.numerateur is not None and c.denominateur:
        facteur = (
            "" if declare.facteur == 1 or declare.agregation is not Methode.RATIO else f"{_nu(declare.facteur)} × "
        )
        return f"{facteur}{_nu(c.numerateur)} ÷ {_nu(c.denominateur)}{resultat}"
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


def _objectifs(e: Explication) -> Iterable[Etape]:
    for but in e.buts:
        yield Etape("objectif", "Objectif et avancement", _avancement(e, but), tuple(_faits_du_but(e, but)))


def _avancement(e: Explication, but: But) -> str:
    a = but.avancement
    if a.ta_brut is None:
        return f"{but.objectif.libelle_auteur} : {a.motif or 'avancement non calculable'}."
    attendu = f", {pourcentage(a.ta_attendu, 0)} attendus à cette date" if a.ta_attendu is not None else ""
    return f"{pourcentage(a.ta_brut)} du chemin parcouru{attendu} : {a.statut.libelle}."


def _faits_du_but(e: Explication, but: But) -> list[tuple[str, str]]:
    o, a, declare = but.objectif, but.avancement, e.declare
    vise = o.trajectoire
    faits = [
        ("Cible", f"{valeur(declare, vise.vc)} au {date_courte(o.echeance)}"),
        ("Point de départ", f"{valeur(declare, vise.vi)} au {date_courte(vise.date_vi)}" if vise.date_vi else ""),
        ("Calcul", taux(but)),
        ("Valeur jugée", f"{valeur(declare, a.va)} au {date_courte(a.date_va)}" if a.date_va else ""),
        ("Motif", f"{a.motif}" if a.motif and a.ta_brut is not None else ""),
        ("Auteur de la cible", o.auteur),
        ("Acte", o.acte + (f", {date_courte(but.date_acte)}" if but.date_acte else "")),
        ("Adresse de l'acte", o.source_url or ""),
        ("Remarque", o.note or ""),
    ]
    return [(nom, mots) for nom, mots in faits if mots]


def taux(but: But) -> str:
    """The formula of the TA with its numbers: « 100 × (145 − 140) ÷ (244 − 140) = 4,8 % »."""
    vise, a = but.objectif.trajectoire, but.avancement
    if vise.vi is None or vise.vc is None or a.va is None or a.ta_brut is None or vise.vi == vise.vc:
        return ""
    if vise.deja_atteint_au_depart:
        return f"cible déjà tenue au départ : {pourcentage(a.ta_brut, 0)}"
    vi, va, vc = (_terme(v) for v in (vise.vi, a.va, vise.vc))
    return f"100 × ({va} − {vi}) ÷ ({vc} − {vi}) = {pourcentage(a.ta_brut)}"


def _terme(v: float) -> str:
    return f"({_nu(v)})" if v < 0 else _nu(v)


def _programme(e: Explication) -> Etape | None:
    p = e.programme
    if p is None or not p.situations:
        return None
    return Etape("programme", "Programme", _dit_programme(p), tuple(_faits_du_programme(p)))


def _dit_programme(p: EtatProgramme) -> str:
    taux_ = pourcentage(p.taux, 0) if p.taux is not None else p.motif or "non mesuré"
    seul = "son seul indicateur" if len(p.situations) == 1 else f"{p.compte.completude} mesurés"
    return f"« {p.programme.nom} » : {taux_} ({seul}), {p.statut.libelle}."


def _faits_du_programme(p: EtatProgramme) -> list[tuple[str, str]]:
    faits = []
    for s in p.situations:
        poids = p.programme.poids_de(s.indicateur.id)
        ta = pourcentage(s.avancement.ta, 1) if s.avancement.ta is not None else f"n.d. ({s.avancement.motif})"
        faits.append((s.indicateur.libelle_court, f"TA {ta}, poids {_nu(poids)}"))
    if len(p.situations) > 1 and p.compte.ta is not None:
        faits.append(("Calcul", _moyenne(p)))
    return faits


def _moyenne(p: EtatProgramme) -> str:
    """« (1 × 30 + 0,5 × 44) ÷ 1,5 = 35 % »."""
    mesures: Sequence[tuple[float, float]] = [
        (p.programme.poids_de(s.indicateur.id), s.avancement.ta) for s in p.situations if s.avancement.ta is not None
    ]
    termes = " + ".join(f"{_nu(poids)} × {nombre(ta, 1)}" for poids, ta in mesures)
    return f"({termes}) ÷ {_nu(sum(poids for poids, _ in mesures))} = {pourcentage(p.compte.ta, 1)}"


def intitule(e: Explication) -> str:
    """« maisons de santé, Nièvre, déc. 2023 », for a title or a file name."""
    return f"{en_phrase(e.declare.libelle_court)}, {e.nom}, {e.periode.texte}"
