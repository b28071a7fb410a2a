"""Where the service runs, whom it may call, what was proven of it; and what is accessible, or was not audited."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import instantane_etat, souverainete
from dashboard.audits_secret import dernier_audit
from dashboard.domain.formatage import compte, date_courte, nombre
from dashboard.domain.organisme import Prestataire
from dashboard.domain.souverainete import Preuve, Sortie
from dashboard.exports.qualite import Bilan
from dashboard.serving.fond import fond_declare
from dashboard.souverainete import PreuveIllisible
from dashboard.views import blocs, cached
from dashboard.views.html import Sur, affiche, balise, joint, lien_externe
from dashboard.views.qualite_tables import pastille

DECLARER = "La Région le déclare dans espace.yml, clé souverainete ; voir l'aide d'exploitation."


def montre(b: Bilan) -> None:
    """Two columns: what is declared and called; what was proven and checked."""
    gauche, droite = st.columns(2, gap="large")
    sorties = souverainete.sorties(cached.app(), [j.source for j in b.jeux])
    with gauche:
        blocs.carte(balise("h2", "Hébergement", classe="b-h2"), _hebergement())
        blocs.carte(balise("h2", "Sous-traitants", classe="b-h2"), _sous_traitants())
        blocs.carte(balise("h2", "Ce qui peut être appelé", classe="b-h2"), _sorties(sorties))
    with droite:
        blocs.carte(balise("h2", "Aucun appel à un tiers", classe="b-h2"), _preuve())
        blocs.carte(balise("h2", "Secret statistique", classe="b-h2"), _secret())
        blocs.carte(balise("h2", "Fond de carte", classe="b-h2"), balise("p", _fond()))
        blocs.carte(balise("h2", "Dernier instantané", classe="b-h2"), _instantane())
    blocs.sous_titre("Accessibilité")
    _accessibilite()


def phrase() -> str:
    """The state of the proof in a few words, for the head of the page."""
    try:
        lue = souverainete.preuve()
    except PreuveIllisible:
        return "Souveraineté : la preuve d'absence d'appel à un tiers est illisible."
    if lue is None:
        return "Souveraineté : aucune preuve d'absence d'appel à un tiers n'a été faite."
    return f"Souveraineté : {lue.phrase}."


def _hebergement() -> Sur:
    declare = cached.app().espace.souverainete.hebergement
    return _prestataire(declare) if declare else _non_declare("l'hébergeur, le lieu et la qualification")


def _non_declare(quoi: str) -> Sur:
    return joint(pastille("Non déclaré", "nonmesure"), balise("p", f"À dire : {quoi}. {DECLARER}"))


def _prestataire(p: Prestataire) -> Sur:
    return balise("p", balise("strong", lien_externe(str(p.url) if p.url else None, p.nom)), f" : {p.role}, {p.lieu}.")


def _sous_traitants() -> Sur:
    declares = cached.app().espace.souverainete.sous_traitants
    logiciel = balise("p", "Le logiciel n'en demande aucun : ni mesure d'audience, ni police ou script distant.")
    if declares is None:
        return joint(_non_declare("qui traite des données pour la Région, où, pour quoi faire"), logiciel)
    if not declares:
        return joint(balise("p", balise("strong", "Aucun, déclare la Région.")), logiciel)
    return joint(*(_prestataire(p) for p in declares), logiciel)


def _sorties(sorties: Sequence[Sortie]) -> Sur:
    """Every host, who calls it, for what; the browser's own calls apart."""
    serveur = [s for s in sorties if s.qui == "le serveur"]
    if not sorties:
        return balise("p", "Personne : aucune source en ligne, aucun courrier, aucun fond de carte n'est réglé.")
    lignes = [
        [balise("code", s.hote), joint(s.pourquoi if s in serveur else f"{s.pourquoi} ({s.qui})")] for s in sorties
    ]
    table = blocs.table([("Machine", False), ("Pour quoi", False)], lignes, "Machines qui peuvent être appelées",
                        "b-table b-fiches", entiere=True)  # fmt: skip
    combien = compte(len(serveur), "machine", "machines")
    dit = (
        f"Le serveur peut appeler {combien} et, pour une source en ligne, les adresses publiques où elle le renvoie. "
        "Rien n'y est dit du lecteur."
    )
    return joint(balise("p", dit), table)


def _preuve() -> Sur:
    try:
        lue = souverainete.preuve()
    except PreuveIllisible as erreur:
        return joint(pastille("Preuve illisible", "retard"), balise("p", str(erreur)))
    if lue is None:
        return joint(pastille("Aucune preuve faite", "nonmesure"),
                     balise("p", "L'exploitant la fait par « make preuve » : un navigateur ouvre chaque page et note "
                            "tout ce qu'elle demande."))  # fmt: skip
    return joint(_verdict(lue), blocs.lignes(_chiffres(lue)), balise("p", COMMENT))


COMMENT = (
    "Un navigateur sans cache ouvre chaque page et note chaque requête et chaque canal ; la politique de sécurité "
    "(CSP) lui interdit tout autre hôte. La refaire : « make preuve »."
)


def _verdict(lue: Preuve) -> Sur:
    mot = "Rien ne sort du navigateur" if lue.tenue else "Des requêtes sortent du navigateur"
    fautes = [*lue.etrangeres, *lue.refus][:5]
    liste = balise("ul", *(balise("li", f) for f in fautes), classe="b-puces-simples") if fautes else ""
    nouvelles = souverainete.pages_sans_preuve(lue)
    reste = f"Pages ajoutées depuis, à ouvrir aussi : {', '.join(nouvelles)}." if nouvelles else ""
    return joint(pastille(mot, "trajectoire" if lue.tenue else "retard"), balise("p", f"{lue.phrase}. {reste}"), liste)


def _chiffres(lue: Preuve) -> list[tuple[str, str]]:
    return [
        ("Pages ouvertes", nombre(len(lue.pages))),
        ("Écrans", ", ".join(t.replace("x", " × ") for t in lue.tailles)),
        ("Requêtes observées", nombre(lue.requetes)),
        ("Vers un tiers", nombre(len(lue.etrangeres))),
        ("Refus de la politique de sécurité", nombre(len(lue.refus))),
        ("Navigateur", lue.navigateur),
        ("Version du logiciel", lue.version),
    ]


def _fond() -> str:
    fond = fond_declare(cached.app().reglages.fond_de_carte)
    if fond is None:
        return "Aucun : la carte est dessinée avec nos contours, servis par cette machine."
    return f"{fond.nom} ({fond.hote}) : le navigateur ne l'appelle que si le lecteur l'affiche."


def _secret() -> Sur:
    """The last audit of what is hidden: by the sums of everything published, nothing within 10 %."""
    audit = dernier_audit(cached.app().reglages)
    if audit is None:
        return joint(pastille("Jamais audité ici", "nonmesure"),
                     balise("p", "L'exploitant lance « python -m dashboard secret », profil agent."))  # fmt: skip
    cachees = compte(audit.cachees, "valeur cachée vérifiée", "valeurs cachées vérifiées")
    mot, teinte = ("Rien ne se retrouve", "trajectoire") if audit.tient else ("Une valeur se retrouve", "retard")
    dit = f"Le {date_courte(audit.quand)}, {cachees}, en recoupant tout ce qui est publié : à ±10 % près."
    return joint(pastille(mot, teinte), balise("p", dit))


def _instantane() -> Sur:
    """Its seal, checked when the page is drawn; reading every byte is on its own page."""
    if not cached.semaines():
        return joint(pastille("Aucun publié", "nonmesure"), balise("p", "L'exploitant lance « make snapshot »."))
    controle = instantane_etat.controle(cached.app().reglages)
    teinte = "trajectoire" if controle.ok else "retard"
    return joint(pastille("Intact" if controle.ok else "À revoir", teinte), balise("p", controle.message))


def _accessibilite() -> None:
    """What is checked at each version, and what nobody checked: no claim of conformity."""
    blocs.note("Non audité au RGAA : aucun audit de conformité n'a été fait, le taux de conformité n'est pas connu.")
    gauche, droite = st.columns(2, gap="large")
    with gauche:
        affiche(balise("h3", "Vérifié par les tests à chaque version", classe="b-h2"), _puces(VERIFIE))
    with droite:
        affiche(balise("h3", "Pas vérifié", classe="b-h2"), _puces(PAS_VERIFIE))
    blocs.note("Une difficulté ? La signaler à la Région, avec l'adresse de la page.")


VERIFIE = (
    "Aucune barrière grave ou critique selon axe, sur chaque page, à 1440 × 900 et à 390 × 844.",
    "Langue déclarée, un titre par page, aucun débordement horizontal sur téléphone.",
    "Contraste des couleurs de statut d'au moins 3 pour 1 ; jamais la couleur seule : forme, couleur et mot.",
    "La carte a son équivalent en tableau.",
)
PAS_VERIFIE = (
    "Les 106 critères du RGAA par un auditeur.",
    "Les lecteurs d'écran (NVDA, VoiceOver) par des personnes qui s'en servent.",
    "Le parcours complet au clavier, et l'agrandissement à 200 et 400 %.",
    "Les PDF et classeurs exportés.",
)


def _puces(points: Sequence[str]) -> Sur:
    return balise("ul", *(balise("li", p) for p in points), classe="b-puces-simples")
