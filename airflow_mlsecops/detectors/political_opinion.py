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
    """),
    hints=words("party ideology affiliation partei parti partido partito parteien partij"),
    not_names=words("size third count number seats votes date pct percent share supply host guest url id candidate"),
    near=("PERSON", "RELIGION", "RACE_ETHNICITY", "GENDER"),
)
