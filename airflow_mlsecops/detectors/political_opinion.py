"""Political opinion of persons (GDPR art. 9): parties and leanings, in columns named so.

Parties alone stand in election results too, and a ``party`` may be four guests at a table.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import answered, folded, vocabulary

_WORDS = vocabulary("""
    democrat|democratic|democratic party|republican|republican party|independent|libertarian|libertarian party
    green party|constitution party|gop|liberal|conservative|moderate|very liberal|very conservative|slightly liberal
    socialist|communist|progressive|left wing|right wing|centrist|far left|far right|center left|center right|labour
    labour party|tory|tories|liberal democrat|liberal democrats|lib dem|snp|plaid cymru|ukip|reform uk|cdu|csu|spd|fdp
    die linke|die grunen|bundnis 90 die grunen|afd|grune|parti socialiste|rassemblement national|les republicains
    la france insoumise|renaissance|europe ecologie|psoe|partido popular|podemos|vox|ciudadanos|sumar|erc
    partito democratico|lega|forza italia|fratelli d italia|movimento 5 stelle|psdb|mdb|pmdb|psol|pdt|morena|pri|pan
    prd|bjp|inc|aap|aam aadmi party|congress|bharatiya janata party|indian national congress|vvd|pvda|pvv|d66|cda
    groenlinks|pis|platforma obywatelska|konfederacja|akp|chp|mhp|hdp|единая россия|кпрф|лдпр|中共党员|共青团员|群众
    民主党派|共产党|自民党|立憲民主党|公明党|nonpartisan|no party|no party preference|unaffiliated|undeclared
""")

DETECTOR = Detector(
    entity=Entity(
        name="POLITICAL_OPINION",
        title="political opinion",
        role=Role.SPECIAL,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9"),
    ),
    cell_pattern=r"^[^0-9\n@]{1,80}$|^[0-9]$",
    cell=answered,
    known=lambda cell: folded(cell) in _WORDS,
    common=0.003,
    names=words("""
        political_opinion political_opinions political_view political_views political_affiliation political_party
        political_preference political_leaning political_orientation political_ideology politics party_affiliation
        party_registration registered_party voter_party  partisanship voted_for vote_choice party_member
        parteizugehorigkeit politische_einstellung politische_meinung parteimitglied affiliation_politique
        opinion_politique parti_politique afiliacion_politica partido_politico opinion_politica filiacao_partidaria
        partido_filiacao opinione_politica affiliazione_politica politieke_voorkeur politieke_opvatting
        poglady_polityczne siyasi_gorus politisk_ståsted политические_взгляды 政治面貌 支持政党 الانتماء_السياسي
        parteimitgliedschaft partei_mitglied politische_gesinnung politische_orientierung opinions_politiques
        orientation_politique ideologia_politica orientacion_politica intencion_voto intencion_de_voto
        orientamento_politico opinioni_politiche opiniao_politica orientacao_politica intencao_voto partito_politico
        politieke_partij politieke_gezindheid partijlidmaatschap politieke_affiliasie partipolitisk politisk_asikt
        politisk_tillhorighet politisk_tilhorighet politisk_parti partimedlemskap politisk_overbevisning
        politisk_standpunkt poliittinen_kanta puoluekanta stjornmalaskoðun stjornmalaflokkur przynaleznosc_partyjna
        partia_polityczna politicka_prislusnost politicka_strana politicke_nazory politicke_presvedcenie
        politicna_pripadnost politicna_stranka politicka_stranka politicka_pripadnost политичка_странка
        политичка_припадност politikai_nezet parttagsag partallas partid_politic apartenenta_politica opinii_politice
        политически_възгледи партиина_принадлежност πολιτικο_κομμα πολιτικες_πεποιθησεις siyasi_parti parti_uyeligi
        партииность політичні_погляди партіиність політична_партія poliitilised_vaated erakond politiska_piederiba
        politines_paziuros partai_politik pandangan_politik parti_politik dang_vien dang_phai ngay_vao_dang
        quan_diem_chinh_tri partidong_politikal 政治面目 政治信条 所属政党 党派
        黨派 政黨 정치성향 지지정당 ความคิดเห็นทางการเมือง พรรคการเมือง
        राजनीतिक_दल राजनीतिक_विचार الحزب_السياسي השתייכות_פוליטית דעה_פוליטית گرایش_سیاسی partit_politic
    """),
    hints=words("""
        party ideology affiliation partei parti partido partito parteien partij party_reg partai partija партия партія
        정당 حزب الحزب מפלגה stranka voto
    """),
    not_names=words("size third count number seats votes date pct percent share supply host guest url id candidate"),
    near=("PERSON", "RELIGION", "RACE_ETHNICITY", "GENDER"),
)
