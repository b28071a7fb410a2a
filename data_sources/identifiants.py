"""Personal identifiers in a delivery (e-mail, phone, NIR, IBAN, names of persons): refused unless declared.

Every cell of every column received is looked at, mapped or not, before anything of it is kept. What is found is never
repeated: a message gives the column, the lines, the kind and a mask.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.domain.declaration import est_de_service
from dashboard.domain.formatage import compte, liste
from dashboard.domain.source import Source
from data_sources.controles import LotRefuse
from data_sources.prenoms import PRENOMS

LIGNES_CITEES, COLONNES_CITEES = 5, 4
ESPACES = "[ \\t\u00a0\u2009\u202f]"
COURRIEL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
TELEPHONE = re.compile(
    rf"(?<![\w.,])(?:(?:\+|00){ESPACES}?33{ESPACES}?(?:\(0\){ESPACES}?)?|\(?0)[1-9]\)?"
    rf"(?P<s>{ESPACES}?[.\-/]?{ESPACES}?)\d\d(?:(?P=s)\d\d){{3}}(?![\w])"
)
NIR = re.compile(
    rf"(?<![\w.,])(?P<n>[1-478](?P<s>{ESPACES}?)\d\d(?P=s)(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)(?P=s)"
    rf"(?:\d\d|2[ABab])(?P=s)\d{{3}}(?P=s)\d{{3}})(?:{ESPACES}?[-/]?{ESPACES}?(?P<cle>\d\d))?(?!\w)"
)
IBAN = re.compile(rf"(?<!\w)FR\d\d(?:{ESPACES}?[0-9A-Z]{{4}}){{5}}{ESPACES}?[0-9A-Z]{{3}}(?!\w)")
CIVILITE = re.compile(rf"(?<!\w)(?:M\.|MM\.|Mme|Mlle|Mmes|Monsieur|Madame|Mademoiselle){ESPACES}+(?:[A-ZÀ-Ý][\w'’\-]+)")
TRI = (
    r"@|FR[0-9][0-9]|M\.|Mme|Mlle|Monsieur|Madame|Mademoiselle"
    r"|(?:0|33[ \t\x{a0}\x{2009}\x{202f}]?(?:\(0\))?)[ \t\x{a0}\x{2009}\x{202f}]?[1-9]\)?"
    r"(?:[ \t\x{a0}\x{2009}\x{202f}.\-/]{0,3}[0-9]{2}){4}"
    r"|[1-478](?:[ \t\x{a0}\x{2009}\x{202f}]?[0-9ABab]){12}"
)
"""Coarse and fast: only the cells that it finds are looked at closely."""
_FONCTIONS = """
adjoint agent beneficiaire conseiller contact correspondant deposant directeur dirigeant elu elue gerant
interlocuteur maire nominatif patronyme personne president proprietaire referent representant responsable
salarie signataire titulaire
"""
FONCTIONS = frozenset(_FONCTIONS.split())
"""Words of a column that may hold the name of a person."""
PRENOM = frozenset({"prenom", "prenoms", "firstname", "givenname", "surname", "lastname"})
CIVILS = ({"nom", "naissance"}, {"nom", "usage"}, {"nom", "famille"}, {"nom", "patronymique"}, {"first", "name"},
          {"last", "name"}, {"given", "name"}, {"family", "name"})  # fmt: skip
_LIEUX = """
commune communes ville epci territoire departement region canton gare site etablissement structure lieu rue
voie adresse organisme entreprise societe programme mairie zone quartier
"""
LIEUX = frozenset(_LIEUX.split())
TELEPHONES = frozenset({"tel", "telephone", "telephones", "mobile", "portable", "gsm"})
NUMEROS = frozenset({"nir", "securite", "sociale", "secu", "ssn"})
_LIAISONS = """
de du des la le les l d sur sous en et aux au a lez les-bains saint sainte st ste
"""
LIAISONS = frozenset(_LIAISONS.split())


class IdentifiantsRefuses(LotRefuse):
    """A delivery that carries personal identifiers its source does not declare: no copy of it is kept."""


@dataclass(frozen=True)
class Trouvaille:
    """Identifiers of one kind in one column. ``lignes``: those of the delivery, all of them."""

    colonne: str
    genre: str
    masque: str
    lignes: Sequence[int]

    @property
    def dite(self) -> str:
        """« Contact » : 3 adresses électroniques (lignes 2, 5 et 9 ; forme « j…@… »)."""
        combien, cites = len(self.lignes), [str(n) for n in islice(self.lignes, LIGNES_CITEES)]
        if combien == 0:
            return f"colonne « {self.colonne} » : {GENRES[self.genre][0]} dans son titre"
        ou = f"ligne {cites[0]}" if combien == 1 else f"lignes {liste(cites)}" if combien <= LIGNES_CITEES else (
            f"lignes {', '.join(cites)}…"
        )  # fmt: skip
        return f"colonne « {self.colonne} » : {compte(combien, *GENRES[self.genre])} ({ou} ; forme « {self.masque} »)"


GENRES = {
    "courriel": ("adresse électronique", "adresses électroniques"),
    "telephone": ("numéro de téléphone", "numéros de téléphone"),
    "nir": ("numéro de sécurité sociale", "numéros de sécurité sociale"),
    "iban": ("compte bancaire", "comptes bancaires"),
    "personne": ("nom de personne", "noms de personnes"),
}


def sans_identifiants(lignes: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The delivery without the columns of identifiers that the source declares; they are never stored.

    Raises :class:`IdentifiantsRefuses` when any other column carries a personal identifier.
    """
    declares = set(source.traitement.identifiants) if source.traitement else set()
    gardees = lignes.loc[:, [c not in declares for c in lignes.columns]]
    if trouves := list(cherche(gardees)):
        dites = " ; ".join(t.dite for t in trouves[:COLONNES_CITEES])
        reste = len(trouves) - COLONNES_CITEES
        raise IdentifiantsRefuses(
            f"Source « {source.id} » : identifiants personnels non déclarés, rien n'en est gardé. {dites}"
            f"{f' ; et {reste} autres' if reste > 0 else ''}. Redemander la livraison sans eux, ou déclarer leurs "
            f"colonnes dans traitement.identifiants de sources/{source.id}.yml."
        )
    return gardees


def nom_tu(nom: str) -> str:
    """The name of a file as it may be kept and told: without an address, a phone or a number of a person."""
    return "nom tu (identifiant personnel)" if _genres(nom, frozenset()) else nom


def cherche(lignes: pd.DataFrame) -> Iterator[Trouvaille]:
    """Every kind of identifier found, a column at a time."""
    for rang, titre in enumerate(lignes.columns):
        nom, colonne = str(titre), lignes.iloc[:, rang]
        dans_titre = _genres(nom, frozenset()) or ({"personne": ""} if est_personne(nom) else {})
        if dans_titre:  # a row of data taken for the header: its words would be told back as names of columns
            nom = f"n° {rang + 1}"
            yield Trouvaille(nom, min(dans_titre), "", ())
        yield from _colonne(nom, str(titre), colonne)


def _colonne(nom: str, titre: str, colonne: pd.Series) -> Iterator[Trouvaille]:
    mots = _mots(titre)
    textes, rangs = _textes(colonne, mots)
    if textes is None:
        return
    trouves: dict[str, dict[int, str]] = {}
    for i in _candidats(textes):
        for genre, masque in _genres(str(textes[i]), mots).items():
            trouves.setdefault(genre, {})[i] = masque
    noms = _personnes(textes, mots)
    if noms:
        trouves.setdefault("personne", {}).update(noms)
    for genre, siens in sorted(trouves.items()):
        touchees = np.flatnonzero(np.isin(rangs, list(siens)))
        yield Trouvaille(nom, genre, next(iter(siens.values())), colonne.index[touchees].tolist())


def _textes(colonne: pd.Series, mots: frozenset[str]) -> tuple[np.ndarray | None, np.ndarray]:
    """Distinct texts, and the rank of each row among them (-1 for what is no text); None for a column of figures.

    Whole numbers of fifteen digits are read as texts: a spreadsheet keeps a NIR as a number.
    """
    if pd.api.types.is_bool_dtype(colonne) or pd.api.types.is_datetime64_any_dtype(colonne):
        return None, np.empty(0)
    if pd.api.types.is_numeric_dtype(colonne):
        chiffres = pd.to_numeric(colonne)
        grands = chiffres.between(1e14, 9e14)
        if not mots.isdisjoint(NUMEROS):
            grands |= chiffres.between(1e12, 9e12)
        if not mots.isdisjoint(TELEPHONES):
            grands |= chiffres.between(1e8, 1e9)
        if not grands.any():
            return None, np.empty(0)
        colonne = colonne.where(grands)
    rangs, distincts = pd.factorize(colonne.to_numpy(dtype=object))
    textes = np.array([x if isinstance(x, str) else _entier(x, mots) for x in distincts], dtype=object)
    return (textes, rangs) if len(textes) else (None, rangs)


def _entier(x: object, mots: frozenset[str]) -> str:
    """A NIR kept as a number; a phone only where the title says so: a spreadsheet drops its first zero."""
    if not (isinstance(x, int | np.integer) or (isinstance(x, float) and x.is_integer())):
        return ""
    if 1e14 <= x < 9e14 or (1e12 <= x < 9e12 and not mots.isdisjoint(NUMEROS)):
        return f"{x:.0f}"
    return f"0{x:.0f}" if 1e8 <= x < 1e9 and not mots.isdisjoint(TELEPHONES) else ""


def _candidats(textes: np.ndarray) -> np.ndarray:
    return np.flatnonzero(pc.match_substring_regex(pa.array(textes, pa.large_string()), TRI).to_numpy(False))


def _genres(texte: str, mots: frozenset[str]) -> dict[str, str]:
    """Kinds of identifiers in one text, each with its mask."""
    trouves: dict[str, str] = {}
    for genre, (motif, vrai, masque) in MOTIFS.items():
        for trouve in motif.finditer(texte):
            if vrai(trouve, mots):
                trouves[genre] = masque(trouve[0])
                break
    return trouves


def _nir(trouve: re.Match[str], mots: frozenset[str]) -> bool:
    """Fifteen digits whose key holds; thirteen only where they are spaced, or where the column says so."""
    numero = re.sub(r"\s", "", trouve["n"]).upper()
    if trouve["cle"] is None:
        return bool(trouve["s"]) or not mots.isdisjoint(NUMEROS)
    corse = numero.replace("2A", "19").replace("2B", "18")
    return corse.isdigit() and 97 - int(corse) % 97 == int(trouve["cle"])


def _de_personne(trouve: re.Match[str], _mots: frozenset[str]) -> bool:
    """The address of a service, that a producer writes beside its data, is nobody's."""
    return not est_de_service(trouve[0])


def _iban(trouve: re.Match[str], _mots: frozenset[str]) -> bool:
    compact = re.sub(r"\s", "", trouve[0])
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def _toujours(_trouve: re.Match[str], _mots: frozenset[str]) -> bool:
    return True


Vrai = Callable[[re.Match[str], frozenset[str]], bool]
MOTIFS: dict[str, tuple[re.Pattern[str], Vrai, Callable[[str], str]]] = {
    "courriel": (COURRIEL, _de_personne, lambda t: f"{t[0]}…@…"),
    "telephone": (TELEPHONE, _toujours, lambda t: "+33 …" if "33" in t[:4] else "0…"),
    "nir": (NIR, _nir, lambda t: f"{t[0]}…"),
    "iban": (IBAN, _iban, lambda _: "FR…"),
    "personne": (CIVILITE, _toujours, lambda t: f"{t.split()[0]} …"),
}


def _personnes(textes: np.ndarray, mots: frozenset[str]) -> dict[int, str]:
    """Names in a column whose title says that it holds some; a place never counts."""
    if _dit_prenom(mots):
        return {i: f"{t.strip()[0]}…" for i, t in enumerate(textes) if re.search(r"[^\W\d_]{2}", t)}
    if mots.isdisjoint(FONCTIONS | {"nom", "noms", "name", "identite"}) or not mots.isdisjoint(LIEUX):
        return {}
    trouves = {i: f"{t.strip()[0]}… …" for i, t in enumerate(textes) if est_personne(t)}
    pleins = sum(bool(t.strip()) for t in textes)
    return trouves if not mots.isdisjoint(FONCTIONS) or len(trouves) * 3 >= pleins else {}


def _dit_prenom(mots: frozenset[str]) -> bool:
    return not mots.isdisjoint(PRENOM) or any(c <= mots for c in CIVILS)


def est_personne(texte: str) -> bool:
    """« Jeanne DUPONT », « Durand Paul »: two to four capitalised words, one of them a common first name."""
    mots = re.split(r"[\s,]+", texte.strip())
    if not 2 <= len(mots) <= 4 or not all(re.fullmatch(r"[^\W\d_][^\d_]*", m) for m in mots):
        return False
    simples = [_sans_accent(m) for m in mots]
    if any(m in LIAISONS for m in simples) or not all(m[0].isupper() for m in mots):
        return False
    return any(m in PRENOMS or m.partition("-")[0] in PRENOMS for m in simples)


def _mots(titre: str) -> frozenset[str]:
    coupe = re.sub(r"([a-z])([A-Z])", r"\1 \2", titre)
    return frozenset(re.findall(r"[a-z]+", _sans_accent(coupe)))


def _sans_accent(texte: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", texte.lower()) if not unicodedata.combining(c))
