"""The guided visit: a few steps, each with one question whose answer is in today's figures. Nothing here is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.domain.explication import Explication
from dashboard.domain.formatage import compte, liste, mois_annee, nombre, pourcentage
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.intervalle import Intervalle
from dashboard.domain.phrases import MOTS, TEINTES, TEINTES_EN_ORDRE, valeur
from dashboard.domain.programme import EtatProgramme


@dataclass(frozen=True)
class Etape:
    """``page`` and ``parametres``: where to look. ``choix``: the answers, ``bonne``: the right one among them."""

    cle: str
    titre: str
    texte: str
    page: str
    parametres: Mapping[str, str]
    question: str
    choix: tuple[str, ...]
    bonne: str
    explication: str

    def juste(self, reponse: str | None) -> bool:
        """Is this the right answer?"""
        return reponse == self.bonne


def score(etapes: Sequence[Etape], reponses: Mapping[str, str]) -> tuple[int, int]:
    """Right answers, answers given."""
    donnees = [e for e in etapes if reponses.get(e.cle)]
    return sum(e.juste(reponses[e.cle]) for e in donnees), len(donnees)


def verdict(justes: int, total: int) -> str:
    """What the score says, without judging anyone."""
    if justes == total:
        return f"{justes} sur {total} : vous lisez Boussole comme il faut."
    return f"{justes} sur {total} : relire les étapes manquées, l'explication est sous chaque réponse."


def compter(etats: Sequence[EtatProgramme], territoire: str) -> Etape | None:
    """How many programmes are late? The other answers are the other counts of the same page."""
    comptes = {t: sum(TEINTES[e.statut] == t for e in etats) for t in TEINTES_EN_ORDRE}
    choix = tuple(nombre(n) for n in sorted(set(comptes.values())))
    if len(choix) < 2:
        return None
    detail = liste([f"{nombre(n)} « {MOTS[t][n > 1].lower()} »" for t, n in comptes.items() if n])
    return Etape(
        "compter", "Où en sont les programmes ?",
        "L'essentiel range les programmes par statut, du plus loin au plus proche de leur trajectoire. Le statut "
        "est un calcul ; la météo, un jugement de la direction responsable.",
        "", {}, f"Combien de programmes sont en retard ({territoire}) ?", choix, nombre(comptes["retard"]),
        f"{nombre(len(etats))} programmes suivis : {detail}. « En retard » comprend les reculs ; « non mesuré » n'est "
        "jamais montré comme bon.",
    )  # fmt: skip


CHEMIN = ("derrière son chemin", "sur son chemin ou devant")


def situer(e: EtatProgramme) -> Etape | None:
    """Is this programme behind its path?"""
    if e.taux is None or e.attendu is None:
        return None
    ou = CHEMIN[0] if e.taux < e.attendu else CHEMIN[1]
    return Etape(
        "situer", "La barre et le trait",
        "Sur la page d'un programme, la barre est le chemin parcouru de la valeur initiale à la cible ; le trait "
        "noir, ce qui était attendu à la date de la valeur, et non aujourd'hui.",
        "programme", {"programme": e.programme.id},
        f"« {e.programme.nom} » en est à {pourcentage(e.taux, 0)} du chemin, pour {pourcentage(e.attendu, 0)} "
        "attendus. Il est…", CHEMIN, ou,
        f"{pourcentage(e.taux, 0)} parcourus, {pourcentage(e.attendu, 0)} attendus : statut « {e.statut.libelle} ».",
    )  # fmt: skip


def localiser(departements: Sequence[EtatProgramme], noms: Mapping[str, str]) -> Etape | None:
    """Where is it the farthest from its path? ``departements``: the farthest first."""
    mesures = [e for e in departements if e.taux is not None and e.attendu is not None]
    if len(mesures) < 3:
        return None
    premier, milieu, dernier = mesures[0], mesures[len(mesures) // 2], mesures[-1]
    choix = tuple(sorted(noms[e.code] for e in (premier, milieu, dernier)))
    dits = [f"{noms[e.code]} {pourcentage(e.taux, 0)} pour {pourcentage(e.attendu, 0)}" for e in (premier, dernier)]
    return Etape(
        "localiser", "Où agir d'abord ?",
        "Une région peut tenir sa trajectoire et un département non. La page du programme les range du plus loin "
        "au plus proche, chacun face à sa propre cible.",
        "programme", {"programme": premier.programme.id},
        f"« {premier.programme.nom} » : lequel est le plus loin de sa trajectoire ?", choix, noms[premier.code],
        f"Du plus loin au plus proche : {liste(dits)}, chacun comparé à ce qui était attendu de lui.",
    )  # fmt: skip


def dater(e: EtatProgramme) -> Etape | None:
    """Is the value up to date? Freshness is not the statut."""
    s = e.principal
    if s is None or s.fraicheur is None or s.avancement.date_va is None:
        return None
    quand, age = mois_annee(s.avancement.date_va, court=False), s.age or 0
    delais = f"publié tous les {s.indicateur.rythme_mois} mois, avec {s.indicateur.delai_mois} mois de délai"
    return Etape(
        "dater", "De quand date le chiffre ?",
        "La fraîcheur est un axe à part : un programme peut tenir sa trajectoire avec une donnée périmée. Le "
        "carré hachuré le dit.",
        "indicateur", {"indicateur": s.indicateur.id, "territoire": s.code},
        f"La dernière valeur de « {s.indicateur.libelle_court} » est de {quand}. Son état ?",
        tuple(f.libelle for f in Fraicheur), s.fraicheur.libelle,
        f"Elle a {nombre(age)} mois, et ce chiffre est {delais} : il est « {s.fraicheur.libelle} ».",
    )  # fmt: skip


FAIT = ("publié par le producteur", "calculé à partir des territoires qui le composent", "estimé par Boussole")


def prouver(e: Explication) -> Etape:
    """Is this figure published, or rolled up? It is never estimated."""
    fait = FAIT[1] if e.chiffre.calcule else FAIT[0]
    if e.chiffre.calcule and e.parts:
        detail = f"il additionne {nombre(e.parts.presentes)} {e.parts.base.pluriel} sur {nombre(e.parts.attendues)}"
    else:
        detail = f"c'est la ligne {nombre(e.lignes[0].ligne)} de la source" if e.lignes else "le producteur le publie"
    return Etape(
        "prouver", "Pourquoi ce chiffre ?",
        "Chaque chiffre souligné en pointillé mène à son explication : calcul, territoires, ligne de la source, lot, "
        "empreinte, cible. C'est là qu'un doute se lève, ou se signale au producteur.",
        "pourquoi", {"indicateur": e.declare.id, "territoire": e.code, "periode": e.periode.code},
        f"{e.declare.libelle}, {e.nom} : {valeur(e.declare, e.chiffre.valeur)} ({e.periode.texte}). Ce chiffre est…",
        FAIT, fait, f"{fait[:1].upper()}{fait[1:]} : {detail}. Boussole n'estime et n'interpole rien.",
    )  # fmt: skip


ECARTS = ("au-dessus de la région", "au-dessous de la région", "on ne peut pas le dire")


def conclure(
    libelle: str, nom: str, v: str, bornes: Intervalle, region: float, dite: str, textes: tuple[str, str],
    parametres: Mapping[str, str],
) -> Etape:  # fmt: skip
    """Does the interval exclude the région? ``textes``: both bounds in words."""
    bonne = ECARTS[2] if not bornes.exclut(region) else ECARTS[0] if bornes.bas > region else ECARTS[1]
    mot = "contient" if bonne == ECARTS[2] else "exclut"
    return Etape(
        "conclure", "Ne pas conclure trop vite",
        "Un petit territoire bouge par hasard. L'intervalle à 95 % dit ce que ses chiffres permettent : s'il "
        "contient la région, la différence ne se distingue pas.",
        "comparer", parametres, f"{libelle}, {nom} : {v}, pour {dite} en région. Ce territoire est…", ECARTS, bonne,
        f"Son intervalle va de {textes[0]} à {textes[1]} : il {mot} la valeur de la région ({dite}).",
    )  # fmt: skip


def resume(etapes: Sequence[Etape]) -> str:
    """What the visit asks of whoever takes it."""
    n = compte(len(etapes), "étape", "étapes")
    return f"{n} d'une question chacune, sur les chiffres du jour : cinq minutes. Rien n'est enregistré."


def avancee(justes: int, donnees: int, total: int) -> str:
    """« 2 réponses sur 6, 1 juste »."""
    return f"{compte(donnees, 'réponse', 'réponses')} sur {total}, {compte(justes, 'juste', 'justes')}"
