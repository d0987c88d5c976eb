"""Credit scores of persons (FICO and VantageScore 300 to 850, and other bureaus'), in columns named so."""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def _score(cell: str) -> str:
    numbers = [float(number) for number in _NUMBER.findall(cell)]
    return folded(cell) if all(0 <= number <= 1000 for number in numbers) else ""


DETECTOR = Detector(
    entity=Entity(
        name="CREDIT_SCORE", title="credit score", role=Role.FINANCIAL, level=Level.CONFIDENTIAL, tags=("GDPR", "FCRA")
    ),
    cell_pattern=r"^[0-9]{1,4}(?:\.[0-9]{1,6})?(?: ?[\-–+] ?(?:[0-9]{3,4})?)?$"
    r"|^(?i:very poor|poor|bad|fair|standard|average|good|very good|excellent|exceptional|low|medium|high)$",
    cell=_score,
    names=words("""
        credit_score creditscore credit_rating creditrating cred_score score_credit fico fico_score fico_range
        ficoscore vantage_score vantagescore beacon_score bureau_score cibil cibil_score experian_score equifax_score
        schufa schufa_score bonitaet bonitat bonitaetsscore kreditscore score_crediticio puntaje_credito
        puntaje_crediticio pontuacao_credito score_de_credit cote_de_credit kredi_notu кредитный_рейтинг
        кредитныи_реитинг 信用分 信用评分 信用スコア
        bonitatsindex bonitaetsindex puntuacion_crediticia calificacion_crediticia score_buro buro_score
        merito_creditizio punteggio_credito punteggio_di_credito pontuacao_de_credito score_serasa serasa_score
        kredietscore bkr_score kredietgradering kreditbetyg kreditvardighet kredittscore kredittvurdering
        kreditvurdering luottoluokitus lanshæfismat scoring_kredytowy ocena_kredytowa ocena_bik kreditni_skore
        uverove_skore bonita_klienta bonitetna_ocena kreditni_rejting kreditni_skor кредитни_рејтинг hitelminosites
        hitelpontszam scor_credit scor_fico кредитен_реитинг кредитнии_реитинг кредитныи_скоринг скоринговыи_балл
        πιστοληπτικη_ικανοτητα kredi_skoru findeks_notu findeks krediidiskoor krediidireiting kreditreitings
        kredito_reitingas skor_kredit diem_tin_dung 信用評分 信用格付 信用得分
        信用等级 신용점수 신용등급 신용평점 คะแนนเครดิต เครดิตสกอร์
        क्रेडिट_स्कोर सिबिल_स्कोर التصنيف_الائتماني דירוג_אשראי رتبه_اعتباری puntuacio_credit
    """),
    not_names=words("date model version source agency id code country sovereign bond issuer updated"),
    near=("INCOME", "ACCOUNT_BALANCE", "PERSON"),
)
