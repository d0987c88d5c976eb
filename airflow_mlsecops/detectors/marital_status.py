"""Marital status of persons, as words in many languages or as codes in columns named so."""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, vocabulary

_WORDS = vocabulary("""
    married|divorced|widowed|widow|widower|never married|married civ spouse|married spouse absent|married af spouse
    separated|single|domestic partnership|domestic partner|civil union|civil partnership|registered partnership
    cohabiting|common law|in a relationship|unmarried|engaged|verheiratet|ledig|geschieden|verwitwet|getrennt lebend
    eingetragene lebenspartnerschaft|marie|mariee|celibataire|divorce|divorcee|veuf|veuve|pacse|pacsee|concubinage
    soltero|soltera|casado|casada|divorciado|divorciada|viudo|viuda|union libre|separado|separada|solteiro|solteira
    viuvo|viuva|uniao estavel|celibe|nubile|sposato|sposata|coniugato|coniugata|divorziato|divorziata|vedovo|vedova
    gehuwd|ongehuwd|getrouwd|gescheiden|weduwe|weduwnaar|samenwonend|zonaty|zamezna|kawaler|panna|rozwiedziony
    rozwiedziona|wdowiec|wdowa|evli|bekar|bosanmis|dul|gift|ugift|skild|fraskilt|anka|enke|женат|замужем|холост
    не замужем|разведен|разведена|вдова|вдовец|已婚|未婚|离异|离婚|丧偶|既婚|離婚|متزوج|أعزب|مطلق|विवाहित|अविवाहित
""")
_CODES = frozenset(words("m s d w u n y p c a x l v g k e b 0 1 2 3 4 5 6 7 8 9 yes no true false"))


def _status(cell: str) -> str:
    spelt = folded(cell)
    worded = (len(spelt) > 2 or not spelt.isascii()) and not any(map(str.isdigit, spelt))
    return spelt if worded or spelt in _CODES else ""


DETECTOR = Detector(
    entity=Entity(name="MARITAL_STATUS", title="marital status", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR",)),
    cell_pattern=r"^[^\n@]{1,50}$",
    cell=_status,
    known=lambda cell: folded(cell) in _WORDS,
    common=0.0005,
    names=words("""
        marital marital_status maritalstatus marital_stat marital_sts martial_status married is_married ever_married
        civil_status civilstatus relationship_status marriage_status familienstand situation_familiale etat_civil
        situation_matrimoniale estado_civil estadocivil stato_civile burgerlijke_staat burgerlijkestaat stan_cywilny
        medeni_durum medeni_hal civilstand sivilstand семейное_положение 婚姻 婚姻状况 婚姻状態 婚姻歴 배우자 결혼여부
        الحالة_الاجتماعية वैवाहिक_स्थिति
        fam_stand familienst zivilstand situation_de_famille statut_matrimonial edo_civil civil_st
        burgelijke_staat huwelijkse_staat huwelikstatus huwelikstaat sivilstatus siviilisaaty hjuskaparstaða
        rodinny_stav zakonski_stan zakonski_status bracno_stanje bracni_status брачно_стање брачни_статус брак
        csaladi_allapot stare_civila οικογενειακη_κατασταση medeni_hali medeni medeni_durumu семеиныи_статус
        сем_положение сімеинии_стан семеино_положение perekonnaseis gimenes_stavoklis seimynine_padetis seimine_padetis
        status_perkawinan status_pernikahan status_kawin status_nikah taraf_perkahwinan tinh_trang_hon_nhan hon_nhan
        katayuang_sibil 婚况 婚否 婚姻狀況 婚育 配偶者 既婚未婚 혼인상태
        혼인여부 혼인 결혼상태 결혼_상태 สถานภาพสมรส สถานะสมรส สถานภาพ वैवाहिक_दर्जा
        वैवाहिक الحالة_المدنية الحالة_الزوجية מצב_משפחתי מצב_אישי وضعیت_تاهل وضعیت_تأهل تاهل تأهل estat_civil zakonski
    """),
    hints=words("status personal_status relationship family_status"),
    not_names=words("count rate date number pct percent age name"),
    near=("PERSON", "AGE", "GENDER"),
)
