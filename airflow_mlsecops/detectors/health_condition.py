"""Diseases, symptoms and allergies of persons (GDPR art. 9): words and endings of medicine in several languages.

A ``condition`` is a car's, the weather's or an experiment's as often: there the words decide. Columns of one illness
(``diabetes``, ``heart_disease``) hold answers; counts and percentages in them are a country's statistics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import answered, folded, vocabulary

_WORDS = vocabulary("""
    abscess|acne|addiction|aids|alzheimer|alzheimers|amputation|anaphylaxis|aneurysm|angina|anxiety|apnea|appendicitis
    arrhythmia|arthropathy|ascites|asperger|asthma|asthmatic|ataxia|atopic|atrial fibrillation|autism|autistic
    autism spectrum disorder|adhd|bipolar|bleeding|blindness|bph|cancer|carcinoma|cardiac arrest|cataract|celiac
    cellulitis|cerebral palsy|chest pain|chickenpox|chlamydia|cholera|cirrhosis|ckd|coeliac|cold sore|colic|colitis
    common cold|concussion|congestive heart failure|constipation|contusion|convulsion|copd|coronary artery disease
    cough|covid|covid 19|crohn|crohns|cyst|cystic fibrosis|dandruff|deafness|dehydration|delirium|dementia|dengue
    depression|depressive disorder|diabetes|diabetes mellitus|diabetic|diabetes type 1|diabetes type 2|type 1 diabetes
    type 2 diabetes|diarrhea|diarrhoea|diphtheria|dizziness|down syndrome|drug overdose|dysentery|dyslexia|dyspnea
    ebola|eczema|edema|oedema|embolism|emphysema|epilepsy|epileptic|fatigue|fever|fibroids|fibromyalgia|flu|fracture
    frostbite|gallstones|gangrene|gastroenteritis|gerd|gestational diabetes|gingivitis|glaucoma|goiter|gonorrhea|gout
    hay fever|headache|heart attack|heart disease|heart failure|heartburn|hemophilia|hemorrhage|hemorrhoids|hepatitis
    hepatitis a|hepatitis b|hepatitis c|hernia|herpes|hiv|hiv positive|huntington|hydrocephalus|hypercholesterolemia
    hyperlipidemia|hypertension|hypertensive|hyperthyroidism|hypotension|hypothyroidism|ibs|impetigo|incontinence
    infarction|infertility|influenza|insomnia|ischemia|itching|jaundice|kidney disease|kidney failure|kidney stones
    liver failure|hepatic failure|respiratory failure|cardiac failure|organ failure
    laceration|leprosy|leukaemia|lupus|lyme|lyme disease|lymphoma|malaria|malnutrition|measles|melanoma|meningitis
    menopause|mental illness|migraine|miscarriage|mononucleosis|mrsa|multiple sclerosis|mumps|muscular dystrophy
    myocardial infarction|myopia|nausea|neoplasm|neuralgia|numbness|obesity|obese|ocd|osteoarthritis|osteoporosis
    palpitations|pancreatic cancer|paralysis|parkinson|parkinsons|pertussis|peptic ulcer|pharyngitis|pneumonia
    pneumothorax|polio|poliomyelitis|polycystic ovary syndrome|pcos|postpartum depression|preeclampsia|psoriasis
    psychosis|ptsd|pulmonary embolism|rabies|rash|reflux|renal failure|rheumatism|rickets|rubella|scabies
    scarlet fever|schizophrenia|schizophrenic|sciatica|scoliosis|seizure|seizures|sepsis|shingles|shortness of breath
    sickle cell|sickle cell anemia|sinusitis|sleep apnea|sleep disorder|smallpox|sore throat|sprain|stroke
    substance abuse|swelling|syphilis|tetanus|thrombosis|thyroid disorder|tinnitus|tonsillitis|tuberculosis|tumor
    tumour|typhoid|ulcer|ulcerative colitis|urinary tract infection|uti|varicose veins|vertigo|viral infection
    vomiting|whooping cough|yellow fever|zika|upper respiratory infection|viral sinusitis|body mass index 30|wheezing
    peanut allergy|latex allergy|penicillin allergy|drug allergy|allergic rhinitis|pollen allergy|shellfish allergy
    allergic reaction|chronic kidney disease|coronary heart disease|breast cancer|lung cancer|prostate cancer
    colon cancer|skin cancer|heart block|panic disorder|panic attack|eating disorder|bulimia|anorexia|alcoholism
    alcohol abuse|krebs|bluthochdruck|herzinfarkt|schlaganfall|grippe|fieber|husten|kopfschmerzen|ruckenschmerzen
    depressionen|zuckerkrankheit|lungenentzundung|allergie|erkaltung|knochenbruch|herzinsuffizienz|epilepsie|demenz
    asthma bronchiale|hypertonie|diabete|cancer du sein|infarctus|avc|fievre|toux|rhume|mal de tete
    depression nerveuse|tuberculose|pneumonie|hypertension arterielle|sida|vih|diabetes tipo 2|hipertension
    hipertensao|hipertension arterial|gripe|fiebre|febre|tos|tosse|dolor de cabeza|dor de cabeca|embarazo|infarto|asma
    ansiedad|ansiedade|depresion|depressao|depressione|neumonia|fractura|fratura|frattura|ictus|cancro|tumore
    ipertensione|febbre|cefalea|polmonite|kanker|hoge bloeddruk|suikerziekte|beroerte|griep|koorts|hoofdpijn
    longontsteking|cukrzyca|nadcisnienie|grypa|astma|udar|zawal|rak|kanser|hipertansiyon|seker hastaligi|diyabet|astim
    grip|zaturre|diabetes typ 2|hogt blodtryck|hjartinfarkt|сахарный диабет|гипертония|астма|грипп|инфаркт|инсульт|рак
    пневмония|туберкулез|аллергия|депрессия|гастрит|бронхит|糖尿病|高血压|高血圧|癌症|がん|哮喘|喘息|感冒|流感|肺炎
    冠心病|抑郁症|うつ病|骨折|脑卒中|脳卒中|心筋梗塞|당뇨병|고혈압|천식|السكري|ارتفاع ضغط الدم|الربو|سرطان|मधुमेह
    उच्च रक्तचाप|दमा|कैंसर|बुखार|hemofilia|epilepsia|artritis|artrosis|bronquitis|migrana|anemia|obesidad
    obesidade|hipotiroidismo|insuficiencia cardiaca
    insuficiencia renal|cardiopatia|cardiovascular|respiratorio|respiratoria|alergia|hepatitis|cirrosis
    gastritis|ulcera|varicela
    sarampion|tuberculosis|dengue|esquizofrenia|enxaqueca|bronquite|artrite|pneumonia|hipotireoidismo
    cardiopathie|epilepsie|arthrose|arthrite|bronchite|angine
    varicelle|rougeole|anemie|obesite|sclerose en plaques|insuffisance cardiaque|insuffisance renale|emicrania
    artrosi|artrite
    epilessia|bronchite|varicella|morbillo|obesita|scompenso cardiaco|insufficienza renale|ipotiroidismo
    schilddrusenunterfunktion|arthrose|rheuma|migrane|durchfall
    windpocken|masern|mittelohrentzundung|reizdarm|burnout|herzrhythmusstorung|vorhofflimmern
    bandscheibenvorfall|angina pectoris|wrzody|dlawica piersiowa
    choroba niedokrwienna serca|zawal serca|padaczka|migrena|otylosc|niedokrwistosc|gruzlica|ospa|odra
    zapalenie pluc|angina|przeziebienie
    zlamanie|goraczka|kaszel|nowotwor|bialaczka|jaskra|zacma|luszczyca|tansiyon|migren|epilepsi|kansizlik
    bronsit|demam|batuk|asma bronkial
    kanker|darah tinggi|kencing manis|tifus|tipes|cacar|campak|diare|maag|jantung|tieu duong|cao huyet ap
    ung thu|viem phoi|hen suyen|magas vernyomas
    cukorbetegseg|rakovina|chripka|cukrovka|vysoky krevni tlak|hipertensiune|diabet zaharat|raceala|gripa
    διαβητης|υπερταση|ασθμα|καρκινος|סוכרת|סרטן
    אסתמה|เบาหวาน|ความดันโลหิตสูง|มะเร็ง|폐렴|감기|독감|우울증|암|الانفلونزا|حساسية|ضغط الدم|فقر الدم|артрит
    эпилепсия|ожирение|мигрень|язва|грипп|орви|ангина|бронхиальная астма
""")
_MEDICAL = frozenset(
    words("""
        disease diseases disorder syndrome infection injury pain ache chronic acute malignant malignancy deficiency
        lesion wound burns allergy allergic inflammation insufficiency congenital hemorrhagic pulmonary renal
        hepatic cardiac trauma krankheit erkrankung storung schmerzen entzundung maladie douleur enfermedad dolor
        trastorno doenca dor malattia dolore disturbo ziekte aandoening pijn choroba zespol hastaligi sjukdom
        sygdom zapalenie nowotwor niewydolnosc zlamanie inflamacion infeccion infeccao
        infezione insuficiencia insuffisance insufficienza inflamacao infiammazione dolencia entorse esguince betegseg
        onemoc boala penyakit benh
        болезнь синдром
    """)
)
_ENDING = re.compile(
    r"[a-z]{3,}(?:itis|[a-z]osis|[a-z][iy]asis|aemia|[a-z]emia|algia|carcinoma|sarcoma|lymphoma|blastoma|myeloma|adenoma"
    r"|glaucoma|pathy|plegia|phobia|rrhea|rrhoea|rrhage|rrhagia|nuria|penia|ectasis|sclerosis|trophy|megaly|rrhoids"
    r"|opathie|ose mentale|asthenia|dynia|emie|ämie|kardie|cardia|stenosis|spasm)"
)
_NOT_ILL = frozenset(
    words("""
        academia bohemia nostalgia empathy sympathy apathy telepathy trophy atrophy_award diagnosis prognosis hypnosis
        metamorphosis osmosis mitosis meiosis photosynthesis euphemia antipathy symbiosis glycosis homeopathy
        naturopathy genosis gnosis eurasis polemia hosis
    """)
)


def _is_illness(cell: str) -> bool:
    spelt = folded(cell)
    parts = spelt.split()
    if spelt in _WORDS:
        return True
    if _NUMBERED.fullmatch(spelt):
        return False
    if any(_is_medical(part) for part in parts[:12]):
        return True
    pairs = (" ".join(parts[start : start + 2]) for start in range(min(len(parts), 12)))
    return any(part in _WORDS for part in parts[:12]) or any(pair in _WORDS for pair in pairs)


# UTI-01 is a bed of intensive care.
_NUMBERED = re.compile("[a-z]{1,4} ?[0-9]{1,4}")


def _is_medical(word: str) -> bool:
    return word in _MEDICAL or (word not in _NOT_ILL and _ENDING.fullmatch(word) is not None)


# In a sentence "stroke" and "fever" are figures of speech: it is a person's health that is told with a patient in it.
_CARE = re.compile(
    r"\b(?:patients?|diagnos\w+|prescri\w+|admitted|hospitali[sz]ed|symptoms?|history of|mg|clinic\w*|follow-up"
    r"|physicians?|patientin|paciente|patiente|paziente|пациент\w*)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_LONGEST = 4000
_TOLD = 3


def _told(text: str) -> Iterator[Span]:
    text = text[:_LONGEST]
    if not _CARE.search(text):
        return
    spans = [(*match.span(), match[0].casefold()) for match in _WORD.finditer(text)]
    ill = [span for span in spans if span[2] in _WORDS or _is_medical(span[2])]
    if len({word for _, _, word in ill}) >= _TOLD:
        yield from ill


DETECTOR = Detector(
    entity=Entity(
        name="HEALTH_CONDITION",
        title="disease, symptom or allergy",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA", "CCPA"),
    ),
    cell_pattern=r"^[^\n@]{1,300}$",
    cell=answered,
    known=_is_illness,
    common=0.004,
    names=words("""
        diagnosis diagnoses diag diagnosis_desc diagnosis_description primary_diagnosis admission_diagnosis
        admitting_diagnosis dx dx_desc medical_condition medical_conditions health_condition health_conditions
        health_status health_issue health_issues health_problem medical_history family_history medical_problem
        pre_existing_condition preexisting_condition preexisting_conditions existing_conditions chronic_condition
        chronic_disease chronic_illness comorbidity comorbidities disease diseases disease_name illness ailment
        symptom symptoms chief_complaint presenting_complaint reason_for_visit admission_reason reason_description
        cause_of_death death_cause allergy allergies allergy_name known_allergies mental_health mental_illness
        mental_health_condition mental_disorder disorder injury injuries injury_type severity_of_illness heart_disease
        heartdisease hypertension hypertensive diabetes diabetic is_diabetic stroke asthma anaemia anemia cancer
        tumor_type cancer_type copd hiv hiv_aids hiv_status covid covid_status covid_result covid_positive
        coronary_heart_disease prevalentstroke prevalenthyp kidney_disease liver_disease thyroid_disease dementia
        alzheimer arthritis epilepsy angina exang chest_pain chest_pain_type chestpaintype depression anxiety autism
        panic_attack panic_attacks panic_disorder
        insomnia sleep_disorder obesity famhist heart_attack cardio cvd had_stroke adverse_event adverse_reaction
        side_effect side_effects diagnose diagnosen diagnosetext krankheit krankheiten vorerkrankung vorerkrankungen
        erkrankung symptome beschwerden allergie allergien todesursache diagnostic diagnostique maladie maladies
        antecedents_medicaux symptomes cause_deces diagnostico diagnosticos enfermedad enfermedades sintoma sintomas
        alergia alergias padecimiento comorbilidad causa_muerte doenca doencas comorbidade diagnosi malattia malattie
        patologia patologie sintomi allergia ziekte ziektes aandoening symptomen klachten diagnoza rozpoznanie choroba
        choroby objawy tani hastalik belirti sjukdom sygdom diagnos sykdom диагноз болезнь заболевание симптом
        симптомы аллергия 诊断 疾病 症状 病史 过敏史 病名 診断 アレルギー 진단 질병 التشخيص المرض الأعراض बीमारी निदान
        penyakit adenopathy lymphadenopathy pathology infarct infarctus infarto infarkt hta
        antecedente antecedentes antecedentes_personales antecedentes_familiares antecedentes_patologicos
        antecedente_familiar anamnese anamnesi anamnesis diagnostico_medico diagnostico_principal diag_principal
        dx_principal motivo_consulta motivo_de_consulta motif_consultation motif_hospitalisation historia_medica
        historial_medico enfermedad_cronica enfermedades_cronicas condicion_medica patologia_previa historico_medico
        comorbidades problema_de_saude condicao_medica motivo_internacao anamnesi_patologica diagnosi_principale
        allergie_note malattie_croniche intolleranze krankengeschichte hauptdiagnose nebendiagnose aufnahmediagnose
        entlassdiagnose diagnose_text chronische_krankheit voorgeschiedenis hoofddiagnose chorobe schorzenie
        schorzenia dolegliwosc dolegliwosci alergie choroby_przewlekle teshis hastaliklar kronik_hastalik alerji
        alerjiler sikayet sykdommer sjukdomar diagnoskod_text betegseg diagnozis kortortenet tunetek onemocneni
        diagnozy alergija boala boli_cronice simptome bolest dijagnoza ασθενεια διαγνωση αλλεργιες מחלה אבחנה
        אלרגיות โรค โรคประจำตัว การวินิจฉัย อาการ แพ้ยา 진단명 병명 질환 증상 병력 알레르기 रोग लक्षण एलर्जी
        تشخيص الحساسية
        الامراض_المزمنة الأمراض_المزمنة بیماری تشخیص хронические_заболевания анамнез жалобы основной_диагноз діагноз
        хвороба алергія keluhan diagnosa riwayat_penyakit alergi gejala benh chan_doan trieu_chung di_ung
        tien_su_benh 既往症 既往歴 主诉 现病史 既往史 傷病名 主訴
        pmh past_medical_history befund befunde krankheitsbild pathologie pathologies motif_de_consultation
        quadro_clinico queixa_principal enfermedad_base ziektebeeld siekte allergieen allergiee symtom allergier besvar
        symptomer lidelse lidelser helseplager sairaus sairaudet oireet diagnoosi allergiat sjukdomur sjukdomsgreining
        einkenni ofnæmi choroby_wspolistniejace nemoc priznaky anamneza ochorenie bolezen simptomi alergije oboljenje
        болест дијагноза симптоми алергије алергии korelozmeny panasz panaszok boli alergii afectiune afectiuni диагноза
        заболяване оплаквания νοσος συμπτωματα παθηση tani_adi belirtileri сопутствующие_заболевания болезни
        захворювання хвороби скарги алергіі diagnoos haigus haigused sumptomid slimiba simptomai diagnoze diagnozes
        ligos alergijos nusiskundimai karamdaman 病情 診斷 过敏
        過敏史 疾病名稱 持病 病状 기저질환 과거력 ประวัติการแพ้ ประวัติการเจ็บป่วย
        תסמינים מחלות_רקע מחלות بیماری_زمینهای بیماریها علائم_بیماری malaltia malalties hauptbeschwerde
        fever cough headache nausea vomiting dehydration shortness_of_breath sore_throat loss_of_smell
        loss_of_taste joint_pain muscle_pain skin_rash polyuria polydipsia polyphagia paralysis
        partial_paresis ckd chronic_kidney_disease chf afib atrial_fibrillation pvd dvt pneumonia sepsis
        hepatitis hepatitis_b hepatitis_c hcv tuberculosis malaria dengue htn dyslipidemia dyslipidaemia
        hyperlipidemia parkinson parkinsons cva migraine schizophrenia bipolar bipolar_disorder ptsd adhd
        metastasis metastases tumor_size tumour_size tumor_stage tumour_stage tumor_grade tumour_grade
        er_status pr_status her2 her2_status sleep_apnea sleep_apnoea cardiac_arrest myocardial_infarction
        heart_failure allergen lymph_nodes_examined
    """),
    hints=words("""
        condition conditions reason problem complaint description event_name event indication finding findings issue
        risk_factor risk_factors health medical conclusion note notes comment result
        affection sakit علائم حساسیت plager antecedents dolencia
    """),
    not_names=words("""
        code codes icd weather road vehicle car item product book sale used date id count number rate rates per_capita
        deaths mortality prevalence incidence vaccine coverage expenditure plant crop leaf tree fruit software defect
        bug engine pct percent percentage index surface air soil cost price pedigree years_since duration test_code
        probability prob registry server network system
        penales penal criminal judiciales
        rumah_sakit rumah log exit build deploy job http api
    """),
    near=("MEDICATION", "PERSON", "DATE_OF_BIRTH", "AGE", "GENDER", "MEDICAL_RECORD_NUMBER", "ICD_CODE", "VITAL_SIGN"),
    prose=_told,
)
