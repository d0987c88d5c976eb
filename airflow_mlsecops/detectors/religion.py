"""Religion or belief of persons (GDPR art. 9): words in several languages, in columns named so or by themselves.

``Christian`` is a first name, ``Temple`` a university, and a denomination may be a banknote's.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, lettered, mentions, vocabulary

_WORDS = vocabulary("""
    christian|christianity|catholic|roman catholic|catholicism|protestant|protestantism|evangelical|baptist|methodist
    lutheran|anglican|presbyterian|pentecostal|orthodox|eastern orthodox|greek orthodox|russian orthodox|mormon|lds
    latter day saints|jehovah s witness|jehovahs witness|seventh day adventist|adventist|quaker|mennonite|episcopalian
    muslim|moslem|islam|islamic|sunni|shia|shiite|sufi|ahmadiyya|alevi|druze|jewish|judaism|orthodox jew|hindu
    hinduism|buddhist|buddhism|zen buddhism|sikh|sikhism|jain|jainism|parsi|zoroastrian|zoroastrianism|taoist|taoism
    daoism|shinto|confucianism|confucian|baha i|bahai|rastafari|rastafarian|wicca|pagan|paganism|animist|voodoo
    scientology|atheist|atheism|agnostic|agnosticism|humanist|secular|spiritual but not religious|no religion
    not religious|unaffiliated|folk religion|katholisch|romisch katholisch|evangelisch|protestantisch|orthodoxe
    muslimisch|judisch|hinduistisch|buddhistisch|konfessionslos|atheistisch|catholique|protestante|musulman|musulmane
    juif|juive|hindou|bouddhiste|athee|sans religion|catolico|catolica|evangelico|evangelica|cristiano|cristiana|judio
    judia|budista|ateo|agnostico|sin religion|musulmano|musulmana|muculmano|espirita|candomble|umbanda|ateu
    sem religiao|cattolico|cattolica|ebreo|buddista|ortodosso|katholiek|islamitisch|joods|boeddhist|katolik|katolicyzm
    prawoslawny|islamist|musluman|hristiyan|yahudi|православие|православный|ислам|мусульманин|католик|буддизм|иудаизм
    атеист|佛教|基督教|天主教|伊斯兰教|道教|无宗教|仏教|神道|キリスト教|مسلم|مسيحي|يهودي|हिन्दू|हिंदू|मुस्लिम|सिख|ईसाई
    kristen|buddha|konghucu
""") - {"islamist"}

DETECTOR = Detector(
    entity=Entity(
        name="RELIGION", title="religion", role=Role.SPECIAL, level=Level.RESTRICTED, tags=("GDPR", "GDPR-9", "CCPA")
    ),
    cell_pattern=r"^[^0-9\n@]{2,60}$|^[0-9]$",
    cell=lambda cell: lettered(cell) or (cell if cell.isdigit() else ""),
    known=lambda cell: folded(cell) in _WORDS or ("/" in cell and mentions(cell, _WORDS)),
    common=0.0005,
    names=words("""
        religion religions religious_affiliation religious_belief religious_beliefs religious_preference
        religious_group religious faith_group konfession religionszugehorigkeit religionszugehoerigkeit glaube
        religione confessione_religiosa religiao religieux appartenance_religieuse godsdienst geloofsovertuiging
        religia wyznanie din_bilgisi religiositet вероисповедание религия 宗教 宗教信仰 종교 الديانة الدين धर्म agama
        ton_giao
        konf relig religion_patient bekenntnis glaubensbekenntnis rel_zug konfess kirchenzugehorigkeit
        kirchensteuermerkmal religiao_paciente dini dini_inanc inanc vallas nabozenstvi nabozenske_vyznani
        vierovyznanie religie vjera vera veroispovest θρησκευμα θρησκεια דת ศาสนา 종교명 धार्मिक_विश्वास مذهب المذهب
        ديانة دین religione_paziente culto uskonto trossamfund usul konfesja
        culte_religieux creencia_religiosa credo_religioso confession_religieuse confessio_religiosa confesiune
        cult_religios levensbeschouwing kerkverband geloofsverband trosinriktning trosretning trosbekjennelse
        religios_tilhorighet trossamfunn truarbrogð trufelag vyznani nabozenstvo nabozenske_vyznanie veroizpoved
        vjeroispovijest вероисповест религија felekezet vallasa вероизповедание конфессия віросповідання релігія
        usutunnistus religija ticiba konfesija tikejimas tikyba relihiyon
        pananampalataya 信仰 宗派 しゅうきょう 신앙 पंथ الطائفة
        عقيدة עדה_דתית זרם_דתי religio mezhep mezhebi geloofsrichting religionszug kirchenzug
    """),
    hints=words("""
        faith denomination belief creed church confession wereldbeschouwing din geloof crenca credo culte confessione
        cult вера kerk
    """),
    not_names=words("count number percent pct share rate holiday building school population text book"),
    near=("PERSON", "RACE_ETHNICITY", "GENDER", "DATE_OF_BIRTH"),
)
