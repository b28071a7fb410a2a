"""``python -m dashboard secret``: does what is published keep what it hides? For agents: it reads the true figures."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from dashboard import audits_secret, bootstrap, lecture_cli, paquets_secret
from dashboard.domain.formatage import compte, pourcentage
from dashboard.store.moteur import verifie

FAIT, REFUSE = 0, 1


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    analyseur.add_argument("indicateur", nargs="?", metavar="INDICATEUR", help="tous ceux qui ont une règle, sinon")
    aide = "deux dossiers d'instantanés mis ensemble, sans regarder le magasin"
    analyseur.add_argument("--paquets", nargs=2, metavar=("A", "B"), type=Path, help=aide)
    analyseur.add_argument("--format", choices=["table", "json"], default="table")


def audite(options: argparse.Namespace) -> int:
    """0 when nothing hidden is found again, 1 otherwise."""
    app = bootstrap.ouvre()
    audits_secret.exige_agent(app)
    if options.paquets:
        return _paquets(app, options)
    verifie(app.moteur)
    choisis = [lecture_cli.indicateur(app, options.indicateur)] if options.indicateur else []
    if choisis and not choisis[0].a_secret:
        raise lecture_cli.Inconnu(
            f"Indicateur « {choisis[0].id} » : aucune règle de secret déclarée, rien à auditer. "
            "Déclarer min_unites ou dominance, ou choisir un autre indicateur."
        )
    audit = audits_secret.audite_tout(app, choisis)
    if options.format == "json":
        print(json.dumps(audits_secret.en_json(audit), ensure_ascii=False, allow_nan=False))
    else:
        print(
            "\n".join(
                [
                    *map(_dit, audit.lignes),
                    *map(_dit_paire, audit.paires),
                    *map(_dit_lien, audit.liens),
                    _conclut(audit),
                ]
            )
        )
    return FAIT if audit.tient else REFUSE


def _dit(ligne: audits_secret.Ligne) -> str:
    etroit = "aucun intervalle fermé"
    if np.isfinite(ligne.plus_etroit):
        etroit = f"intervalle le plus étroit à {pourcentage(100 * ligne.plus_etroit, 0)} de la valeur"
    cachees = (
        f"{compte(ligne.primaires, 'cachée', 'cachées')} d'office, {compte(ligne.secondaires, 'ajoutée', 'ajoutées')}"
    )
    verdict = "tient" if ligne.tient else f"NE TIENT PAS : {compte(ligne.retrouvees, 'retrouvée', 'retrouvées')}"
    if ligne.figures:
        verdict += f", {compte(ligne.figures, 'chiffre montré', 'chiffres montrés')}"
    return f"{ligne.indicateur} {ligne.periode}, lot {ligne.lot} : {cachees}, {etroit}, {verdict}"


def _dit_paire(p: audits_secret.LignePaire) -> str:
    faits = [
        (p.paire.rendues, "rendue", "rendues"),
        (p.paire.croisees, "retrouvée en croisant", "retrouvées en croisant"),
        (p.paire.deja_publiees, "déjà publiée avant d'être cachée", "déjà publiées avant d'être cachées"),
    ]
    mots = ", ".join(compte(n, un, plusieurs) for n, un, plusieurs in faits if n) or "rien ne se retrouve"
    tient = "tient" if p.paire.tient else "NE TIENT PAS"
    return f"{p.indicateur} {p.periode}, lots {p.lots[0]} et {p.lots[1]} : {mots}, {tient}"


def _dit_lien(x: audits_secret.Lien) -> str:
    cellules = compte(x.cellules, "chiffre caché", "chiffres cachés")
    return (
        f"{x.indicateur} {x.periode} : « {x.autre} » montre {cellules} (colonne {x.colonne}), NE TIENT PAS. "
        "Déclarer la même règle de secret sur les deux."
    )


def _conclut(audit: audits_secret.Audit) -> str:
    cachees = compte(audit.cachees, "valeur cachée auditée", "valeurs cachées auditées")
    return f"{cachees} : {'le secret tient' if audit.tient else 'LE SECRET NE TIENT PAS'}."


def _paquets(app: bootstrap.Application, options: argparse.Namespace) -> int:
    trouvees = paquets_secret.croise(app, *options.paquets)
    if options.format == "json":
        print(json.dumps({"tient": not trouvees.fautes, **trouvees.en_json()}, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(trouvees.phrases()))
    return REFUSE if trouvees.fautes else FAIT
