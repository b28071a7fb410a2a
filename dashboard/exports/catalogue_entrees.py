"""The catalogue as a person reads it: datasets, indicators, producers, what is searched and filtered in them.

Made from the same records as the DCAT-AP graph: what one tells, the other tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.domain.fraicheur import Fraicheur, fraicheur
from dashboard.domain.indicateur import Acces, Indicateur
from dashboard.domain.organisme import Producteur
from dashboard.domain.recherche import normalise
from dashboard.domain.territoire import Maille
from dashboard.exports.dcat_matiere import Couverture, Fichier, Jeu, Matiere

JAMAIS = "jamais"
"""Freshness of what has no value yet."""
FRAICHEURS = {f.value: f.libelle for f in Fraicheur} | {JAMAIS: "jamais publié", "": "sans objet"}
"""Words of the freshness of an entry."""
PIRES = (JAMAIS, *(f.value for f in Fraicheur))
"""From the best to the worst, for a dataset that is judged on the indicators it has values of."""


@dataclass(frozen=True)
class Entree:
    """One thing of the catalogue. ``texte``: all that is searched, normalised.

    ``fraicheur``: a state of ``Fraicheur``, ``jamais``, or empty for targets, whose dates say nothing of it; that of a
    dataset is the worst of its indicators, ``touches`` tells how many of its ``mesures``
    are in it.
    """

    genre: str
    id: str
    titre: str
    resume: str
    producteurs: tuple[Producteur, ...]
    themes: tuple[str, ...]
    licence: str
    acces: Acces
    rythme_mois: int
    mailles: tuple[Maille, ...]
    couverture: Couverture | None
    fraicheur: str
    fichiers: tuple[Fichier, ...]
    jeux: tuple[str, ...]
    texte: str
    touches: int = 1
    mesures: int = 1
    contenu: tuple[str, ...] = ()

    def dont(self, q: str) -> list[str]:
        """What it holds that has a word looked for, when its own title has none."""
        mots = normalise(q).split()
        if not mots or any(m in normalise(self.titre) for m in mots):
            return []
        return [c for c in self.contenu if any(m in normalise(c) for m in mots)]


@dataclass(frozen=True)
class Demande:
    """What is looked for; an empty field asks for nothing. ``q``: every word must be found, in any order."""

    q: str = ""
    themes: Sequence[str] = ()
    producteurs: Sequence[str] = ()
    acces: Sequence[str] = ()
    fraicheurs: Sequence[str] = ()

    @property
    def vide(self) -> bool:
        """Nothing is asked."""
        return not (self.q or self.themes or self.producteurs or self.acces or self.fraicheurs)


def cherche(entrees: Iterable[Entree], demande: Demande) -> list[Entree]:
    """The entries that pass, in their order; those whose title has the first word come first."""
    mots = normalise(demande.q).split()
    gardees = [e for e in entrees if _passe(e, demande) and all(m in e.texte for m in mots)]
    return sorted(gardees, key=lambda e: mots[0] not in normalise(e.titre)) if mots else gardees


def _passe(e: Entree, d: Demande) -> bool:
    return (
        (not d.themes or not set(d.themes).isdisjoint(e.themes))
        and (not d.producteurs or not set(d.producteurs).isdisjoint(p.id for p in e.producteurs))
        and (not d.acces or e.acces.value in d.acces)
        and (not d.fraicheurs or e.fraicheur in d.fraicheurs)
    )


@dataclass(frozen=True)
class Offre:
    """What a producer brings: its datasets and its indicators, by id."""

    producteur: Producteur
    jeux: tuple[str, ...]
    indicateurs: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """All that one reader may know of, at a date d'arrêté."""

    matiere: Matiere
    jeux: tuple[Entree, ...]
    indicateurs: tuple[Entree, ...]
    offres: tuple[Offre, ...]

    def jeu(self, identifiant: str) -> tuple[Jeu, Entree]:
        """A dataset and its entry. Raises ``KeyError``: unknown and closed look the same."""
        rang = {e.id: r for r, e in enumerate(self.jeux)}[identifiant]
        return self.matiere.jeux[rang], self.jeux[rang]


def compose(matiere: Matiere, arrete: date) -> Catalogue:
    """The catalogue as of ``arrete``."""
    par_indicateur: dict[str, list[Jeu]] = {}
    for jeu in matiere.jeux:
        for i in jeu.indicateurs:
            par_indicateur.setdefault(i.id, []).append(jeu)
    declares = [i for i in matiere.espace.ordonnes if i.id in matiere.visibles]
    indicateurs = tuple(_indicateur(matiere, i, par_indicateur.get(i.id, ()), arrete) for i in declares)
    etats = {e.id: e.fraicheur for e in indicateurs}
    jeux = tuple(_jeu(matiere, jeu, etats) for jeu in matiere.jeux)
    return Catalogue(matiere, jeux, indicateurs, _offres(matiere.espace.producteurs, jeux, indicateurs))


def _jeu(m: Matiere, jeu: Jeu, etats: Mapping[str, str]) -> Entree:
    source = jeu.source
    cibles = source.nature == "objectifs"
    noms = [f"donnees/objectifs.{e}" for e in ("csv", "parquet")] if cibles else [
        f"donnees/observations/{i.id}.csv" for i in jeu.indicateurs
    ]  # fmt: skip
    mots = [source.nom, source.description, source.licence, *source.fiche.mots_cles]
    mots += [f"{i.libelle} {i.libelle_court}" for i in jeu.indicateurs]
    mailles = tuple(maille for maille in Maille if any(maille in i.mailles for i in jeu.indicateurs))
    siens = [] if cibles else [etats[i.id] for i in jeu.indicateurs]
    etat = max(siens, key=PIRES.index, default="")
    return Entree(
        "jeu", jeu.id, source.nom, source.description, jeu.producteurs, source.fiche.themes, source.licence, jeu.acces,
        source.rythme_mois, mailles, jeu.couverture, etat, _presents(m.fichiers, noms), (jeu.id,),
        _cherchable(source.id, *mots, *_noms(jeu.producteurs)), siens.count(etat), len(siens),
        tuple(i.libelle for i in jeu.indicateurs),
    )  # fmt: skip


def _indicateur(m: Matiere, i: Indicateur, jeux: Sequence[Jeu], arrete: date) -> Entree:
    couverture, programme = m.couvertures.get(i.id), m.espace.programme_de(i.id)
    producteurs = (m.espace.producteur(i.producteur),)
    themes = tuple(dict.fromkeys(t for jeu in jeux for t in jeu.source.fiche.themes))
    contexte = [programme.nom, m.espace.politique(programme.politique).nom] if programme else []
    mots = [i.libelle, i.libelle_court, i.definition, i.unite, i.licence, *contexte]
    return Entree(
        "indicateur", i.id, i.libelle, i.definition, producteurs, themes, i.licence, i.acces, i.rythme_mois, i.mailles,
        couverture, _etat(couverture, i.rythme_mois, i.delai_mois, arrete),
        _presents(m.fichiers, [f"donnees/observations/{i.id}.csv"]), tuple(jeu.id for jeu in jeux),
        _cherchable(i.id, *mots, *_noms(producteurs)),
    )  # fmt: skip


def _etat(couverture: Couverture | None, rythme: int, delai: int, arrete: date) -> str:
    juge: Fraicheur | None = fraicheur(couverture[1] if couverture else None, rythme, delai, arrete)
    return juge.value if juge else JAMAIS


def _presents(fichiers: Mapping[str, Fichier], chemins: Iterable[str]) -> tuple[Fichier, ...]:
    return tuple(fichiers[c] for c in chemins if c in fichiers)


def _noms(producteurs: Iterable[Producteur]) -> list[str]:
    return [mot for p in producteurs for mot in (p.sigle, p.nom)]


def _cherchable(*textes: str) -> str:
    return normalise(" ".join(textes))


def _offres(
    producteurs: Iterable[Producteur], jeux: Sequence[Entree], indicateurs: Sequence[Entree]
) -> tuple[Offre, ...]:
    """Only of producers something may be read of: the name of another one would tell that it brings something."""
    toutes = (Offre(p, _siennes(jeux, p), _siennes(indicateurs, p)) for p in producteurs)
    return tuple(sorted((o for o in toutes if o.jeux or o.indicateurs), key=lambda o: normalise(o.producteur.sigle)))


def _siennes(entrees: Iterable[Entree], producteur: Producteur) -> tuple[str, ...]:
    return tuple(e.id for e in entrees if producteur in e.producteurs)
