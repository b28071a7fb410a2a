"""Common first names in France, without accents: what tells a person from a place in a column of names."""

_PRENOMS = """
adam adele adrien agathe agnes alain albert alexandra alexandre alexis alice aline alix amandine ambre amelie
anais andre andrea anne annick annie anthony antoine arnaud arthur audrey aurelie aurelien axel baptiste
beatrice benjamin benoit bernadette bernard bertrand brigitte bruno camille carole caroline catherine cecile
cedric celine chantal charles charlotte chloe christian christiane christine christophe claire claude clemence
clement colette corinne cyril damien daniel daniele david delphine denis denise didier dominique dylan edith
edouard elena eliane elisabeth elise elodie emilie emma emmanuel emmanuelle enzo eric estelle etienne eugene
evelyne fabien fabienne fabrice fanny fatima florence florian francine francis franck francois francoise
frederic frederique gabriel gabrielle genevieve georges gerald gerard germaine ghislaine gilbert gilles
ginette gregory guillaume guy helene henri henriette herve hugo ines irene isabelle jacqueline jacques jade
jean jeanne jeannine jeremy jerome joel joelle jonathan joseph josette josiane jules julia julie julien
juliette karim karine kevin laetitia laura laure laurence laurent lea leo liliane lionel loic louis louise
lucas lucie lucien lucienne ludovic lydie madeleine maeva manon marc marcel marcelle margaux marguerite maria
marie marine marion martine mathieu mathilde mathis maurice maxime melanie michel michele micheline mickael
mireille mohamed monique morgane muriel nadia nadine nathalie nathan nicolas nicole noemie odette odile
olivier oceane pascal pascale patrice patricia patrick paul paulette pauline philippe pierre pierrette quentin
rachid raymond raymonde rene renee richard robert robin roger roland romain sabrina samuel sandra sandrine
sarah sebastien serge simon simone solange sonia sophie stephane stephanie suzanne sylvain sylvie theo therese
thierry thomas valentin valerie veronique victor vincent virginie viviane xavier yann yannick yves yvette
yvonne
"""
PRENOMS = frozenset(_PRENOMS.split())
