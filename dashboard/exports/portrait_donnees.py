"""What the portrait of a territory says: plain data, ready for the template. Words and drawings, no markup."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.domain.comparaison import Verdict, rang
from dashboard.domain.formatage import (
    compte,
    date_courte,
    date_longue,
    nombre,
    ordinal,
    pourcentage,
    signe,
)
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence, Periode, semaine_iso
from dashboard.domain.portrait import (
    Observation,
    Valeur,
    ecart,
    evolution,
    forces_faiblesses,
    groupe_semblable,
    intervalle,
    programmes_en_mots,
    texte,
)
from dashboard.domain.rattachement import communes_au_dehors, communes_ici, genre, parents
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports.portrait_lecture import HAUTES, Fonds
from dashboard.exports.portrait_programmes import carte_des_retards, multiples, programmes
from dashboard.figures.palette import ACCENT, ENCRE, ENCRE_SECONDE, FILET, FILET_FORT, STATUTS, TEXTES_STATUTS, forme
from dashboard.figures.portrait import base_100, carte_situation

COULEURS = {"encre": ENCRE, "second": ENCRE_SECONDE, "filet": FILET, "filet_fort": FILET_FORT, "accent": ACCENT}
NOM_COURT = 23


def portrait(fonds: Fonds, code: str) -> dict[str, Any]:
    """Everything the pages say of a territory, as JSON data. ``fonds`` must hold its series."""
    maille, places = maille_de(code), fonds.places
    suivis = _suivis(fonds, maille)
    hauts = parents(places, code, fonds.espace.code_region)
    return {
        "titre": _nom(fonds, code),
        "fil": [_nom(fonds, c) for c in reversed(hauts)],
        "genre": _genre(fonds, code),
        "code": code,
        "region": _nom(fonds, fonds.espace.code_region),
        "arrete": date_longue(fonds.arrete),
        "jour": [fonds.arrete.year, fonds.arrete.month, fonds.arrete.day],
        "pied": _pied(fonds, code, suivis),
        "phrase": _phrase(fonds, code),
        "programmes_en_mots": programmes_en_mots(fonds.etats[code]) if code in fonds.etats else "",
        "cles": [_cle(fonds, code, i) for i in suivis if i.id in fonds.espace.vitrine.cartes],
        "carte": _carte(fonds, code),
        "comparaison": _comparaison(fonds, code, suivis, hauts),
        "population": _population(fonds, code, hauts),
        "contrastes": contrastes(fonds, code),
        "programmes": programmes(fonds, code),
        "multiples": multiples(fonds, code) if maille in HAUTES else [],
        "contexte": [_au_repertoire(fonds, code, i) for i in fonds.contexte(maille) if i not in suivis],
        "definitions": [_definition(fonds, i) for i in suivis],
        "sources": _sources(fonds, code, suivis),
        "attribution": fonds.espace.attribution,
        "formes": {t: forme(t) for t in (*STATUTS, "perime")},
        "teintes": STATUTS,
        "textes_teintes": TEXTES_STATUTS,
        "couleurs": COULEURS,
    }


def _suivis(fonds: Fonds, maille: Maille) -> list[Indicateur]:
    """The key context: what is known down to the EPCI, so that every portrait says the same things."""
    return [i for i in fonds.contexte(maille) if Maille.EPCI in i.mailles]


def _nom(fonds: Fonds, code: str) -> str:
    return str(fonds.places.loc[code, "nom"])


def _court(fonds: Fonds, code: str) -> str:
    nom = "Région" if code == fonds.espace.code_region else _nom(fonds, code)
    return nom if len(nom) <= NOM_COURT else f"{nom[: NOM_COURT - 2].rstrip()}…"


def _genre(fonds: Fonds, code: str) -> str:
    mots, total = genre(fonds.places, code), communes_au_dehors(fonds.places, code)
    return f"{mots} sur {total} : partie régionale" if total else mots


def periode(v: Valeur | None) -> str:
    """« 2023 », « T1 2025 »; empty without a value."""
    return "" if v is None else Periode(v.debut, v.fin, Frequence(v.frequence)).texte


def _pied(fonds: Fonds, code: str, suivis: Sequence[Indicateur]) -> str:
    """Producer, date d'arrêté, perimeter, completeness: what must follow the figures wherever they go."""
    derniers = [fonds.derniere(code, i.id) for i in suivis]
    publies = sum(v is not None and not v.secret for v in derniers)
    secrets = sum(v is not None and v.secret for v in derniers)
    completude = f"Complétude : {publies} indicateurs de contexte publiés sur {len(suivis)}"
    completude += f", {compte(secrets, 'secret', 'secrets')}" if secrets else ""
    ici, total = communes_ici(fonds.places, code), communes_au_dehors(fonds.places, code)
    perimetre = f" Partie régionale : {compte(ici, 'commune', 'communes')} sur {total}." if total else ""
    sigles = dict.fromkeys(fonds.espace.producteur(i.producteur).sigle for i in suivis)
    return (
        f"Boussole, Région {_nom(fonds, fonds.espace.code_region)}. Arrêté au {date_courte(fonds.arrete)} "
        f"({semaine_iso(fonds.arrete)}).{perimetre} {completude}. Sources : {', '.join(sigles)}."
    )


def _phrase(fonds: Fonds, code: str) -> list[tuple[str, bool]]:
    suivi, region = fonds.espace.vitrine.evolution or "", fonds.espace.code_region
    v = fonds.derniere(code, suivi)
    if v is None or v.valeur is None:
        return [(f"{_nom(fonds, code)} : {_genre(fonds, code)}.", False)]
    return evolution(_nom(fonds, code), v, fonds.meme_periode(region, suivi, v) if code != region else None)


def _cle(fonds: Fonds, code: str, declare: Indicateur) -> dict[str, str]:
    """One big figure, and what it is to be read against."""
    v, region = fonds.derniere(code, declare.id), fonds.espace.code_region
    points = [x for x in fonds.serie(code, declare.id) if x.valeur is not None]
    detail = ""
    if declare.en_cercles and len(points) > 1:
        assert points[0].valeur is not None
        assert points[-1].valeur is not None
        gain = signe(points[-1].valeur - points[0].valeur, declare.decimales)
        detail = f"{gain} depuis {points[0].fin.year}"
    elif code != region:
        detail = f"région : {texte(declare, fonds.meme_periode(region, declare.id, v))}"
    date = "" if v is None or v.frequence == Frequence.P else periode(v)
    return {"libelle": declare.libelle_court, "date": date, "valeur": texte(declare, v), "detail": detail}


def _carte(fonds: Fonds, code: str) -> dict[str, str]:
    maille, region = maille_de(code), fonds.espace.code_region
    if fonds.carte is None:
        return {"svg": "", "alt": "", "legende": ""}
    if maille is Maille.REGION and (retards := carte_des_retards(fonds)):
        return retards
    lieu = fonds.trait(code) if maille is not Maille.REGION else None
    epci = fonds.places.at[code, "epci"] if maille is Maille.COMMUNE else None
    accueil = fonds.trait(epci) if isinstance(epci, str) else None
    ou = "et ses départements" if maille is Maille.REGION else f"et, en couleur pleine, {_nom(fonds, code)}"
    teinte = f", dans {_nom(fonds, epci)} en couleur claire" if accueil is not None and isinstance(epci, str) else ""
    alt = f"Carte : la région {_nom(fonds, region)} {ou}{teinte}."
    return {"svg": carte_situation(fonds.carte, lieu, accueil), "alt": alt, "legende": ""}


def _comparaison(fonds: Fonds, code: str, suivis: Sequence[Indicateur], hauts: Sequence[str]) -> dict[str, Any]:
    maille, region = maille_de(code), fonds.espace.code_region
    total = int((fonds.places["maille"] == maille).sum())
    colonnes = [_court(fonds, c) for c in hauts]
    fin = ["Écart à la région", f"Rang sur {nombre(total)} {maille.pluriel}"]
    if maille is Maille.REGION:
        colonnes, fin = ["Département le plus bas", "Département le plus haut"], []
    lignes = [_ligne(fonds, code, i, hauts) for i in suivis]
    titre = "D'un département à l'autre" if code == region else "Face à ceux qui le contiennent"
    return {"titre": titre, "sujet": "Région" if code == region else "Ici", "colonnes": colonnes, "fin": fin,
            "lignes": lignes}  # fmt: skip


def _ligne(fonds: Fonds, code: str, declare: Indicateur, hauts: Sequence[str]) -> dict[str, Any]:
    v, region = fonds.derniere(code, declare.id), fonds.espace.code_region
    entre = intervalle(declare, v)
    ligne: dict[str, Any] = {
        "libelle": declare.libelle_court,
        "date": "" if v is None or v.frequence == Frequence.P else periode(v),
        "reserve": _reserve(v),
        "valeur": texte(declare, v),
        "intervalle": f"{nombre(entre.bas, 1)} à {nombre(entre.haut, 1)}" if entre else "",
        "autres": [_repere(declare, v, fonds.meme_periode(c, declare.id, v)) for c in hauts],
        "ecart": "", "verdict": "", "place": None, "rang": "",
    }  # fmt: skip
    if code == region:
        return ligne | {"autres": _extremes(fonds, declare, v)}
    gap, v_ = ecart(declare, v, fonds.meme_periode(region, declare.id, v))
    ligne |= {"ecart": gap, "verdict": "" if v_ is None else v_.libelle.replace("significativement ", "")}
    return ligne | _place(fonds, code, declare, v, v_)


def _repere(declare: Indicateur, v: Valeur | None, autre: Valeur | None) -> str:
    """The value of a parent: its unit is said by the first column, unless nothing is shown there."""
    nue = v is not None and v.valeur is not None and autre is not None and not autre.secret and declare.unite != "%"
    return nombre(autre.valeur, declare.decimales) if nue and autre else texte(declare, autre)


def _reserve(v: Valeur | None) -> str:
    """Said only when something is missing: « 99,9 % des communes »."""
    if v is None or v.completude is None or v.completude >= 1:
        return ""
    return f"complet à {pourcentage(min(100 * v.completude, 99.9))}"


def _extremes(fonds: Fonds, declare: Indicateur, v: Valeur | None) -> list[str]:
    """The lowest and the highest département, at the région's own period."""
    tous = fonds.pairs.get((declare.id, Maille.DEPARTEMENT, v.fin), {}) if v else {}
    if not tous:
        return ["", ""]
    bouts = min(tous, key=lambda c: (tous[c], c)), max(tous, key=lambda c: (tous[c], c))
    return [f"{_nom(fonds, c)} {texte(declare, v._replace(valeur=tous[c], statut='A')) if v else ''}" for c in bouts]


def _place(
    fonds: Fonds, code: str, declare: Indicateur, v: Valeur | None, verdict: Verdict | None
) -> dict[str, Any]:  # fmt: skip
    """Position among its maille, in percent from the lowest; no rank when the région cannot be told from it."""
    ordre = fonds.ordres.get((declare.id, maille_de(code), v.fin), ()) if v else ()
    if v is None or v.valeur is None or len(ordre) < 3 or ordre[0] == ordre[-1]:
        return {"place": None, "rang": ""}
    dessous, dessus = bisect_left(ordre, v.valeur), len(ordre) - bisect_right(ordre, v.valeur)
    place = 100 * dessous / (dessous + dessus)
    rang_ = rang(ordre, v.valeur, distinguable=verdict is not Verdict.NON_DISTINGUABLE)
    if declare.en_cercles:  # a number follows the size of the place: a rank would say no more
        return {"place": round(place, 1), "rang": "selon la taille"}
    ex = " ex æquo" if rang_ and rang_.ex_aequo else ""
    return {"place": round(place, 1), "rang": f"{ordinal(rang_.rang)}{ex}" if rang_ else ""}


def _population(fonds: Fonds, code: str, hauts: Sequence[str]) -> dict[str, str] | None:
    suivi = fonds.espace.vitrine.serie or ""
    lignes = [
        (_court(fonds, c), [(v.fin, v.valeur) for v in fonds.serie(c, suivi) if v.valeur is not None], c == code)
        for c in (code, *hauts, *fonds.compares(code))
    ]
    lignes = [(nom, points, sujet) for nom, points, sujet in lignes if len(points) > 1 and points[0][1]]
    if not any(sujet for *_, sujet in lignes):
        return None
    mots = [f"{n} {nombre(100 * p[-1][1] / p[0][1], 1)} en {p[-1][0].year}" for n, p, _ in lignes]
    titre = f"Population, base 100 en {lignes[0][1][0][0].year}"
    return {"titre": titre, "svg": base_100(lignes), "alt": f"{titre} : {' ; '.join(mots)}."}


def contrastes(fonds: Fonds, code: str) -> dict[str, Any]:
    """What stands out, in words made by rule. Of ``fonds``, only the figures and the programmes of ``code`` count."""
    maille, observations, groupe = maille_de(code), [], groupe_semblable(fonds.places, code)
    for declare in fonds.contexte(maille) if maille is not Maille.REGION else []:
        v = fonds.derniere(code, declare.id)
        tous: Mapping[str, float] = fonds.pairs.get((declare.id, maille, v.fin), {}) if v else {}
        observations.append(Observation(declare, v, tuple(tous[c] for c in groupe.codes if c in tous)))
    c = forces_faiblesses(observations, fonds.etats.get(code, ()))
    groupes = [
        ("Forces", "force", c.forces),
        ("Faiblesses", "faiblesse", c.faiblesses),
        ("Plus haut qu'ailleurs", "haut", c.au_dessus),
        ("Plus bas qu'ailleurs", "bas", c.en_dessous),
    ]
    restes = ("autre chiffre ne se distingue pas", "autres chiffres ne se distinguent pas")
    return {
        "titre": "Forces et faiblesses" if c.forces or c.faiblesses else "Ce qui le distingue",
        "groupe": groupe.description if maille is not Maille.REGION else "",
        "groupes": [
            {"titre": titre, "nuance": nuance, "lignes": [{"titre": x.titre, "phrase": x.phrase} for x in lus]}
            for titre, nuance, lus in groupes if lus
        ],
        "indistincts": compte(c.indistincts, *restes) if c.indistincts else "",
        "propres": code in fonds.etats,
    }  # fmt: skip


def _au_repertoire(fonds: Fonds, code: str, declare: Indicateur) -> dict[str, str]:
    v = fonds.derniere(code, declare.id)
    return {"libelle": declare.libelle_court, "valeur": texte(declare, v), "date": periode(v) or "n.d.",
            "source": fonds.espace.producteur(declare.producteur).sigle}  # fmt: skip


def _definition(fonds: Fonds, declare: Indicateur) -> dict[str, str]:
    sigle = fonds.espace.producteur(declare.producteur).sigle
    return {"libelle": declare.libelle, "definition": declare.definition, "source": sigle, "note": declare.note}


def _sources(fonds: Fonds, code: str, suivis: Sequence[Indicateur]) -> list[dict[str, str]]:
    """Who publishes what this portrait shows, and under which licence; each said once."""
    maille = maille_de(code)
    montres = fonds.contexte(maille) if maille in HAUTES else list(suivis)
    montres += [s.indicateur for e in fonds.etats[fonds.code_programmes(code)] for s in e.situations]
    paires = dict.fromkeys((i.producteur, i.licence) for i in montres)
    producteurs = [(fonds.espace.producteur(p), licence) for p, licence in paires]
    return [{"sigle": p.sigle, "nom": p.nom, "licence": licence} for p, licence in producteurs]
