"""Medicines that a person takes: generic and brand names, and the stems that WHO's INN programme gives to classes.

``-ine`` and ``-ol`` end ordinary words: only stems that hardly any other word has (``-statin``, ``-prazole``) count.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, lettered

_DRUGS = frozenset(
    words("""
        abilify acarbose acetaminophen acetazolamide aciclovir acyclovir adderall advil albuterol alendronate
        allopurinol alprazolam ambien amantadine amiodarone amitriptyline amlodipine amoxicillin amoxil amphetamine
        anastrozole apixaban aricept aripiprazole aspirin ativan atropine augmentin azathioprine baclofen benadryl
        benazepril benztropine bisoprolol budesonide bumetanide buprenorphine bupropion buspirone canagliflozin
        candesartan captopril carbamazepine carbidopa carboplatin carvedilol cefalexin celebrex celecoxib cephalexin
        cetirizine chlorpropamide chlorthalidone cialis cisplatin citalopram claritin clonazepam clonidine clopidogrel
        clozapine codeine colchicine concerta coumadin cozaar crestor cyclobenzaprine cyclophosphamide cymbalta
        dabigatran dapagliflozin depakote desloratadine dexamethasone diazepam diclofenac digoxin diltiazem
        diphenhydramine docetaxel donepezil doxorubicin doxycycline duloxetine effexor eliquis empagliflozin
        enoxaparin epinephrine escitalopram estradiol eszopiclone etoposide exenatide ezetimibe fentanyl fexofenadine
        finasteride fluconazole fluorouracil fluoxetine fluticasone folic furosemide gabapentin gemcitabine glargine
        gliclazide glimepiride glipizide glucophage glyburide guaifenesin haloperidol heparin humalog humira
        hydralazine hydrochlorothiazide hydrocodone hydrocortisone hydromorphone hydroxychloroquine hydroxyzine
        ibuprofen imatinib imipramine insulin ipratropium irbesartan isosorbide ivermectin januvia keppra ketamine
        ketoconazole ketorolac klonopin labetalol lamotrigine lantus lasix latanoprost letrozole levemir levetiracetam
        levodopa levonorgestrel levothyroxine lexapro lidocaine linagliptin lipitor liraglutide lisinopril lithium
        loperamide loratadine lorazepam losartan lyrica meclizine medroxyprogesterone melatonin meloxicam memantine
        metamizol metformin methadone methimazole methocarbamol methotrexate methylphenidate methylprednisolone
        metoclopramide metolazone metoprolol metronidazole midazolam miglitol mirtazapine modafinil mometasone
        montelukast morphine motrin mounjaro naloxone naltrexone namenda naproxen nateglinide neurontin nexium niacin
        nifedipine nitrofurantoin nitroglycerin norvasc nortriptyline novolog olanzapine omeprazole ondansetron
        oseltamivir oxcarbazepine oxybutynin oxycodone oxycontin ozempic paclitaxel pantoprazole paracetamol
        paroxetine paxil penicillin percocet phenobarbital phentermine phenytoin pioglitazone plavix prednisolone
        prednisone pregabalin prilosec prinivil promethazine propofol propranolol prozac pseudoephedrine quetiapine
        ramipril ranitidine remdesivir repaglinide risperidone ritalin rituximab rivaroxaban rizatriptan ropinirole
        rosiglitazone sacubitril salbutamol salmeterol semaglutide sertraline seroquel sildenafil simvastatin
        singulair sitagliptin spironolactone suboxone sulfamethoxazole sulfasalazine sumatriptan symbicort synthroid
        tacrolimus tadalafil tamiflu tamoxifen tamsulosin temazepam terbinafine testosterone theophylline ticagrelor
        timolol tiotropium tirzepatide tolazamide tolbutamide topiramate toprol torsemide tramadol trazodone
        triamcinolone triamterene troglitazone tylenol valacyclovir valium valproate valsartan vancomycin venlafaxine
        ventolin verapamil viagra vicodin vyvanse warfarin wellbutrin xanax xarelto zithromax zocor zofran zoloft
        zolpidem zopiclone zyprexa zyrtec ibuprofeno paracetamolo amoxicilina metformina omeprazol losartana enalapril
        simvastatina dipirona metamizole novaminsulfon pantoprazol metoprololsuccinat torasemid levothyroxin
        acetylsalicylsaure doliprane dafalgan aspirine metformine amoxicilline paracetamola insulina insuline аспирин
        ибупрофен парацетамол метформин инсулин 阿司匹林 布洛芬 二甲双胍 胰岛素 アスピリン インスリン アムロジピン
    """)
)
_STEM = re.compile(
    r"[a-z]{2,}(?:statin|[lz]opril|april|sartan|olol|dipine|prazole|conazole|oxacin|cillin|cycline|mycin|micin|azepam"
    r"|zolam|barbital|caine|setron|triptan|gliptin|gliflozin|glutide|glitazone|[tlcsx][iu]?mab|zumab|ximab|tinib|ciclib"
    r"|parin|xaban|gatran|navir|vudine|buvir|tidine|terol|sone|solone|profen|coxib|oxetine|faxine|triptyline|peridone"
    r"|apine|azine|thiazide|semide|dronate|afil|zosin|lukast|platin|taxel|rubicin|poetin|grastim|cef[a-z]+|relin)"
)
_NOT_DRUGS = frozenset(
    words("""
        april sone benzine magazine gazine limousine cocaine romaine alpine lapine parsone persone caine someone
        nissone mansone terol cholesterol petrol control patrol marine tapine asone maine crimosone hibab wurlizer
    """)
)
_LEAST = 6


def _is_drug(cell: str) -> bool:
    return any(word in _DRUGS or _has_stem(word) for word in folded(cell).split()[:12])


def _has_stem(word: str) -> bool:
    return len(word) >= _LEAST and word not in _NOT_DRUGS and _STEM.fullmatch(word) is not None


DETECTOR = Detector(
    entity=Entity(
        name="MEDICATION",
        title="medication",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[^\n@]{2,300}$",
    cell=lettered,
    known=_is_drug,
    common=0.002,
    names=words("""
        medication medications medication_name medicationname current_medication current_medications medicine
        medicines drug drugs drug_name drugname prescription prescriptions prescribed_drug prescribed_medication
        med_name meds med_list rx_name generic_name brand_drug active_ingredient pharmaceutical therapy_drug bp_meds
        diabetesmed medikament medikamente medikation arzneimittel wirkstoff verordnung medicament medicaments
        traitement_medicamenteux prescription_medicale medicamento medicamentos farmaco farmacos receta_medica
        principio_activo farmaci prescrizione medicijn medicijnen geneesmiddel medicatie lek leki leki_przyjmowane
        lekarstwo ilac ilaclar lakemedel medicin laegemiddel legemiddel лекарство лекарства препарат препараты 药品
        药物 用药 薬 薬剤 投薬 약물 الدواء الأدوية दवा दवाई obat
        medicacao medicacoes medicacao_atual medicamentos_atuais remedio remedios medicacion medicaciones
        medicacion_actual tratamiento_farmacologico receta nombre_medicamento nome_medicamento nom_medicament
        ordonnance farmaco_prescritto terapia_farmacologica medicinale medikament_name medikamentenname arznei
        praparat medicijnnaam leki_stale przepisane_leki ilac_adi recete kullanilan_ilaclar lakemedelsnamn gyogyszer
        gyogyszerek lek_nazwa leky lieky medicamente tratament_medicamentos lijekovi zdravila φαρμακο φαρμακα תרופה
        תרופות ยา ชื่อยา 약 약품명 복용약 처방약 औषधि العلاج_الدوائي اسم_الدواء دارو داروها назначенные_препараты ліки
        препарат_название nama_obat obat_obatan thuoc ten_thuoc don_thuoc 药名 药品名称 处方 薬品名 処方薬 医薬品名
        prescribed_med medicinas prescricao medikasie medisyne medisin lægemiddel laake laakkeet laakitys lyf lyfjagjof
        recepta medikace liek medikacia медикамент медикаменти лек лекови φαρμακευτικη_αγωγη ravim ravimid zales
        medikamenti vaistai vaistas ubat nama_ubat gamot 藥品 藥物 藥名
        服用薬 お薬 医薬品 투약 처방 ยาที่ใช้ farmac farmacs נטילת_תרופות
        medikamentenplan
    """),
    hints=words("""
        treatment therapy substance description product rx compound treatment_name regimen item agent terapija resep
        reseta retete receta_nr
    """),
    not_names=words("""
        code id count date cost price class_id trial_phase dose quantity number abuse crime offense
        target
        company manufacturer maker labeler supplier store vendor
    """),
    near=("HEALTH_CONDITION", "PERSON", "DATE_OF_BIRTH", "MEDICAL_RECORD_NUMBER"),
)
