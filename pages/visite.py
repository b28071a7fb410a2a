"""How do I learn to read all this in five minutes?"""

from dashboard.views import blocs, filtres, visite

vue = filtres.lis_vue()
blocs.entete("Visite guidée", vue)
visite.affiche_tout(vue)
