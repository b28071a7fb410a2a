"""What the reader asks of the map: classes, reference, comparison, selection, view. In the address, as ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.domain.formatage import date_courte
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.figures.methodes import LIBELLES, Reglage, lis_seuils
from dashboard.serving.fond import fond_declare
from dashboard.views import blocs, cached, filtres, selecteurs
from dashboard.views.carte_donnees import valeur_regionale
from dashboard.views.filtres import Vue

REPERES = {"aucun": "Aucun", "region": "La valeur de la région", "cible": "La cible régionale", "zero": "Zéro"}
CLICS = {"portrait": "Portrait", "descendre": "Descendre", "choisir": "Choisir"}
CLICS_DITS = {
    "portrait": " Cliquer un territoire ouvre son portrait.",
    "descendre": " Cliquer un territoire descend d'une échelle et cadre la carte sur lui.",
    "choisir": " Cliquer un territoire l'ajoute à la sélection, ou l'en retire.",
}
CADRE_DIT = " Un cadre tracé sur la carte (Maj et glisser, ou le bouton en pointillé) sélectionne ce qu'il contient."
CLES = ("indicateur", "maille", "periode", "vue", "methode", "seuils", "repere", "defile", "comparer",
        "comparer_periode", "choix", "clic", "zoom", "noms", "contours", "fond", "classes")  # fmt: skip
CHOISIS_MAX = 20


@dataclass(frozen=True)
class Demande:
    """All that the address says beside the indicator, the scale and the period. ``fond``: address of the tiles under
    the map. ``locales``: the values of the framed territory alone decide of the classes."""

    reglage: Reglage
    defile: bool
    comparer: str | None
    comparer_periode: str | None
    choisis: tuple[str, ...]
    clic: str
    zoom: bool
    noms: bool
    contours: bool
    fond: str | None = None
    locales: bool = False


def lis(vue: Vue, declare: Indicateur, maille: Maille, periodes: Mapping[str, str], periode: str) -> Demande:
    """Reads the address; what cannot be done is told in a sentence and left out.

    The sentences have their own place, empty or not: the map under it is never mounted again for one of them."""
    with st.container():
        return _lis(vue, declare, maille, periodes, periode)


def _lis(vue: Vue, declare: Indicateur, maille: Maille, periodes: Mapping[str, str], periode: str) -> Demande:
    ids = {"", *cached.visibles(vue.lecteur, vue.version)} - {declare.id}
    zoom = _oui("zoom") and Maille(vue.territoire["maille"]).rang in range(1, maille.rang)
    locales = filtres.choix("classes", ["region", "cadre"], "region", "étendue des classes") == "cadre"
    return Demande(
        reglage=_reglage(vue, declare, periode),
        defile=_oui("defile") and len(periodes) > 1,
        comparer=filtres.choix("comparer", sorted(ids), "", "indicateur à comparer") or None,
        comparer_periode=filtres.choix("comparer_periode", ["", *periodes], "", "période à comparer") or None,
        choisis=_choisis(vue),
        clic=filtres.choix("clic", list(CLICS), "portrait", "effet du clic"),
        zoom=zoom,
        noms=filtres.choix("noms", ["1", "0"], "1", "affichage des noms") == "1",
        contours=_oui("contours"),
        fond=_fond(),
        locales=locales and zoom,
    )


def _fond() -> str | None:
    """Tiles under the map: only when this server declares them and the reader asked."""
    if not _oui("fond"):
        return None
    declare = fond_declare(cached.app().reglages.fond_de_carte)
    if declare is None:
        filtres.dis("Ce serveur ne propose pas de fond de carte ; voici la carte sans lui.")
        filtres.note("fond", None)
    return declare.tuiles if declare else None


def maille_absente(declare: Indicateur, mailles: list[Maille]) -> None:
    """Says, in the indicator's own words, that it does not exist at the scale the address asks for."""
    demandee = filtres.texte_libre("maille", 20)
    connues = {m.value: m for m in Maille}
    if demandee in connues and connues[demandee] not in mailles:
        voulue, repli = connues[demandee].libelle.lower(), mailles[-1].libelle
        repli = repli if mailles[-1] is Maille.EPCI else repli.lower()
        voulue = "EPCI" if connues[demandee] is Maille.EPCI else voulue
        filtres.dis(f"« {declare.libelle} » n'est pas publié par {voulue} ; voici la carte par {repli}.")
        filtres.note("maille", None)


def _oui(cle: str) -> bool:
    return filtres.choix(cle, ["0", "1"], "0", cle) == "1"


def _reglage(vue: Vue, declare: Indicateur, periode: str) -> Reglage:
    methode = filtres.choix("methode", list(LIBELLES), "defaut", "méthode de classes")
    texte, seuils = filtres.texte_libre("seuils", 80), ()
    if texte and methode in ("defaut", "main"):
        try:
            seuils, methode = lis_seuils(texte), "main"
        except ValueError as refus:
            filtres.dis(f"{refus} Voici les classes par défaut.")
            filtres.note("seuils", None)
    if methode == "main" and not seuils:
        methode = "defaut"
    repere = filtres.choix("repere", list(REPERES), "aucun", "repère")
    if declare.en_cercles or repere == "aucun":
        return Reglage(methode, seuils)
    centre, nom = _centre(vue, declare, periode, repere)
    if centre is None:
        filtres.dis(f"« {declare.libelle} » n'a pas {nom} : les couleurs ne sont centrées sur rien.")
    return Reglage(methode, seuils, centre, nom)


def _centre(vue: Vue, declare: Indicateur, periode: str, repere: str) -> tuple[float | None, str]:
    if repere == "zero":
        return 0.0, "zéro"
    if repere == "region":
        v = valeur_regionale(vue, declare, periode)
        return v, f"la région ({valeur(declare, v)})" if v is not None else "de valeur régionale à cette période"
    cibles = cached.objectifs(vue.lecteur, vue.version, (declare.id,))
    siennes = cibles[(cibles["code_territoire"] == cached.app().espace.code_region) & cibles["valeur"].notna()]
    if siennes.empty:
        return None, "de cible régionale"
    derniere = siennes.iloc[-1]
    quand = f" au {date_courte(derniere['echeance'])}" if derniere["echeance"] else ""
    return float(derniere["valeur"]), f"la cible régionale{quand} ({valeur(declare, float(derniere['valeur']))})"


def _choisis(vue: Vue) -> tuple[str, ...]:
    """Selected territories; those merged since lead to the one that holds them."""
    texte = filtres.texte_libre("choix", 600)
    if not texte:
        return ()
    codes = vue.territoires.index
    suivis = [c if c in codes else (cached.successeur(vue.version, c[:60]) or (c,))[0] for c in texte.split(",") if c]
    filtres.note("choix", ",".join(dict.fromkeys(suivis)))
    retenus = filtres.choix_multiple("choix", codes, "territoire choisi")
    if len(retenus) > CHOISIS_MAX:
        filtres.dis(f"{len(retenus)} territoires choisis : les {CHOISIS_MAX} premiers sont gardés.")
        retenus = retenus[:CHOISIS_MAX]
        filtres.note("choix", ",".join(retenus))
    return retenus


def classes(vue: Vue, declare: Indicateur, d: Demande) -> None:
    """The popover that chooses how values are cut."""
    with st.popover("Classes", icon=":material/palette:", on_change="rerun", key="ouvre:classes") as volet:
        if not volet.open:
            return
        if declare.en_cercles:
            st.caption(
                "Un effectif se lit en cercles proportionnels, sans classes : une commune vaste n'y pèse pas plus."
            )
            return
        methode = selecteurs.un("methode", LIBELLES, "Méthode")
        if methode == "main" or d.reglage.methode == "main":
            _seuils_a_la_main()
        selecteurs.un("repere", REPERES, "Centrer les couleurs sur")
        if d.zoom:
            ou = {"region": "Toute la région", "cadre": str(vue.territoire["nom"])}
            selecteurs.un("classes", ou, "Calculer les classes sur")


def _seuils_a_la_main() -> None:
    widget = filtres.pose("texte:seuils", filtres.texte_libre("seuils", 80))
    st.text_input(
        "Seuils", placeholder="10;20;30", key=widget, max_chars=80, on_change=filtres.ecris,
        args=("seuils", widget, lambda v: str(v or ""), None), help="De 1 à 8 nombres croissants, séparés par « ; ».",
    )  # fmt: skip


def largeurs() -> list[float]:
    """Widths of indicator, scale, period and mode: a slider needs more room than a list."""
    return [2, 1.6, 2, 1.1] if _oui("defile") else [2.4, 1.7, 1, 1.4]


def periode(connues: Mapping[str, str]) -> str:
    """The period in view: a list, or a slider once asked for, in the address either way."""
    codes = list(connues)
    if not (_oui("defile") and len(codes) > 1):
        return filtres.selecteur_periode(list(connues.items()))
    widget = filtres.pose("glisse:periode", filtres.choix("periode", codes, codes[0], "période"))
    st.select_slider("Période", codes[::-1], format_func=lambda c: connues[c], key=widget,
                     on_change=filtres.ecris, args=("periode", widget, str, codes[0]))  # fmt: skip
    return str(filtres.lu(widget))


def comparaison(vue: Vue, declare: Indicateur, periodes: Mapping[str, str], periode: str) -> None:
    """The popover that puts another indicator, or another date, beside this one."""
    with st.popover("Comparer", icon=":material/compare:", on_change="rerun", key="ouvre:comparer") as volet:
        if not volet.open:
            return
        visibles = set(cached.visibles(vue.lecteur, vue.version)) - {declare.id}
        autres = {i.id: i.libelle for i in cached.app().espace.ordonnes if i.id in visibles}
        selecteurs.un("comparer", {"": "Aucun autre indicateur", **autres}, "Avec un autre indicateur")
        dates = {code: texte for code, texte in periodes.items() if code != periode}
        if dates:
            selecteurs.un("comparer_periode", {"": "Aucune autre date", **dates}, "Avec une autre date")
        else:
            st.caption("Une seule période publiée : pas d'autre date à comparer.")


def affichage(vue: Vue, maille: Maille, periodes: Mapping[str, str]) -> None:
    """The popover of what is drawn: names, outlines, frame, periods one after the other."""
    with st.popover("Affichage", icon=":material/layers:", on_change="rerun", key="ouvre:affichage") as volet:
        if not volet.open:
            return
        if len(periodes) > 1:
            selecteurs.interrupteur("defile", "Faire défiler les périodes", "Les classes sont alors communes à toutes.")
        widget = filtres.pose("oui:noms", filtres.choix("noms", ["1", "0"], "1", "noms") == "1")
        st.toggle("Noms des lieux", key=widget, on_change=filtres.ecris,
                  args=("noms", widget, lambda v: None if v else "0"))  # fmt: skip
        if maille is Maille.COMMUNE:
            selecteurs.interrupteur("contours", "Contours des EPCI", "À la place de ceux des départements.")
        declare = fond_declare(cached.app().reglages.fond_de_carte)
        if declare:
            selecteurs.interrupteur("fond", declare.nom, "Sous les couleurs. Les fichiers téléchargés n'en ont pas.")
            st.caption(f"Votre navigateur contactera alors {declare.hote}, serveur de l'IGN.")
        widget = filtres.pose("clic:mode", filtres.choix("clic", list(CLICS), "portrait", "effet du clic"))
        st.segmented_control("Cliquer un territoire", list(CLICS), format_func=lambda c: CLICS[c], key=widget,
                             required=True, on_change=filtres.ecris, args=("clic", widget, str, "portrait"),
                             help="Ouvrir son portrait, descendre d'une échelle, ou le sélectionner.")  # fmt: skip


def descente(vue: Vue, declare: Indicateur, maille: Maille, d: Demande) -> None:
    """Frames the map on the territory in view, at the scale in view when it is finer; and back to the whole région."""
    nom, sienne = str(vue.territoire["nom"]), Maille(vue.territoire["maille"])
    if d.zoom:
        st.button("Toute la région", icon=":material/zoom_out_map:", on_click=filtres.note, args=("zoom", None))
    elif sienne in (Maille.DEPARTEMENT, Maille.EPCI):
        plus_fines = [m for m in declare.mailles if m.rang > sienne.rang]
        if plus_fines:
            vers = maille if maille in plus_fines else plus_fines[-1]
            st.button(f"Cadrer sur : {nom}", icon=":material/zoom_in_map:", on_click=descends, args=(vers,))


def descends(maille: Maille, code: str | None = None) -> None:
    """Puts in the address the finer scale, framed on a territory (the one in view, or ``code``)."""
    filtres.note("maille", maille.value)
    filtres.note("zoom", "1")
    if code:
        filtres.note("territoire", code)


def vide(mailles: list[Maille], publie: bool) -> bool:
    """True, and the reason, when there is nothing to map."""
    if not mailles:
        blocs.vide("Cet indicateur n'existe que pour la région : pas de carte.", "Sa série est sur la page Indicateur.")
    elif not publie:
        blocs.vide("Aucune valeur publiée pour cet indicateur.", "Son producteur doit la fournir ; voir le catalogue.")
    return not mailles or not publie
