"""Which indicators and sources does the région have, from whom, how fresh?"""

from dashboard.views import blocs, catalogue, filtres

vue = filtres.lis_vue()
blocs.entete("Catalogue", vue)
blocs.phrase(catalogue.phrase(vue))
blocs.sous_titre("Indicateurs de programmes", "Résultats de politiques publiques, avec leur cible.")
blocs.affiche(catalogue.indicateurs(vue, "programme"))
blocs.sous_titre("Indicateurs de contexte", "Ils décrivent les territoires ; ils ne jugent aucune politique régionale.")
blocs.affiche(catalogue.indicateurs(vue, "contexte"))
blocs.sous_titre("Sources", "D'où viennent les chiffres, et leur dernier lot publié.")
blocs.affiche(catalogue.sources(vue))
blocs.note(catalogue.attribution())
