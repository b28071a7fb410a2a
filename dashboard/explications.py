"""« Pourquoi ce chiffre ? », wired: one figure explained for the pages and the command line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd

from dashboard.bootstrap import Application
from dashboard.domain.agregation import Methode
from dashboard.domain.avancement import evalue
from dashboard.domain.explication import (
    PARTS_MAX,
    But,
    Chiffre,
    Envoi,
    Explication,
    Ligne,
    Part,
    Parts,
    contenu_visible,
)
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.programme import EtatProgramme, etat_programme
from dashboard.domain.situation import objectifs_courants, situe_tous
from dashboard.domain.territoire import Maille, maille_de
from dashboard.domain.trajectoire import Lecture, Point
from dashboard.store import explication as lectures
from dashboard.store import queries
from dashboard.store.moteur import Connection, lecture

TOTAUX = ("valeur", "numerateur", "denominateur", "n_unites", "completude", "completude_population", "calculee")
AUCUNE = pd.DataFrame(columns=lectures.PLACE)


class SansChiffre(ValueError):
    """Nothing to explain: unknown indicator, territory or period, or one that this reader may not see."""


@dataclass(frozen=True)
class _Demande:
    """What is asked, once everything in it exists. ``place``: row of the territory."""

    app: Application
    lecteur: Lecteur
    declare: Indicateur
    place: pd.Series
    arrete: date
    fermes: frozenset[str] = frozenset()  # indicators and sources closed to him: a query that names one is not told

    @property
    def code(self) -> str:
        return str(self.place["code"])


def explique(
    app: Application, lecteur: Lecteur, indicateur: str, code: str, periode: Periode | None, arrete: date
) -> Explication:
    """The explanation of one figure; ``periode`` None: the last one known at ``arrete``.

    Raises :class:`SansChiffre`, ``CodeInconnu`` for a text that is not a code.
    """
    with lecture(app.moteur) as connexion:
        demande = _demande(app, connexion, lecteur, indicateur, code, arrete)
        series = lectures.load_chiffres(connexion, lecteur, indicateur, int(demande.place["id"]))
        ligne = _ligne(demande, series, periode)
        voulue = Periode(ligne["debut"], ligne["fin"], Frequence(ligne["frequence"]))
        chiffre = _chiffre(ligne)
        provenance = _Provenance(demande, connexion, voulue, chiffre)
        parts = _parts(demande, connexion, voulue, chiffre, provenance)
        points = _points(demande, series, voulue)
        return Explication(
            declare=demande.declare,
            producteur=app.espace.producteur(demande.declare.producteur),
            code=demande.code,
            nom=str(demande.place["nom"]),
            periode=voulue,
            arrete=arrete,
            millesime=app.espace.millesime_cog,
            chiffre=chiffre,
            parts=parts,
            envois=provenance.envois(),
            lignes=provenance.lignes(),
            buts=_buts(demande, connexion, points),
            programme=_programme(demande, connexion),
        )


def _demande(
    app: Application, connexion: Connection, lecteur: Lecteur, indicateur: str, code: str, arrete: date
) -> _Demande:
    """What a reader may not see is refused in the words of what does not exist."""
    visibles = set(queries.list_indicateurs(connexion, lecteur))
    declares = {i.id: i for i in app.espace.indicateurs if i.id in visibles}
    if indicateur not in declares:
        proches = difflib.get_close_matches(indicateur, declares, n=3, cutoff=0.4) or sorted(declares)[:3]
        raise SansChiffre(f"Indicateur « {indicateur[:60]} » inconnu. Essayer : {', '.join(proches)}.")
    maille_de(code)
    places = lectures.load_places(connexion, [code])
    if places.empty:
        connus = queries.list_territoires(connexion)["code"].tolist()
        proches = difflib.get_close_matches(code, connus, n=3)
        raise SansChiffre(f"Territoire « {code} » absent du COG en vigueur. Essayer : {', '.join(proches)}.")
    fermes = {s.id for s in app.sources if s.acces not in lecteur.acces}
    fermes |= {i.id for i in app.espace.indicateurs} - visibles
    return _Demande(app, lecteur, declares[indicateur], places.iloc[0], arrete, frozenset(fermes))


def _ligne(d: _Demande, series: pd.DataFrame, voulue: Periode | None) -> pd.Series:
    """The row of the period asked for, else of the last one that the date d'arrêté may know."""
    if voulue is not None:
        memes = (series["fin"] == voulue.fin) & (series["frequence"] == voulue.frequence.value)
        choisies, quand = series[memes], f"en {voulue.texte}"
    else:
        borne = "debut" if d.declare.est_contexte else "fin"
        choisies, quand = series[series[borne] <= d.arrete] if len(series) else series, "à cette date"
    if choisies.empty:
        raise SansChiffre(f"« {d.declare.libelle} » : aucune valeur pour {d.place['nom']} {quand}.")
    return choisies.iloc[-1]


def _chiffre(ligne: pd.Series) -> Chiffre:
    nombres = {c: None if pd.isna(ligne[c]) else float(ligne[c]) for c in TOTAUX}
    code = ligne["confidentialite"]
    return Chiffre(
        **nombres, origine=str(ligne["origine"]), statut=str(ligne["statut"]),
        confidentialite=None if pd.isna(code) else str(code), lot=int(ligne["lot_debut"]),
    )  # fmt: skip


def _points(d: _Demande, series: pd.DataFrame, voulue: Periode) -> list[Point]:
    """What was known of the series once the explained period ended."""
    connues = series[(series["fin"] <= voulue.fin) & series["valeur"].notna()]
    return [(f, float(v)) for f, v in zip(connues["fin"], connues["valeur"], strict=True)]


class _Provenance:
    """The rows received behind a figure, and their lots: those of the territory, else those of its parts."""

    def __init__(self, d: _Demande, connexion: Connection, periode: Periode, chiffre: Chiffre) -> None:
        self._d, self._connexion, self._periode, self._chiffre = d, connexion, periode, chiffre
        declarees = {s.id: s for s in d.app.sources}
        self._sources = {s: declarees[s] for s in d.declare.sources if s in declarees}
        completes = {s: source.livraison == "complete" for s, source in self._sources.items()}
        vigueur = lectures.load_en_vigueur(connexion, d.lecteur, completes)
        self._source_du_lot = {n: s for s, lots in vigueur.items() for n in lots}
        anciens = [] if chiffre.calcule else lectures.load_anciens(connexion, d.code)
        self._miennes = self.recues([d.code, *anciens], lectures.RECUE)
        self.des_parts = self._miennes.iloc[:0]
        self._etendues = _etendues(self.des_parts)

    def recues(self, codes: Sequence[str] | lectures.Codes, colonnes: Sequence[str]) -> pd.DataFrame:
        """One row by code: that of the source that wins, then of the latest lot."""
        lots = list(self._source_du_lot)
        trouvees = lectures.load_recues(
            self._connexion, self._d.lecteur, self._d.declare.id, self._periode, lots, codes, colonnes
        )  # fmt: skip
        rangs = {n: self._d.declare.rang_source(s) for n, s in self._source_du_lot.items()}
        trouvees = trouvees.assign(rang=trouvees["lot"].map(rangs)).sort_values(["rang", "lot", "ligne_source"])
        return trouvees.drop_duplicates("code_territoire", keep="last")

    def cherche_parts(self, codes: lectures.Codes, *, listees: bool) -> None:
        """Reads where the rows of the parts are: a total that is computed rests on them. When the parts are not listed
        and one lot holds them all, counting its rows is enough."""
        lots = list(self._source_du_lot)
        if listees or len(lots) > 1:
            self.des_parts = self.recues(codes, lectures.PLACE_RECUE)
            self._etendues = _etendues(self.des_parts)
        elif self._chiffre.calcule:
            comptes = lectures.load_etendues(
                self._connexion, self._d.lecteur, self._d.declare.id, self._periode, lots, codes
            )  # fmt: skip
            self._etendues = comptes.set_index("lot")

    def lignes(self) -> tuple[Ligne, ...]:
        """The rows received for this very territory, or for those it took in."""
        seule = len(self._miennes) == 1
        millesime = self._d.app.espace.millesime_cog
        return tuple(
            Ligne(
                int(x["lot"]), int(x["ligne_source"]), x["code_territoire"], int(x["millesime_cog"]),
                _ou_rien(x["source_url"]), _ou_rien(x["date_source"]), _ou_rien(x["note"]),
                contenu_visible(self._d.declare, self._chiffre, x, seule=seule),
                x["code_territoire"] != self._d.code or int(x["millesime_cog"]) != millesime,
            )
            for x in self._miennes.to_dict("records")
        )  # fmt: skip

    def envois(self) -> tuple[Envoi, ...]:
        """The lots behind the figure, the one that wins last."""
        comptes = _etendues(self._miennes) if len(self._miennes) else self._etendues
        numeros = [int(n) for n in comptes.index]
        if not numeros:
            return ()
        lots = lectures.load_lots(self._connexion, numeros).set_index("id")
        reparations = lectures.load_reparations(self._connexion, numeros)
        return tuple(self._envoi(n, lots.loc[n], comptes.loc[n], reparations) for n in numeros)

    def _envoi(self, numero: int, lu: pd.Series, compte: pd.Series, reparations: pd.DataFrame) -> Envoi:
        source = self._sources[str(lu["source"])]
        siennes = reparations[reparations["lot"] == numero]
        genre, _, reste = str(lu["origine"]).partition(" · ")
        lieu, _, requete = reste.partition(" · ")
        return Envoi(
            numero, source.id, source.nom, source.licence,
            self._d.app.espace.producteur(source.producteur or self._d.declare.producteur),
            f"{genre} · {lieu}", "" if any(f in requete for f in self._d.fermes) else requete,
            str(lu["sha256"]), _en_utc(lu["cree_le"]), str(lu["auteur"]),
            int(compte["size"]), int(compte["min"]), int(compte["max"]),
            tuple((str(r), str(c), int(n)) for r, c, n in
                  zip(siennes["regle"], siennes["colonne"], siennes["nombre"], strict=True)),
        )  # fmt: skip


def _etendues(lignes: pd.DataFrame) -> pd.DataFrame:
    """By lot: how many rows, the first line and the last one."""
    return lignes.groupby("lot", sort=False)["ligne_source"].agg(["size", "min", "max"])


def _en_utc(instant: Any) -> datetime:
    """The store writes UTC without saying so."""
    lu: datetime = pd.Timestamp(instant).to_pydatetime()
    return lu.replace(tzinfo=UTC)


def _ou_rien(x: Any) -> Any:
    return None if pd.isna(x) else x


def _parts(
    d: _Demande, connexion: Connection, periode: Periode, chiffre: Chiffre, provenance: _Provenance
) -> Parts | None:
    """What a total is made of; None when it is not one: the finest level, or never aggregated."""
    sienne = maille_de(d.code)
    base = lectures.load_base(connexion, d.lecteur, d.declare.id) or d.declare.mailles[-1]
    if d.declare.agregation is Methode.AUCUNE or base.rang <= sienne.rang:
        return None
    attendues = lectures.compte_enfants(connexion, d.code, base)
    larges = sienne is Maille.REGION and base is Maille.COMMUNE and attendues > PARTS_MAX
    montree = Maille.DEPARTEMENT if larges and Maille.DEPARTEMENT in d.declare.mailles else base
    provenance.cherche_parts(lectures.enfants(d.code, base), listees=montree is base)
    rangees = _rangees(d, connexion, periode, montree)
    if chiffre.completude is not None:
        presentes = round(chiffre.completude * attendues)
    else:
        presentes = int((rangees["valeur"].notna() | (rangees["statut"] == "Q")).sum()) if montree is base else 0
    recues = provenance.des_parts.set_index("code_territoire")[["lot", "ligne_source"]]
    listees = tuple(_part(x) for x in rangees.head(PARTS_MAX).join(recues, on="code").to_dict("records"))
    return Parts(base, attendues, presentes, montree, len(rangees), listees)


def _rangees(d: _Demande, connexion: Connection, periode: Periode, maille: Maille) -> pd.DataFrame:
    """Those without a value first, then the hidden ones, then from the largest to the smallest. None of a level that
    is not shown."""
    montres = lectures.load_enfants(connexion, d.code, maille) if maille in d.declare.mailles else AUCUNE
    chiffres = lectures.load_parts(connexion, d.lecteur, d.declare.id, maille, periode, montres["id"].tolist())
    rangees = montres.join(chiffres.set_index("territoire_id"), on="id")
    ordre = rangees["valeur"].astype("float64").fillna(np.inf).where(rangees["statut"] != "Q", np.finfo(float).max)
    return rangees.assign(ordre=ordre).sort_values(["ordre", "nom"], ascending=[False, True])


def _part(x: Mapping[Any, Any]) -> Part:
    lot, ligne = (None if pd.isna(x[c]) else int(x[c]) for c in ("lot", "ligne_source"))
    v = None if pd.isna(x["valeur"]) else float(x["valeur"])
    return Part(str(x["code"]), str(x["nom"]), v, x["statut"] == "Q", lot, ligne)


def _buts(d: _Demande, connexion: Connection, points: Sequence[Point]) -> tuple[But, ...]:
    """The targets in force here, the one that judges first, against the figure."""
    cibles = queries.load_objectifs(connexion, d.lecteur, [d.declare.id])
    lignes = [x for x in cibles.itertuples() if x.code_territoire == d.code]
    actes = {(str(x.auteur), str(x.acte)): x.date_acte for x in lignes}
    seuils, nature = d.app.espace.seuils, Lecture(d.declare.lecture)
    return tuple(
        But(o, evalue(o.trajectoire, points, d.arrete, seuils, nature), _ou_rien(actes[o.auteur, o.acte]))
        for o in objectifs_courants(lignes, d.declare.sens, d.arrete)
    )


def _programme(d: _Demande, connexion: Connection) -> EtatProgramme | None:
    """The programme that counts the indicator, at the date d'arrêté, with what it weighs."""
    programme = d.app.espace.programme_de(d.declare.id)
    if programme is None or d.declare.id not in programme.indicateurs:
        return None
    visibles = set(queries.list_indicateurs(connexion, d.lecteur))
    declares = [d.app.espace.indicateur(i) for i in programme.indicateurs if i in visibles]
    ids = [i.id for i in declares]
    series = queries.load_series(connexion, d.lecteur, ids, [int(d.place["id"])])
    cibles = queries.load_objectifs(connexion, d.lecteur, ids)
    seuils = d.app.espace.seuils
    jugees = situe_tous(declares, {int(d.place["id"]): d.code}, series, cibles, d.arrete, seuils)
    return etat_programme(programme, d.code, {i: s[d.code] for i, s in jugees.items()}, seuils)
