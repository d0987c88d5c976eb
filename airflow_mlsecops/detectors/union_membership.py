"""Trade union membership of persons (GDPR art. 9), in columns named so.

A union is also a set, a state of matrimony or a football club: only whole phrases count.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, vocabulary

_UNIONS = vocabulary("""
    ver di|verdi|ig metall|ig bce|ig bau|gew|gdp|evg|ngg|cgt|cfdt|fo|cftc|cfe cgc|unsa|sud|ccoo|ugt|cnt|uso|cgil|cisl
    uil|ugl|cobas|fnv|cnv|vcp|unite|unison|gmb|usdaw|rmt|aslef|nut|nasuwt|seiu|afscme|uaw|teamsters|afl cio|ibew|usw
    ufcw|cwa|aft|nea|unite here|union member|non union|nonunion|member|non member|solidarnosc|opzz|cut|lo|tco|saco
""")

DETECTOR = Detector(
    entity=Entity(
        name="UNION_MEMBERSHIP",
        title="trade union membership",
        role=Role.SPECIAL,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9"),
    ),
    cell_pattern=r"^[^\n@]{1,80}$",
    cell=folded,
    known=lambda cell: folded(cell) in _UNIONS,
    common=0.01,
    names=words("""
        union_member union_membership union_status trade_union trade_union_member trade_union_membership labor_union
        labour_union unionmember is_union unionized union_name_member union_dues union_code gewerkschaft
        gewerkschaftsmitglied gewerkschaftszugehorigkeit gewerkschaftsmitgliedschaft syndicat syndique
        appartenance_syndicale sindicato afiliacion_sindical sindicalizado filiacao_sindical sindacato
        iscrizione_sindacato vakbond vakbondslid vakbondslidmaatschap zwiazek_zawodowy sendika sendika_uyeligi
        fackforbund fagforening fagforbund профсоюз 工会 工会会员 労働組合 노동조합 نقابة
        union_local gewerkschaftlich gewerkschaftlich_organisiert cuota_sindical iscrizione_sindacale sigla_sindacale
        quota_sindacale contribuicao_sindical vakvereniging vakbondlidmaatskap fackmedlem facklig_tillhorighet
        fackanslutning fagforeningsmedlem fagforening_medlem fagorganisert ammattiliitto ammattiliiton_jasenyys
        stettarfelag przynaleznosc_zwiazkowa czlonek_zwiazku odbory clenstvi_v_odborech odborova_organizace
        odborova_organizacia clenstvo_v_odboroch clan_sindikata clanstvo_sindikat чланство_у_синдикату szakszervezet
        szakszervezeti_tagsag членство_в_профсъюз профсъюз sindicat sindicat_membru συνδικατο член_профсоюза
        членство_в_профсоюзе профспілка член_профспілки ametiuhing arodbiedriba profsajunga serikat_pekerja
        serikat_buruh keanggotaan_serikat kesatuan_sekerja cong_doan doan_vien_cong_doan
        unyon 工會 工會會員 組合加入 組合員 노조
        노조가입여부 노조가입 สหภาพแรงงาน मजदूर_संघ यूनियन_सदस्य عضوية_النقابة النقابة ועד_עובדים איגוד_מקצועי عضویت_اتحادیه
        اتحادیه_کارگری afiliacio_sindical sendikali
    """),
    hints=words("""
        union sindikat синдикат sindicat σωματειο
    """),
    not_names=words("territory credit western european soviet rugby students count query all select sql join area"),
    near=("OCCUPATION", "INCOME", "PERSON"),
)
