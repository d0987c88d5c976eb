"""Occupations and job titles of persons: in columns named so, or by some three hundred words for work.

``job`` is a batch run as often, and ``title`` a film's: there the words decide.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, lettered, vocabulary

_WORK = vocabulary("""
    accountant|actor|actress|actuary|adjuster|administrator|advisor|adviser|agent|analyst|anesthesiologist|architect
    archivist|artist|assembler|assistant|associate|astronomer|attendant|attorney|auditor|author|baker|banker|barber
    barista|bartender|biologist|blacksmith|boilermaker|bookkeeper|bricklayer|broker|builder|butcher|buyer|cardiologist
    caregiver|carpenter|cashier|ceo|cfo|chef|chemist|chiropractor|cio|clergy|clerk|coach|collector|comedian|composer
    conductor|consultant|contractor|controller|cook|coo|coordinator|copywriter|cosmetologist|counselor|counsellor
    courier|cto|curator|custodian|dancer|dealer|dentist|dermatologist|designer|detective|developer|dietitian|director
    dispatcher|diver|doctor|draftsman|driver|economist|editor|educator|electrician|engineer|entrepreneur
    epidemiologist|esthetician|estimator|examiner|executive|farmer|firefighter|fisherman|florist|foreman|forester
    freelancer|fundraiser|gardener|geographer|geologist|goldsmith|groomer|guard|guide|hairdresser|handyman|head
    historian|host|hostess|housekeeper|housemaid|hydrologist|hygienist|illustrator|inspector|installer|instructor
    interpreter|investigator|ironworker|janitor|jeweler|journalist|judge|laborer|labourer|landscaper|lawyer|lecturer
    librarian|lieutenant|lifeguard|linguist|loader|lobbyist|locksmith|logistician|machinist|maid|manager|manicurist
    marketer|mason|mathematician|mechanic|merchandiser|meteorologist|microbiologist|midwife|miner|minister|model|mover
    musician|nanny|neurologist|notary|novelist|nurse|nutritionist|officer|operator|optician|optometrist|paralegal
    paramedic|pastor|pathologist|pediatrician|pharmacist|philosopher|photographer|physician|physicist|physiotherapist
    pilot|planner|plasterer|plumber|podiatrist|policeman|politician|porter|postman|president|priest|principal|producer
    professor|programmer|proofreader|prosecutor|psychiatrist|psychologist|publisher|radiologist|realtor|receptionist
    recruiter|referee|reporter|representative|researcher|roofer|sailor|salesman|salesperson|scientist|sculptor
    seamstress|secretary|seller|server|sheriff|shoemaker|singer|soldier|solicitor|sociologist|specialist|statistician
    steward|stewardess|stockbroker|strategist|superintendent|supervisor|surgeon|surveyor|tailor|teacher|technician
    technologist|telemarketer|teller|therapist|translator|trader|trainer|treasurer|trucker|tutor|typist|undertaker
    upholsterer|urologist|veterinarian|vp|waiter|waitress|warden|welder|worker|writer|zoologist|self employed
    homemaker|housewife|retired|unemployed|student|blue collar|services|admin|adm clerical|exec managerial
    prof specialty|craft repair|machine op inspct|handlers cleaners|transport moving|farming fishing|tech support
    protective serv|priv house serv|armed forces|management|arzt|arztin|lehrer|lehrerin|ingenieur|ingenieurin|kaufmann
    kauffrau|verkaufer|verkauferin|rentner|rentnerin|beamter|angestellter|arbeiter|krankenschwester|krankenpfleger
    geschaftsfuhrer|sachbearbeiter|sachbearbeiterin|mechaniker|ingenieure|medecin|infirmier|infirmiere|enseignant
    enseignante|avocat|avocate|ouvrier|ouvriere|retraite|retraitee|comptable|vendeur|vendeuse|cadre|technicien
    directeur|ingeniero|ingeniera|medico|medica|profesor|profesora|maestro|abogado|abogada|enfermero|enfermera
    contador|contadora|jubilado|vendedor|vendedora|empleado|estudiante|engenheiro|engenheira|professora|advogado
    advogada|enfermeiro|enfermeira|aposentado|estudante|autonomo|ingegnere|insegnante|avvocato|infermiere|impiegato
    impiegata|operaio|pensionato|commesso|arts|verpleegkundige|leraar|lekarz|nauczyciel|inzynier|ksiegowy|emeryt
    muhendis|ogretmen|doktor|hemsire|avukat|emekli|larare|sjukskoterska|ingenjor|врач|учитель|инженер|бухгалтер
    водитель|продавец|пенсионер|студент|менеджер|юрист|教师|医生|工程师|律师|护士|司机|会计|学生|教員|医師|会社員
    看護師|エンジニア
""")
_LINKS = vocabulary("of|for|in|to|and|de|di|der|at|i|ii|iii|sr|jr")


def _is_job(cell: str) -> bool:
    spelt = folded(cell).split()
    if not spelt or len(spelt) > 8:
        return False
    # "Director of Sales" and "Teacher, primary school" begin with the work, others end with it.
    linked = len(spelt) > 1 and (spelt[1] in _LINKS or "," in cell or "/" in cell or "-" in cell)
    return spelt[-1] in _WORK or " ".join(spelt) in _WORK or (linked and spelt[0] in _WORK) or _graded(spelt)


def _graded(spelt: list[str]) -> bool:
    return len(spelt) > 1 and spelt[-1] in _LINKS and spelt[-2] in _WORK


DETECTOR = Detector(
    entity=Entity(name="OCCUPATION", title="occupation", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR", "CCPA")),
    cell_pattern=r"^[^0-9\n@=<>{}]{2,100}[0-9]?$",
    cell=lettered,
    known=_is_job,
    common=0.01,
    names=words("""
        occupation occupations job_title jobtitle job_titles job_role jobrole job_position profession professions
        employment_title emp_title employee_title position_title work_title beruf berufe berufsbezeichnung
        stellenbezeichnung tatigkeit taetigkeit metier intitule_poste poste_occupe ocupacion profesion puesto_trabajo
        puesto_de_trabajo cargo_ocupado profissao ocupacao professione mestiere beroep functietitel zawod stanowisko
        meslek yrke erhverv stilling профессия должность 职业 职位 職業 職種 직업 المهنة पेशा pekerjaan nghe_nghiep
        befattning arbetstitel stillingstittel ammatti tehtavanimike starfsheiti povolani povolanie zamestnani
        zamestnanie poklic delovno_mesto zanimanje radno_mjesto radno_mesto занимање радно_место foglalkozas munkakor
        beosztas ocupatie profesie meserie loc_de_munca професия длъжност επαγγελμα θεση_εργασιας mesleki_unvan meslegi
        gorevi род_занятии рід_занять специальность професія посада amet ametikoht elukutse profesija amats nodarbosanas
        pareigos pareigybe jabatan jawatan profesi chuc_vu chuc_danh trabaho hanapbuhay propesyon
        categorie_socioprofessionnelle emploi_occupe wykonywany_zawod 职务 岗位 职称 職稱 職務
        役職 職位 しょくぎょう 직책 직위 직종 직무 อาชีพ
        ตําแหน่งงาน व्यवसाय الوظيفة المسمى_الوظيفي מקצוע תפקיד עיסוק شغل پیشه ofici carrec
    """),
    hints=words("""
        job title position role designation contact_title function employment work poste fonction puesto cargo
        funktion emploi csp oficio lavoro qualifica ruolo funcao cbo posisie titel titteli starf pozice funkce pozicia
        занимание ιδιοτητα gorev unvan cong_viec vi_tri ตําแหน่ง पद سمت functie functia функция titul
    """),
    not_names=words("""
        id status batch queue run count code level film movie book song page post sale price time date type
    """),
    near=("PERSON", "INCOME", "AGE", "EDUCATION_LEVEL"),
)
