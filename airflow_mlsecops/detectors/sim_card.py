"""Numbers of SIM cards and their subscribers: ICCID (ITU-T E.118, nineteen or twenty digits from 89), IMSI (E.212).

An ICCID's Luhn digit and its 89 make a column of them; an IMSI has no check, so that only its column's name tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_ICCID = re.compile(r"(?<![0-9])89[0-9]{16,18}(?![0-9])")
_IMSI = re.compile(r"(?<![0-9])[2-7][0-9]{14}(?![0-9])")


def _numbers(run: str) -> Iterator[Span]:
    for match in (*_ICCID.finditer(run), *_IMSI.finditer(run)):
        if len(set(match[0])) > 3:
            yield *match.span(), match[0]


def _number(cell: str) -> str:
    digits = cell.upper().rstrip("F")
    return digits if len(set(digits)) > 3 else ""


def _known(cell: str) -> bool:
    from stdnum import luhn

    digits = _number(cell)
    return digits.startswith("89") and len(digits) in (19, 20) and luhn.is_valid(digits)


DETECTOR = Detector(
    entity=Entity(name="SIM_CARD", title="SIM card number", role=Role.QUASI, level=Level.CONFIDENTIAL, tags=("GDPR",)),
    pattern=r"(?i:\biccid|\bimsi)[^0-9\n]{0,12}[0-9]{8}[0-9]*",
    find=_numbers,
    cell_pattern=r"^(?:89[0-9]{16,18}[Ff]?|[2-79][0-9]{13,14})$",
    cell=_number,
    known=_known,
    common=0.0003,
    names=words("""
        iccid icc_id imsi imsi_number sim_number sim_no sim_card_number sim_serial sim_id sim_card
        usim sim_nummer simnummer sim_kartennummer sim_karten_nr sim_karte sim_nr numero_sim n_sim carte_sim
        n_carte_sim tarjeta_sim no_tarjeta_sim scheda_sim cartao_sim simkaart simkaartnummer sim_kaart
        sim_kaartnummer sim_kort simkort simkortsnummer simkortnummer sim_kortnummer sim_kortti simkortti
        sim_kortin_numero karta_sim karty_sim sim_karty sim_karta cislo_sim sim_kartica sim_kartice sim_kartya
        simkartya sim_kartyaszam card_sim serie_sim сим_карта сим_карты sim_карта sim_карты номер_sim sim_картка
        sim_картки αριθμος_sim καρτα_sim sim_kart sim_kart_no sim_numarasi sim_kaardi sim_kaardi_number sim_kartes
        sim_korteles kartu_sim no_kartu_sim so_sim so_seri_sim sim卡 sim卡号 sim卡號 simカード simカード番号 sim番号
        유심 유심번호 usim번호 หมายเลขซิม เลขซิม सिम_नंबर رقم_الشريحة رقم_شريحة_sim מספר_סים מספר_sim כרטיס_sim
        شماره_سیم کارت_سیم سیم_کارت شماره_سیم_کارت شماره_سیمکارت targeta_sim
        sim_numarası
    """),
    hints=words("sim subscriber"),
    not_names=FLAGS + words("slot similarity simulation"),
)
