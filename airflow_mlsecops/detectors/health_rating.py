"""How people rate their own health (``Very good``, ``Poor``), in columns named after it.

Ratings are of anything, and the health of a server is rated as well.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, vocabulary
from airflow_mlsecops.detectors.health_status import DETECTOR as HEALTH_STATUS

_RATINGS = vocabulary("""
    excellent|very good|good|fair|poor|very poor|bad|very bad|average|not good|sehr gut|gut|mittel|schlecht
    sehr schlecht|tres bon|bon|moyen|mauvais|excelente|muy bueno|bueno|regular|malo|muy malo|muito bom|bom|ruim
    muito ruim|ottimo|buono|discreto|scarso|pessimo|goed|matig|slecht|bardzo dobry|dobry|zly
""")
_NUMBERED = re.compile(r"^[0-9] ?[.):\-] ?[<>=]*")

DETECTOR = Detector(
    entity=HEALTH_STATUS.entity,
    cell_pattern=r"^[^\n@]{3,30}$",
    cell=lambda cell: folded(_NUMBERED.sub("", cell)),
    known=lambda cell: folded(_NUMBERED.sub("", cell)) in _RATINGS,
    common=0.03,
    names=words("""
        self_rated_health health_rating self_reported_health perceived_health subjective_health genhealth
        gesundheitszustand etat_de_sante estado_de_salud stato_di_salute estado_de_saude gezondheidstoestand
        halsotillstand helsetilstand helbredstilstand terveydentila stan_zdrowia zdravotni_stav zdravotny_stav
        zdravstveno_stanje egeszsegi_allapot stare_de_sanatate здравословно_състояние κατασταση_υγειας saglik_durumu
        состояние_здоровья стан_здоров_я tervislik_seisund veselibas_stavoklis sveikatos_bukle kondisi_kesehatan
        tinh_trang_suc_khoe 健康状况 健康狀況 健康状態 건강상태
        ภาวะสุขภาพ स्वास्थ्य_स्थिति الحالة_الصحية מצב_בריאותי وضعیت_سلامت
        estat_de_salut
    """),
    hints=words("""
        health gesundheit gesundheitszustand sante salud saude salute gezondheid zdrowie saglik halsa สุขภาพ здоровье
        zdravi zdravie zdravlje egeszseg
    """),
    not_names=words("server system battery service network check index insurance care score ins node pod endpoint"),
)
