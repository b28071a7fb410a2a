"""Under which agreement is each dataset shared, until when, and what personal data are processed?"""

from dashboard.views import blocs, conventions, donnees, filtres

donnees.garde()
vue = filtres.lis_vue()
blocs.entete("Conventions et registre", vue)
tous = conventions.accords()
blocs.phrase(conventions.phrase(tous))
blocs.sous_titre("Conventions de partage", "Une convention expirée arrête la diffusion le jour même, partout.")
conventions.conventions(tous)

blocs.sous_titre("Registre des traitements", "RGPD, article 30. Deux critères réunis demandent une analyse d'impact.")
registre = conventions.registre()
blocs.affiche(conventions.tableau(registre))
conventions.telecharge(registre)
blocs.note(conventions.sans_entree())

blocs.sous_titre("Contacts des producteurs", "Un service ou un site, jamais une personne.")
blocs.affiche(conventions.producteurs())
