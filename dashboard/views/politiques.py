"""The regional policies and their programmes in one list, the farthest from its path first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import compress

from dashboard.domain.apports import Apport
from dashboard.domain.formatage import liste, nombre, pluriel, signe
from dashboard.domain.phrases import MOTS, TEINTES, TEINTES_EN_ORDRE, valeur
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.tendance import POINTS_MIN, Direction, tendance
from dashboard.domain.trajectoire import Lecture
from dashboard.figures.etincelle import etincelle
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached, filtres, jugements
from dashboard.views.essentiel import auteur, date_valeur, taux
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, affiche, balise, image_svg, joint
from dashboard.views.preuve import preuve_de

TRIS = {"ecart": "Écart à la trajectoire", "politique": "Politique"}
COLONNES = [
    ("Programme", False), ("Statut", False), ("Écart", True), ("Avancement / attendu à cette date", False), ("", False),
    ("Valeur", True), ("Valeur de", False), ("Évolution", False), ("Cible", False), ("Météo", False),
    ("Direction", False),
]  # fmt: skip
Syntheses = Mapping[str, Apport]


def puces(etats: Sequence[EtatProgramme], choisie: str | None) -> None:
    """Counters by statut that are also filters; the one in force takes itself off."""
    comptes = {t: sum(TEINTES[e.statut] == t for e in etats) for t in TEINTES_EN_ORDRE}
    liens = [
        balise("a", image_svg(forme(t), ""), f"{MOTS[t][n > 1]} ", balise("b", nombre(n)),
               href=lien("politiques", statut=None if t == choisie else t), classe="b-puce",
               aria_current="true" if t == choisie else None)
        for t, n in comptes.items() if n
    ]  # fmt: skip
    affiche(balise("nav", *liens, classe="b-puces", aria_label="Filtrer par statut"))


def statut_choisi() -> str | None:
    """The statut that the address asks for, None for all."""
    voulu = filtres.choix("statut", ["tous", *TEINTES_EN_ORDRE], "tous", "statut")
    return None if voulu == "tous" else voulu


def retenus(etats: Sequence[EtatProgramme], choisie: str | None, touches: Collection[str]) -> list[EtatProgramme]:
    """The programmes of the list, farthest from their path first, those without a path last."""
    ici = [e for e in etats if choisie in (None, TEINTES[e.statut]) and e.programme.id in touches]
    return sorted(ici, key=lambda e: (e.ecart is None, e.ecart or 0.0))


def compte(etats: Sequence[EtatProgramme]) -> str:
    """« 18 programmes de 8 politiques »."""
    n, p = len(etats), len({e.programme.politique for e in etats})
    return (
        f"{nombre(n)} {pluriel(n, 'programme', 'programmes')} de {nombre(p)} {pluriel(p, 'politique', 'politiques')}, "
        "du plus loin au plus en avance sur sa trajectoire."
    )


def manques(etats: Sequence[EtatProgramme], syntheses: Syntheses) -> str:
    """What nobody filled yet, said once rather than on every row."""
    mots = [
        *([] if _meteos(etats, syntheses) else ["aucune météo saisie"]),
        *([] if _directions(etats, syntheses) else ["direction responsable à désigner pour chacun"]),
    ]
    return f" {liste(mots)[:1].upper()}{liste(mots)[1:]}." if mots else ""


def _meteos(etats: Sequence[EtatProgramme], syntheses: Syntheses) -> bool:
    return any(e.programme.id in syntheses for e in etats)


def _directions(etats: Sequence[EtatProgramme], syntheses: Syntheses) -> bool:
    return any(direction(e, syntheses.get(e.programme.id)) for e in etats)


def tables(etats: Sequence[EtatProgramme], tri: str, syntheses: Syntheses) -> Sur:
    """One table, or one a politique."""
    if tri == "ecart":
        return _table(etats, syntheses, "Programmes")
    politiques = {p.id: p.nom for p in cached.app().espace.politiques}
    groupes = {p: [e for e in etats if e.programme.politique == p] for p in politiques}
    return joint(*(
        joint(balise("h2", politiques[p], classe="b-h2"), _table(siens, syntheses, politiques[p]))
        for p, siens in groupes.items() if siens
    ))  # fmt: skip


def _table(etats: Sequence[EtatProgramme], syntheses: Syntheses, legende: str) -> Sur:
    garde = [True] * 9 + [_meteos(etats, syntheses), _directions(etats, syntheses)]
    lignes = [list(compress(_ligne(e, syntheses.get(e.programme.id)), garde)) for e in etats]
    return blocs.table(list(compress(COLONNES, garde)), lignes, legende, "b-table b-fiches b-politiques", entiere=True)


def _ligne(e: EtatProgramme, synthese: Apport | None) -> list[str]:
    politique = cached.app().espace.politique(e.programme.politique)
    s = e.principal
    nom = joint(
        balise("a", e.programme.nom, href=lien("programme", programme=e.programme.id)),
        balise("div", politique.nom, classe="b-second"),
    )
    motif = balise("span", e.motif or "", classe="b-second")
    barre = blocs.barre(e.taux, e.attendu, e.statut) if e.taux is not None else motif
    va = s.serie[-1][1] if s and s.serie else None
    return [
        nom,
        blocs.statut(e.statut),
        balise("span", signe(e.ecart, 0, "pt"), classe=f"b-fixe b-{TEINTES[e.statut]}") if e.ecart is not None else "",
        barre,
        taux(e),
        preuve_de(valeur(s.indicateur, va), s) if s and va is not None else "",
        date_valeur(e) if s else "",
        evolution(e),
        auteur(e),
        jugements.meteo(synthese, e.statut),
        direction(e, synthese) or balise("span", "à désigner", classe="b-second"),
    ]


def evolution(e: EtatProgramme) -> str:
    """The shape of the headline's series and what its trend says, in a word."""
    s = e.principal
    if s is None or len(s.serie) < POINTS_MIN:
        return balise("span", f"moins de {POINTS_MIN} points", classe="b-second")
    pace = tendance(s.serie, Lecture(s.indicateur.lecture))
    mot = pace.direction.libelle if pace else "cumul annuel"
    fleche = {Direction.HAUSSE: "↗", Direction.BAISSE: "↘"}.get(pace.direction, "→") if pace else ""
    return joint(
        image_svg(etincelle([v for _, v in s.serie]), f"série de {len(s.serie)} valeurs", "b-etincelle"),
        balise("span", f" {fleche}", title=mot, role="img", aria_label=mot),
    )


def direction(e: EtatProgramme, synthese: Apport | None) -> str | None:
    """Who answers for a programme: the direction declared, else the one that signed the last synthèse."""
    return e.programme.direction or (synthese.signature.direction if synthese else None)
