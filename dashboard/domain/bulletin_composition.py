"""A bulletin made from its matter: the sentence of the week, the others by importance, what did not move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dashboard.domain.bulletin import Bulletin, Entree, Matiere, Relance, entree
from dashboard.domain.bulletin_declarations import apports, cibles, definitions, perimetre
from dashboard.domain.bulletin_phrases import AILLEURS, OBSERVATIONS, nomme, producteurs, statuts, valeurs
from dashboard.domain.ecarts import Cause
from dashboard.domain.formatage import compte, en_phrase, liste, mois_annee, nombre, pluriel, pourcentage
from dashboard.domain.phrases import valeur

CITES = 3
"""Oldest figures named among what did not move."""
RELANCES = 5
"""Producers to remind, the one whose figure is the oldest first."""
MOTS = {
    Cause.NOUVELLE: ("nouvelle valeur", "nouvelles valeurs"),
    Cause.REVISION: ("révision", "révisions"),
    Cause.RETIREE: ("valeur retirée", "valeurs retirées"),
    Cause.CIBLE: ("cible changée", "cibles changées"),
    Cause.DEFINITION: ("méthode changée", "méthodes changées"),
    Cause.APPORT: ("synthèse ou décision", "synthèses ou décisions"),
}


def compose(m: Matiere) -> Bulletin:
    """The bulletin of a week: the same matter gives the same words."""
    entrees = tuple(_premieres(m)) if m.precedente is None else _rangees(m)
    comptes = _comptes(m)
    return Bulletin(
        semaine=m.semaine, precedente=m.precedente, audience=m.audience, arrete=m.arrete, region=m.espace.nom,
        code_region=m.region, phrase=tuple(_phrase(m, entrees, comptes)), entrees=entrees, comptes=comptes,
        stables=_stables(m), relances=tuple(_relances(m)),
    )  # fmt: skip


def _rangees(m: Matiere) -> tuple[Entree, ...]:
    """By cause, then programmes before context, the région before the others, what moves most rows first."""
    toutes = [*statuts(m), *valeurs(m), *cibles(m), *definitions(m), *perimetre(m), *apports(m)]
    suivis = {i for p in m.espace.programmes for i in p.tous}
    causes = list(Cause)

    def rang(e: Entree) -> tuple[int, bool, bool, int, str]:
        programme = "programme" in e.parametres or e.parametres.get("indicateur") in suivis
        masse = e.page == "carte" or e.effet == AILLEURS
        return causes.index(e.cause), not programme, masse, -e.lignes, e.titre

    return tuple(sorted(toutes, key=rang))


def _comptes(m: Matiere) -> dict[Cause, int]:
    """Rows that differ by cause; those of a first week are not differences."""
    total: Counter[Cause] = Counter()
    if m.precedente is not None:
        for constat in m.constats.values():
            for cause, n in zip(constat.comptes["cause"], constat.comptes["n"], strict=True):
                total[Cause(cause)] += int(n)
        for nom, lignes in m.tables.items():
            if nom != "resultats":
                total.update(Cause(c) for c in lignes["cause"])
    return {c: total[c] for c in Cause if total[c]}


def _phrase(m: Matiere, entrees: Sequence[Entree], comptes: dict[Cause, int]) -> Iterator[tuple[str, bool]]:
    if m.precedente is None:
        programmes = len({e.parametres["programme"] for e in entrees if "programme" in e.parametres})
        yield "Premier bulletin : ", False
        yield f"{compte(m.lignes, 'valeur entre', 'valeurs entrent')}", True
        yield f", pour {compte(len(m.constats), 'indicateur', 'indicateurs')}", False
        yield f" et {compte(programmes, 'programme', 'programmes')}" if programmes else "", False
        yield ". Les statuts seront comparés à partir de la semaine prochaine.", False
        return
    if not entrees:
        yield "Aucun changement", True
        yield (
            f" depuis {m.precedente} : les {compte(m.lignes, 'valeur', 'valeurs')}, les cibles, les méthodes et "
            "le périmètre sont les mêmes.",
            False,
        )
        return
    termes = [compte(comptes[c], *MOTS[c]) for c in MOTS if comptes.get(c)]
    if any(e.cause is Cause.PERIMETRE for e in entrees):
        termes.append("un périmètre changé")
    ici = [e for e in entrees if e.cause is Cause.STATUT and e.effet != AILLEURS]
    la = len([e for e in entrees if e.cause is Cause.STATUT and e.effet == AILLEURS])
    if ici:
        yield compte(len(ici), "programme change de statut", "programmes changent de statut"), True
        yield f" depuis {m.precedente}", False
    else:
        yield f"Aucun programme ne change de statut depuis {m.precedente}", False
    yield f", et {nombre(la)} dans une partie de la région" if la else "", False
    yield f" ; {liste(termes)}." if termes else ".", False


def _premieres(m: Matiere) -> Iterator[Entree]:
    """The first bulletin says where each programme stands, then how much of the context enters."""
    for programme in m.espace.programmes:
        etat, cites = m.etat(programme.id), [i for i in programme.indicateurs if i in m.finales]
        if etat is None or not cites:
            continue
        texte: list[tuple[str, bool]] = []
        for i in cites:
            point, declare = m.finales[i], m.espace.indicateur(i)
            lu = valeur(declare, point.valeur, secret=point.secret)
            texte += [(" ; " if texte else "", False), *nomme(declare, programme), (lu, True),
                      (f" ({point.periode.texte})", False)]  # fmt: skip
        mot = etat.statut.libelle
        chemin = f" : {pourcentage(etat.taux, 0)} du chemin" if etat.taux is not None else ""
        attendus = f", {pourcentage(etat.attendu, 0)} attendus" if etat.attendu is not None and chemin else ""
        texte.append((f". {mot[:1].upper()}{mot[1:]}{chemin}{attendus}.", False))
        yield entree(
            Cause.NOUVELLE, programme.nom, "programme", {"programme": programme.id, "territoire": m.region}, texte,
            source=producteurs(m.espace, programme), effet=mot, lignes=sum(_n(m, i) for i in programme.indicateurs),
            donnees=OBSERVATIONS.format(cites[0]),
        )  # fmt: skip
    comptes = {i for p in m.espace.programmes for i in p.indicateurs}
    autres = [i for i in m.constats if i not in comptes]
    if autres:
        lignes = sum(_n(m, i) for i in autres)
        suite = f" {pluriel(len(autres), 'entre', 'entrent')} avec {compte(lignes, 'valeur', 'valeurs')}."
        texte = [(compte(len(autres), "indicateur", "indicateurs"), True), (suite, False)]
        yield entree(
            Cause.NOUVELLE, "Contexte et suivi", "catalogue", {}, texte, effet="contexte", lignes=lignes,
            donnees="donnees/indicateurs.csv",
        )  # fmt: skip


def _n(m: Matiere, indicateur: str) -> int:
    return int(m.constats[indicateur].comptes["n"].sum()) if indicateur in m.constats else 0


def _stables(m: Matiere) -> str:
    """How many programmes rest on figures that should have been replaced, and the oldest of them."""
    suivis = [p for p in m.espace.programmes if m.etat(p.id) is not None]
    if not suivis:
        return "Aucun programme n'est mesuré dans cette semaine."
    perimes = {p.id: min(m.perimes[i] for i in p.indicateurs if i in m.perimes)
               for p in suivis if any(i in m.perimes for i in p.indicateurs)}  # fmt: skip
    n, total = len(perimes), len(suivis)
    if not n:
        return f"Les {compte(total, 'programme', 'programmes')} affichent une valeur à jour ou attendue."
    ages = sorted(perimes, key=lambda p: (perimes[p], p))[:CITES]
    noms = [f"{en_phrase(m.espace.programme(p).nom)} ({mois_annee(perimes[p])})" for p in ages]
    affiche = pluriel(n, "affiche", "affichent")
    plus = pluriel(len(ages), "La plus ancienne", "Les plus anciennes")
    tete = f"{compte(n, 'programme', 'programmes')} sur {nombre(total)} {affiche}"
    return f"{tete} une valeur périmée. {plus} : {liste(noms)}."


def _relances(m: Matiere) -> Iterator[Relance]:
    """One line a producer: what has been awaited the longest."""
    siens: dict[str, list[str]] = {}
    for indicateur, _ in sorted(m.perimes.items(), key=lambda x: (x[1], x[0])):
        siens.setdefault(m.espace.indicateur(indicateur).producteur, []).append(indicateur)
    for producteur, attendus in list(siens.items())[:RELANCES]:
        declare, reste = m.espace.indicateur(attendus[0]), len(attendus) - 1
        suite = f" ; {nombre(reste)} {pluriel(reste, 'autre attendu', 'autres attendus')}" if reste else ""
        quoi = f"{en_phrase(declare.libelle_court)}, {mois_annee(m.perimes[attendus[0]])}{suite}"
        yield Relance(producteur=m.espace.producteur(producteur).sigle, attendu=quoi)
