"""How do I read this, and what do the words mean?"""

from dashboard.views import aide, blocs, filtres, lire

vue = filtres.lis_vue()
blocs.entete("Lire et comprendre", vue)
cherche = aide.mot_demande()
if cherche:
    blocs.sous_titre("Les mots")
    aide.glossaire()
blocs.sous_titre("Comment lire chaque figure")
blocs.affiche(lire.toutes())
blocs.sous_titre("Les statuts")
blocs.affiche(aide.statuts())
if not cherche:
    blocs.sous_titre("Les mots")
    aide.glossaire()
blocs.sous_titre("Ce que Boussole ne fait pas")
blocs.affiche(aide.limites())
