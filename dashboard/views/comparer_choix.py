"""Which territories are drawn one by one: those chosen in the address, else a fair set around the one in view."""

from __future__ import annotations

from dashboard.domain.territoire import Maille
from dashboard.views import annuaire, choix
from dashboard.views.comparer import MAXIMUM, Comparaison
from dashboard.views.filtres import etiquette


def choisis(c: Comparaison, maximum: int = MAXIMUM) -> tuple[list[str], str]:
    """(codes, the rule in words), after the list where one changes them."""
    demandes = choix.codes("avec", set(c.cadre.index), maximum)
    codes, regle = (list(demandes), "Territoires choisis dans la liste.") if demandes else _d_office(c, maximum)
    if c.maille is not Maille.DEPARTEMENT:
        options = [*codes, *_populaires(c, 60)]
        choix.plusieurs(
            "avec", options, demandes, f"Territoires comparés ({maximum} au plus)",
            lambda code: etiquette(c.vue.territoires, code), maximum,
        )  # fmt: skip
    return codes, regle


def _d_office(c: Comparaison, maximum: int) -> tuple[list[str], str]:
    if c.maille is Maille.DEPARTEMENT:
        return list(c.cadre.sort_values("nom").index), "Tous les départements."
    if c.ici:
        proches = [t for t in annuaire.semblables(c.vue.version, c.ici).codes if t in c.cadre.index]
        nom = c.cadre.loc[c.ici, "nom"]
        return [c.ici, *proches[: maximum - 1]], f"{nom} et les territoires qui lui ressemblent le plus."
    codes = _populaires(c, maximum)
    dans = c.vue.territoire
    ou = "de la région" if dans["maille"] == Maille.REGION else f"de {dans['nom']}"
    return codes, f"Les {len(codes)} {c.maille.pluriel} {ou} les plus peuplés."


def _populaires(c: Comparaison, combien: int) -> list[str]:
    """The most populous within the territory in view, largest first."""
    dans, places = c.vue.territoire, c.cadre
    if dans["maille"] == Maille.DEPARTEMENT:
        places = places[places["departement"] == c.vue.code]
    elif dans["maille"] == Maille.EPCI and c.maille is Maille.COMMUNE:
        places = places[c.vue.territoires.loc[places.index, "epci"] == c.vue.code]
    return [str(t) for t in places.sort_values("population", ascending=False).index[:combien]]
