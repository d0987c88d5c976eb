"""Sexual orientation of persons (GDPR art. 9), in columns named so or by the words."""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import answered, folded, vocabulary

_WORDS = vocabulary("""
    heterosexual|homosexual|bisexual|pansexual|asexual|demisexual|queer|lesbian|gay|straight|gay or lesbian
    lesbian or gay|gay lesbian|straight heterosexual|heterosexual straight|questioning|polysexual|omnisexual|aromantic
    heterosexuell|homosexuell|bisexuell|schwul|lesbisch|heterosexuel|heterosexuelle|homosexuel|homosexuelle|bisexuel
    bisexuelle|lesbienne|lesbiana|lesbica|eterosessuale|omosessuale|bisessuale|heteroseksueel|homoseksueel|biseksueel
    heteroseksualny|homoseksualny|biseksualny|heteroseksuel|escinsel|гетеросексуальная|гомосексуальная|бисексуальная
    异性恋|同性恋|双性恋|異性愛|同性愛
""")

DETECTOR = Detector(
    entity=Entity(
        name="SEXUAL_ORIENTATION",
        title="sexual orientation",
        role=Role.SPECIAL,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "CCPA"),
    ),
    cell_pattern=r"^[^\n@]{1,60}$",
    cell=answered,
    known=lambda cell: folded(cell) in _WORDS,
    common=0.0002,
    names=words("""
        sexual_orientation sexualorientation sexual_orient sexual_preference sexuality sex_orientation lgbt lgbtq
        lgbtqia lgbtq_status sexuelle_orientierung sexuelle_ausrichtung orientation_sexuelle orientacion_sexual
        sexualidad orientacao_sexual orientamento_sessuale seksuele_geaardheid seksuele_orientatie
        orientacja_seksualna cinsel_yonelim sexuell_laggning seksuel_orientering сексуальная_ориентация 性取向
        性的指向 성적지향 الميول_الجنسية
        sexuelle_neigung orientation_sex seksuele_voorkeur seksuele_orientasie seksuell_orientering seksuell_legning
        sexuell_orientering seksuaalinen_suuntautuminen kynhneigð sexualni_orientace sexualna_orientacia
        spolna_usmerjenost seksualna_orijentacija spolna_orijentacija сексуална_оријентација szexualis_iranyultsag
        szexualis_orientacio orientare_sexuala orientarea_sexuala сексуална_ориентация сексуальна_орієнтація
        σεξουαλικος_προσανατολισμος cinsel_yonelimi seksuaalne_orientatsioon seksuala_orientacija seksualine_orientacija
        orientasi_seksual xu_huong_tinh_duc khuynh_huong_tinh_duc oryentasyong_sekswal 性傾向 性倾向 성지향 รสนิยมทางเพศ
        लैंगिक_रुझान यौन_अभिविन्यास التوجه_الجنسي נטייה_מינית گرایش_جنسی orientacio_sexual
    """),
    hints=words("orientation"),
    not_names=words("friendly count pct percent rate policy index score"),
    near=("GENDER", "PERSON"),
)
