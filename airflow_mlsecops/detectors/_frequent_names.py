"""Names so frequent that a column of them is one of persons, though each is also a town, a trade or another word.

Of the most frequent family and given names of Western and Northern Europe, the Americas and India, those that other
lists have for something else: García and Torres are towns, Fischer and Schneider are trades. Colours, points of the
compass and words of everyday tables are left out.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._hints import words

FREQUENT = frozenset(
    words("""
    alba anders andrea antonio arias armstrong barbier barnes barone bauer beck becker benitez berg berger
    bianchi billy bobby bos bose bourgeois brunet bruno bui caballero cabrera calvo campos cano carbone cardenas
    cardona carlos carmen carmona carrillo carvalho castillo chevalier chiara clement cole conti contreras costa
    cox crespo cruz cunha cunningham delgado dieter dubois dumont dunn dupont duran durand edwards estrada
    farina faure felipe ferguson fernandez fernando ferrara ferrari fiore fischer fisher flores fontaine fontana
    foster fournier francisco francois fuentes gaillard gallego gallo garnier gerber girard gloria gomez
    gonzalez graf greco griffin guerra guerrero gutierrez hahn hansen hawkins heather hernandez herrera herrero
    hicks hidalgo holmes iglesias ivanov jager jenkins jimenez joan jorge jose juan julia keller khan kilic koch
    kohler kok kolar koster kraus krol laine lange ledesma leone leroux leroy lindstrom lone lopes lopez lorenzo
    luis lund machado maes maldonado manuel marco maria marin martinez martini martins masson matthews mayer
    mcdonald medina melo mendez mendoza mercier meunier miguel molina monteiro montero monti moore mora morales
    moreno moser mulder muller munoz musterfrau mustermann navarro ngo nieto noel nogueira oliveira olivier
    ortega ortiz ospina otto pablo paolo parisi parra pastor patterson payne pedro pellegrini pena peralta perez
    perkins perry peters petrov pfeiffer phillips pierce pierre pilar pinto piotr ponce povl prieto rafael
    ramirez ramos randy rasmussen renard restrepo reyes richter rick rios rivera riviere robin roche rodriguez
    roger rojas roman romano romero roth roux rubio ruiz russo salazar sanchez sanders santos sauer schafer
    schneider schreiber schuster sean serra serrano shah shaw shevchenko silva sims siti snyder sokolov sosa
    soto spencer suarez teixeira torres tucker tyler vargas vazquez vega velez victoria villalba vogel vogt vos
    wagner warren webb weber willems winkler yildirim zapata ziegler zimmermann
    """)
)
