"""The commonest street names of Poland, with and without their accents.

They are one adjective or a poet's name: any one of them could be a surname, but no column of surnames is full of them.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.street_address import DETECTOR as STREET_ADDRESS

_POLISH = frozenset(
    words("""
        polna lesna leśna sloneczna słoneczna krotka krótka szkolna ogrodowa lipowa brzozowa lakowa łąkowa kwiatowa
        koscielna kościelna sosnowa zielona parkowa akacjowa kolejowa klonowa debowa dębowa spokojna jasna sportowa
        ogrodnicza cicha graniczna pogodna jarzebinowa jarzębinowa dluga długa wierzbowa swierkowa świerkowa wrzosowa
        topolowa jesionowa orzechowa boczna mlynska młyńska piaskowa rzeczna rynkowa nadrzeczna gorna górna dolna
        podgorna podgórna lubelska warszawska krakowska wiosenna tęczowa teczowa olszynowa wiejska rolna okrezna
        okrężna zamkowa poprzeczna cmentarna mickiewicza sienkiewicza kosciuszki kościuszki pilsudskiego
        piłsudskiego slowackiego słowackiego reymonta zeromskiego żeromskiego
    """)
)

DETECTOR = Detector(
    entity=STREET_ADDRESS.entity,
    cell_pattern=r"^[^0-9@:/=<>{}\[\]|_,;]{4,30}$",
    cell=lambda cell: cell.casefold() if cell.casefold() in _POLISH else "",
    known=lambda cell: cell.casefold() in _POLISH,
    common=0.005,
    names=words("ulica nazwa_ulicy ul"),
    not_names=STREET_ADDRESS.not_names + words("nazwisko surname last_name"),
    near=STREET_ADDRESS.near,
)
