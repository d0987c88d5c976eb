"""Words that stand before, in or instead of the names of persons: titles, ranks, particles, kinds of organisations."""

from __future__ import annotations

from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._indic import OFFICES

NOBODY = frozenset(
    words("""
    unknown none null nan na test yes no true false anonymous missing other undefined not guest admin root system user
    male female total all various n/a online cash walk-in default nobody anonym unbekannt inconnu desconocido
    """)
)
SURE_TITLES = frozenset(
    words("mr mrs ms mx dr prof herr frau mme mlle monsieur señora srta sra signora mevrouw dhr dott smt shri bapak")
)
TITLES = SURE_TITLES | frozenset(
    words("""
    miss professor sir dame lady lord rev reverend fr sr don doña madame mademoiselle señor sig signor dottssa pan pani
    bu pak श्री श्रीमती डा डॉ मा
    د أ م ا دكتور الدكتور دكتورة الدكتورة الأستاذ الاستاذ أستاذ السيد السيدة الشيخ المهندس مهندس دکتر آقای خانم سید
    bay capt captain ars gor ogr uyesi yrd uzm col lt sgt maj judge dra hon president senator mister
    """)
)
# Ranks and offices that stand before a name of two words or more.
RANKS = frozenset(
    words("""
    constable officer deputy sheriff undersheriff warden patrolman patrolwoman trooper detective sergeant corporal
    lieutenant inspector agent chef special marshal commander colonel admiral police state highway chief patrol
    correctional corrections probation border ranger governor representative congressman congresswoman councillor
    councilman councilwoman minister justice bishop pastor imam rabbi sheikh ambassador mayor coach nurse chairman
    chairwoman attorney secretary delegate commissioner private major general captain investigator assistant
    """)
)
SUFFIXES = frozenset(words("jr sr ii iii iv md phd esq dds rn dvm mba cpa nd rd junior senior dipl ing"))
PARTICLES = frozenset(
    words("""
    de da do dos das del della di la le las los van von der den vande ter ten zu zur y e i bin ibn al el ben abu af av
    عبد بن بنت ابن أبو ابو آل ال ولد
    """)
)
# Written with a small letter before names that have a capital: "dr. Anna de Vries".
UNCAPPED = PARTICLES | TITLES
# A name that ends so is one of a firm or a place, even if a person's stands before it.
FIRMS = frozenset(
    words("""
    inc incorporated ltd limited llc llp plc corp corporation company companies gmbh ag kg sarl spa srl nv oyj aps pty
    holding holdings group university college school academy institute hospital clinic foundation museum hotel airport
    bank insurance associates restaurant cafe
    """)
)
ORGANISATION = (
    FIRMS
    | OFFICES
    | frozenset(
        words("""
    lp co ohg ug sas bv oy kk gruppe groupe grupo partners universität universidad medical church inn resort café grill
    pizza kitchen bakery center centre station club team fc united athletic records studio studios pictures films
    entertainment productions systems solutions technologies technology software services service industries ventures
    international global enterprises capital trust fund society association committee ministry department agency council
    authority court store stores shop market mart pharmacy airlines airways motors foods products brothers
    bros sons labs
    works laboratories consulting logistics energy media press publishing books news times county city town village
    parish district province lake river mount mountain valley beach island islands fort creek falls springs park theatre
    theater building tower bridge house street avenue road boulevard plaza award prize festival cup league stadium
    colegiul liceul scoala gimnaziala gradinita tehnologic liceo lycee colegio escola escuela istituto instituto sch
    pri primary secondary
    orchestra band desert ocean sea gulf peninsula mountains coast canyon forest syndrome disease dam ltda
    ооо ао зао оао пао
    """)
    )
)
BEFORE_PLACES = frozenset(
    words("""
    university lake mount mt fort port saint st san santa sao santo sainte cape new hotel college north south east west
    great
    """)
)
# A name that begins so is a church's, a school's or a place's.
SAINTS = frozenset(words("st saint sankt sant sainte hl"))
# Everyday words, but names sooner where they stand alone in a cell.
RATHER_NAMES = frozenset(
    words("""
    john robert linda nancy paul donna carol jack frank ruth amy harry peter tom ray roy carl alan victor dean eugene
    jean bob anna marie louis jerry smith miller wilson taylor moore martin lee clark walker hall allen wright baker
    nelson carter turner parker evans cooper bailey morgan rogers johnson williams jones brown davis garcia
    """)
)
