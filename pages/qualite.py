"""What are the data worth, who supplies them on time, and does anything leave this server?"""

from dashboard.views import blocs, filtres, qualite, qualite_fiche, souverainete

vue = filtres.lis_vue()
blocs.entete("Qualité et souveraineté", vue)
bilan = qualite.lis(vue)
blocs.phrase(qualite.phrase(bilan), souverainete.phrase())
mode = filtres.selecteur_mode("vue", qualite.MODES, "Partie")
if mode == "souverainete":
    souverainete.montre(bilan)
elif not qualite_fiche.detail(bilan, mode):
    qualite.tableau(vue, bilan, mode)
