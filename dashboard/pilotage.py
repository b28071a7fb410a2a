"""Steering, wired: the programmes of one territory with what was said of them, for the pages, the feed and the mail."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.bootstrap import Application, application
from dashboard.domain.alertes import Alerte, DossierProgramme
from dashboard.domain.apports import Apport, Genre
from dashboard.domain.avis import Avis, Filtre, list_avis
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import PUBLIC, Lecteur
from dashboard.domain.programme import etat_programme
from dashboard.domain.situation import Situation, situe_tous
from dashboard.domain.territoire import maille_de
from dashboard.exports.flux import flux
from dashboard.serving.alertes import Demande, FluxRefuse
from dashboard.store import queries
from dashboard.store.abonnements import Abonnement
from dashboard.store.apports import load_apports
from dashboard.store.moteur import Connection, lecture, verifie

LECTEUR_COURRIEL = PUBLIC
"""A mail goes to anyone's box and is passed on: it says no more than the public may read."""


class FiltreInconnu(ValueError):
    """A programme, a territory or a kind of alert that does not exist for this reader; the message proposes others."""


def dossiers(app: Application, lecteur: Lecteur, code: str, arrete: date) -> list[DossierProgramme]:
    """The programmes that a reader may follow in one territory, in the order of the espace.

    Those of which he may see no indicator are left out; below the région, those that count nothing there too.
    Raises :class:`FiltreInconnu` for an unknown territory, ``MagasinIndisponible`` when the store refuses.
    """
    with lecture(app.moteur) as connexion:
        visibles = set(queries.list_indicateurs(connexion, lecteur))
        suivis = [p for p in app.espace.programmes if not p.indicateurs or visibles & set(p.indicateurs)]
        comptes = sorted({i for p in suivis for i in p.indicateurs if i in visibles})
        jugees = _situations(app, connexion, lecteur, comptes, code, arrete)
        genres = (Genre.SYNTHESE, Genre.DECISION)
        apports = load_apports(connexion, lecteur, [p.id for p in suivis], genres)
    etats = [etat_programme(p, code, jugees, app.espace.seuils) for p in suivis]
    mots = [a for a in apports if a.code == code]
    region = app.espace.code_region
    return [
        DossierProgramme(e, *_mots(mots, e.programme.id), arrete) for e in etats if e.situations or code == region
    ]  # fmt: skip


def _mots(apports: Iterable[Apport], programme: str) -> tuple[Apport | None, tuple[Apport, ...]]:
    """The synthèse and the decisions of a programme, each in the order it was begun."""
    siens = sorted((a for a in apports if a.sujet == programme), key=lambda a: a.fil)
    syntheses = [a for a in siens if a.genre is Genre.SYNTHESE]
    return (syntheses[-1] if syntheses else None), tuple(a for a in siens if a.genre is Genre.DECISION)


def situation(app: Application, lecteur: Lecteur, declare: Indicateur, code: str, arrete: date) -> Situation:
    """Where one indicator stands in one territory. Raises like :func:`dossiers`."""
    with lecture(app.moteur) as connexion:
        return _situations(app, connexion, lecteur, [declare.id], code, arrete)[declare.id]


def _situations(
    app: Application, connexion: Connection, lecteur: Lecteur, ids: Sequence[str], code: str, arrete: date
) -> dict[str, Situation]:
    places = _place(queries.list_territoires(connexion), code)
    series = queries.load_series(connexion, lecteur, ids, list(places))
    cibles = queries.load_objectifs(connexion, lecteur, ids)
    declares = [app.espace.indicateur(i) for i in ids]
    jugees = situe_tous(declares, places, series, cibles, arrete, app.espace.seuils)
    return {i: s[code] for i, s in jugees.items()}


def _place(places: pd.DataFrame, code: str) -> dict[int, str]:
    trouvees = places.loc[places["code"] == code, "id"]
    if trouvees.empty:
        larges_dabord = sorted(places["code"].tolist(), key=lambda c: (maille_de(c).rang, c))
        raise _inconnu("Territoire", code, larges_dabord)
    return {int(trouvees.iloc[0]): code}


def _inconnu(quoi: str, donne: str, admis: Sequence[str]) -> FiltreInconnu:
    proches = difflib.get_close_matches(donne, admis, n=3, cutoff=0.4) or admis[:3]
    return FiltreInconnu(f"{quoi} « {donne[:60]} » : valeur inconnue. Essayer : {', '.join(proches)}.")


def filtre(
    app: Application,
    lecteur: Lecteur,
    programmes: Sequence[str] = (),
    territoire: str | None = None,
    alertes: Sequence[str] = (),
) -> Filtre:
    """A filter whose every part exists for this reader. Raises :class:`FiltreInconnu`."""
    with lecture(app.moteur) as connexion:
        visibles = set(queries.list_indicateurs(connexion, lecteur))
        code = territoire or app.espace.code_region
        _place(queries.list_territoires(connexion), code)
    suivis = [p.id for p in app.espace.programmes if not p.indicateurs or visibles & set(p.indicateurs)]
    comptes = {i for p in app.espace.programmes for i in p.indicateurs if i in visibles}
    if code != app.espace.code_region and not any(maille_de(code) in app.espace.indicateur(i).mailles for i in comptes):
        raise FiltreInconnu(
            f"Territoire « {code} » : aucun programme n'y est mesuré. Prendre un département ou la région."
        )
    for quoi, donnes, admis in (("Programme", programmes, suivis), ("Alerte", alertes, [a.value for a in Alerte])):
        for donne in donnes:
            if donne not in admis:
                raise _inconnu(quoi, donne, admis)
    return Filtre(tuple(sorted(set(programmes))), code, tuple(a for a in Alerte if a.value in alertes))


def noms(app: Application) -> Mapping[str, str]:
    """Name of each territory by its code."""
    with lecture(app.moteur) as connexion:
        places = queries.list_territoires(connexion)
    return dict(zip(places["code"], places["nom"], strict=True))


Nouveautes = list[tuple[Abonnement, list[Avis], frozenset[str]]]
"""By subscription: the alerts to tell, and the keys of all that stand, to be kept once told."""


def nouveautes(app: Application, abonnes: Iterable[Abonnement]) -> tuple[Nouveautes, list[str]]:
    """What each subscription was not told yet, those with nothing new left out; and what could not be read.

    An alert whose figures, target or words changed is told again; one that ended is forgotten at the next mail.
    """
    arrete, par_lieu, echecs = app.reglages.aujourd_hui(), dict[str, list[DossierProgramme]](), list[str]()
    trouvees: Nouveautes = []
    for abonne in abonnes:
        lieu = abonne.filtre.territoire
        try:
            if lieu not in par_lieu:
                par_lieu[lieu] = dossiers(app, LECTEUR_COURRIEL, lieu, arrete)
        except FiltreInconnu as erreur:
            echecs.append(f"{abonne.adresse} : {erreur}")
            continue
        debout = list_avis(par_lieu[lieu], abonne.filtre)
        nouveaux = [a for a in debout if a.cle not in abonne.dites]
        if nouveaux:
            trouvees.append((abonne, nouveaux, frozenset(a.cle for a in debout)))
    return trouvees, echecs


@dataclass(frozen=True)
class Flux:
    """The feed of one application, as the server asks for it; ``app`` None: the one of this process."""

    app: Application | None = None

    def __call__(self, demande: Demande) -> bytes:
        """The bytes of the feed. Raises ``FluxRefuse`` for an unknown filter."""
        app = self.app or application()
        verifie(app.moteur)
        try:
            voulu = filtre(app, app.lecteur, demande.programmes, demande.territoire, demande.alertes)
        except FiltreInconnu as erreur:
            raise FluxRefuse(str(erreur)) from erreur
        suivis = dossiers(app, app.lecteur, voulu.territoire, app.reglages.aujourd_hui())
        return flux(list_avis(suivis, voulu), voulu, app.espace, noms(app)[voulu.territoire], demande.base)
