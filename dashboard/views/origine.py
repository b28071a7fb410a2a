"""Where a figure comes from: source note, full record, formula with its numbers, lot and sha256, every value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from dashboard.domain.avertissements import avertissements as dits
from dashboard.domain.formatage import avec_unite, date_courte, jour_local, nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.phrases import valeur
from dashboard.store.tirages import REUSSIS
from dashboard.views import blocs, cached
from dashboard.views.fiche import Fiche, completude, derniere_periode
from dashboard.views.html import Sur, balise, joindre, joint, lien_externe
from dashboard.views.preuve import adresse, preuve


def note_source(declare: Indicateur) -> Sequence[str]:
    """Source, licence, and whether it is context."""
    producteur = cached.app().espace.producteur(declare.producteur)
    contexte = "Contexte, pas un résultat de politique régionale. " if declare.est_contexte else ""
    source = f"Source : {producteur.sigle}, {declare.licence}."
    return [f"{contexte}{declare.definition} {source}"]


def metadonnees(declare: Indicateur) -> Sur:
    """The whole record, in words."""
    producteur = cached.app().espace.producteur(declare.producteur)
    methodes = {"somme": "somme des territoires", "ratio": "somme des numérateurs sur somme des dénominateurs",
                "aucune": "jamais agrégé : seules les valeurs publiées sont montrées"}  # fmt: skip
    return blocs.definitions(
        {
            "Définition": declare.definition,
            "Formule": declare.formule,
            "Unité": declare.unite,
            "Agrégation": methodes.get(declare.agregation.value, declare.agregation.value),
            "Niveaux": ", ".join(m.pluriel for m in declare.mailles),
            "Producteur": producteur.nom,
            "Signaler un problème au producteur": joindre(producteur),
            "Tirage": direct(declare.source_directe, [declare], cached.version()) if declare.source_directe else None,
            "Rythme": rythme(declare.rythme_mois, declare.delai_mois),
            "Licence": declare.licence,
            "Secret statistique": f"masqué en dessous de {declare.min_unites} unités" if declare.min_unites else None,
            "Réserve": declare.note or None,
            "Identifiant": declare.id,
        }
    )


def rythme(mois: int, delai: int) -> str:
    """« tous les 12 mois, 6 mois de délai »."""
    return f"{f'tous les {nombre(mois)} mois' if mois > 1 else 'mensuel'}, {nombre(delai)} mois de délai"


def direct(source: str, siens: Sequence[Indicateur], version: int) -> str:
    """Was the producer's own endpoint ever pulled here? Else, of when are the shipped figures?"""
    tires = cached.tirages_directs(version)
    tires = tires[tires["source"] == source]
    reussis = tires[tires["etat"].isin(REUSSIS)]
    echec = ""
    if len(tires) and tires.iloc[0]["etat"] not in REUSSIS:
        echec = f" ; dernier essai sans succès le {date_courte(jour_local(tires.iloc[0]['quand']))}"
    if len(reussis):
        return f"tiré en direct le {date_courte(jour_local(reussis.iloc[0]['quand']))}{echec}"
    jour = cached.date_livree(version, siens[0].source, tuple(i.id for i in siens))
    return f"jamais tiré en direct ici ; chiffres livrés{f' du {date_courte(jour)}' if jour else ''}{echec}"


def pourquoi(f: Fiche) -> Sur:
    """Formula with its numbers, source row, lot and sha256 of the last figure."""
    if f.serie["valeur"].notna().sum() == 0:
        return balise("p", "Aucun chiffre à expliquer ici.", classe="b-note")
    ligne = f.serie[f.serie["valeur"].notna()].iloc[-1]
    sources = cached.provenance(f.vue.lecteur, f.vue.version, f.declare.id, f.code)
    sources = sources[sources["fin"] == ligne["fin"]]
    paires: dict[str, str | None] = {
        "Chiffre": f"{valeur(f.declare, ligne['valeur'])}, {derniere_periode(f).texte}, {f.nom}",
        "Calcul": _calcul(f.declare, ligne),
        "Complétude": completude(f)[0][1],
    }
    if pd.notna(ligne["calculee"]) and abs(ligne["calculee"] - ligne["valeur"]) > 1e-9:
        paires["Contrôle"] = (
            f"la somme des parties donne {valeur(f.declare, ligne['calculee'])} ; le chiffre publié l'emporte"
        )
    for source in sources.itertuples():
        paires |= _origine(source)
    if sources.empty:
        paires["Origine"] = "calculé par Boussole à partir des territoires qui composent celui-ci"
    suite = balise("a", "Toute la chaîne : calcul, territoires, objectif", classe="b-lien",
                   href=adresse(f.declare.id, f.code, derniere_periode(f).code))  # fmt: skip
    return joint(blocs.definitions(paires), balise("p", suite, classe="b-note"))


def _calcul(declare: Indicateur, ligne: pd.Series) -> str:
    if pd.notna(ligne["denominateur"]):
        return f"{declare.formule} : {nombre(ligne['numerateur'], 1)} ÷ {nombre(ligne['denominateur'], 1)}"
    return declare.formule


def _origine(source: object) -> dict[str, str | None]:
    jour, url = source.date_source, source.source_url  # type: ignore[attr-defined]
    return {
        "Source": f"{source.source}, ligne {nombre(source.ligne_source)}",  # type: ignore[attr-defined]
        "Publié par le producteur le": date_courte(jour) if isinstance(jour, date) else None,
        "Adresse": url and lien_externe(str(url), str(url)),
        "Remarque": source.note,  # type: ignore[attr-defined]
        "Lot": f"{source.lot} du {date_courte(jour_local(source.cree_le))}",  # type: ignore[attr-defined]
        "Empreinte sha256": source.sha256,  # type: ignore[attr-defined]
    }


def toutes_valeurs(f: Fiche) -> Sur:
    """The text equivalent of the chart."""
    lignes = [
        [Periode(v.debut, v.fin, Frequence(v.frequence)).texte,
         _prouve(f, v)]
        for v in f.serie.sort_values("fin", ascending=False).itertuples()
    ]  # fmt: skip
    return blocs.table([("Période", False), ("Valeur", True)], lignes, "Toutes les valeurs de la série")


def _prouve(f: Fiche, v: Any) -> Sur:
    """Each figure of the series leads to its own explanation."""
    texte = avec_unite(v.valeur, f.declare.unite, f.declare.decimales, secret=v.statut == "Q")
    return preuve(texte, f.declare.id, f.code, Periode(v.debut, v.fin, Frequence(v.frequence)).code)


def avertissements(f: Fiche) -> list[str]:
    """What may be read wrongly in this series, from its record and its own numbers."""
    connues = f.serie[f.serie["debut"] <= f.vue.arrete] if len(f.serie) else f.serie
    notes = cached.provenance(f.vue.lecteur, f.vue.version, f.declare.id, f.code)["note"].dropna()
    buts = [f.situation.objectif, *(o for o, _ in f.situation.autres)]
    return dits(f.declare, connues, [str(n) for n in notes.unique()], [b.auteur for b in buts if b])
