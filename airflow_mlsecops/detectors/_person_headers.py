"""Words by which headers say that a column holds names of persons, hint at it, or deny it."""

from __future__ import annotations

from airflow_mlsecops.detectors._hints import FLAGS, words

# "What is your …?" is a header too, and providers of care are persons, as are those who created a row.
SAYS = words("""
    first_name firstname fname f_name first_nm frst_name last_name lastname lname l_name last_nm full_name fullname
    full_nm surname sur_name sname middle_name middlename mname m_name middle_initial maiden_name maidenname maiden
    mothers_maiden mother_maiden given_name givenname family_name familyname forename name_first name_last name_full
    name_middle firstandlastname preferred_name birth_name person_name name_of_person personname
    customer_name cust_name cust_nm client_name patient_name patient_nm pat_name employee_name emp_name staff_name
    contact_name contact_person member_name student_name pupil_name teacher_name instructor_name professor_name
    doctor_name physician_name nurse_name practitioner_name surgeon_name driver_name passenger_name pilot_name
    owner_name guest_name buyer_name purchaser_name applicant_name borrower_name coborrower_name
    cardholder_name holder_name account_holder accountholder cardholder card_holder name_on_card beneficiary_name
    recipient_name sender_name receiver_name payee_name payer_name consignee_name agent_name rep_name
    representative_name salesperson_name sales_person salesperson manager_name supervisor_name subscriber_name
    insured_name policyholder policy_holder policyholder_name emergency_contact next_of_kin author_name spouse_name
    mother_name father_name guardian_name husband_name wife_name candidate_name nominee_name
    user_full_name user_fullname player_name actor_name artist_name director_name composer_name athlete_name
    coach_name billing_name shipping_name attendee_name participant_name victim_name suspect_name defendant_name
    plaintiff_name witness_name officer_name judge_name lawyer_name attorney_name tenant_name landlord_name
    donor_name resident_name voter_name respondent_name signatory signer_name caller_name approver_name
    requester_name reporter_name reviewer_name head_of_household deceased_name
    vorname nachname familienname zuname geburtsname rufname vor_und_nachname ansprechpartner kontaktperson
    kundenname mitarbeitername patientenname inhaber kontoinhaber karteninhaber
    prenom nom_de_famille nom_famille nom_usage nom_naissance nom_de_naissance nom_complet nom_prenom prenom_nom
    nom_client nom_patient nom_jeune_fille patronyme
    apellido apellidos apellido_paterno apellido_materno primer_apellido segundo_apellido nombre_completo nombres
    primer_nombre segundo_nombre nombre_cliente nombre_paciente nombre_empleado nombre_y_apellido nombre_apellido
    cognome nome_completo nominativo nome_cognome cognome_nome nome_cliente intestatario
    sobrenome nome_paciente nome_mae nome_pai nome_da_mae nome_do_pai nome_funcionario primeiro_nome ultimo_nome
    voornaam voornamen achternaam tussenvoegsel roepnaam volledige_naam geslachtsnaam contactpersoon
    imie imiona nazwisko imie_nazwisko imie_i_nazwisko nazwisko_i_imie ad_soyad adsoyad adi_soyadi adı_soyadı soyad
    soyadi soyadı musteri_adi hasta_adi fornamn efternamn fornavn etternavn efternavn etunimi sukunimi keresztnev
    vezeteknev jmeno prijmeni krestni_jmeno nume_complet prenume ime_prezime prezime
    имя фамилия отчество фио полное_имя ім_я прізвище по_батькові
    姓名 姓氏 名字 客户姓名 患者姓名 病人姓名 学生姓名 员工姓名 用户姓名
    联系人 联系人姓名 收件人 收货人 收货人姓名 户名 持卡人
    真实姓名 法人姓名 氏名 名前 苗字 姓
    お名前 漢字氏名 カナ氏名 氏名カナ フリガナ 患者名 患者氏名 顧客名 顧客氏名
    担当者名 担当者 社員名 代表者名 代表者氏名 理事長名 院長名 議員名 委員名
    이름 성명 성함 고객명 환자명 회원명 성
    الاسم الاسم_الأول الاسم_الاول اسم_العائلة الاسم_الكامل اسم_العميل اسم_المريض اللقب שם_פרטי שם_משפחה שם_מלא
    نام نام_خانوادگی ονομα επωνυμο ονοματεπωνυμο
    nama_lengkap nama_depan nama_belakang nama_pelanggan nama_karyawan nama_pasien nama_siswa nama_mahasiswa
    nama_pegawai nama_orang_tua ho_ten ho_va_ten hoten ten_khach_hang ten_benh_nhan ten_nhan_vien csaladnev
    utonev teljes_nev vevo_neve anyja_neve nume_prenume numele prenumele nume_familie nume_client nume_pacient
    jmeno_a_prijmeni jmeno_prijmeni cele_jmeno meno_priezvisko priezvisko jmeno_pacienta όνομα επώνυμο
    ονομα_πελατη ονομα_ασθενους שם_לקוח שם_החולה שם_העובד ชื่อ_นามสกุล ชื่อจริง นามสกุล ชื่อลูกค้า 고객이름
    직원명 학생명
    사원명 성명_한글 पूरा_नाम पहला_नाम उपनाम ग्राहक_का_नाम اسم_الموظف اسم_الطالب الاسم_الثلاثي اسم_الاب اسم_الأب
    اسم_الام اسم_الأم اسم_المستفيد الكنية اسم_الأسرة نام_مشتری نام_بیمار ф_и_о имя_фамилия имя_клиента
    имя_пациента имя_сотрудника фио_клиента фио_пациента фио_сотрудника фамилия_имя фамилия_имя_отчество
    имя_отчество імя прізвище_та_імя піб nombre_alumno nombre_usuario_completo nombre_del_paciente
    nombre_del_cliente nombre_medico apellido_cliente apellidos_nombre apellidos_y_nombre nombres_y_apellidos
    nombre_apellidos ape_paterno ape_materno nome_aluno nome_medico nome_do_paciente nome_do_cliente
    nome_servidor nome_candidato nome_beneficiario nome_dipendente nome_del_paziente nome_paziente
    cognome_paziente nome_e_cognome cognome_e_nome nom_salarie nom_employe nom_eleve prenoms prenom_patient
    nom_et_prenom nom_et_prenoms nom_prenoms nom_marital nom_epouse nachname_vorname vorname_nachname
    vorname_name name_vorname kundenvorname kundennachname  nachn vorn imie_pacjenta nazwisko_pacjenta
    imie_klienta nazwisko_klienta nazwisko_rodowe imie_ojca imie_matki ad_soy adsoy hasta_ad_soyad personel_adi
    ogrenci_adi musteri_ad_soyad anne_adi baba_adi isim_soyisim isim_soyad fornavn_etternavn for_och_efternamn
    sur_nm given_nm lst_nm fst_nm firstnm lastnm mid_name frstnm fst_name lst_name cust_full_name custname
    empname emp_fname emp_lname patname ptname pt_name clientname contactname
    pt_first pt_last pat_first pat_last naam_klant klantnaam ime cust_first cust_last emp_first emp_last
    student_first student_last
    acct_holder other_names othernames full_names father_s_name mother_s_name husband_s_name wife_s_name
    spouse_s_name guardian_s_name patient_s_name customer_s_name employee_s_name nok_name learner_name stud_name
    name_of_insured mädchen_name empfänger_name kunde_name versicherungs_nehmer fahrzeug_halter
    halter_name titulaire nom_usuel nom_de_jeune_fille nom_titulaire nom_du_titulaire
    nom_du_client nom_du_patient nom_assure nom_du_pere nom_de_la_mere nom_pere nom_mere
    nom_et_prenom_du_titulaire titular nombre_titular nombre_del_titular nombre_del_empleado nombre_del_padre
    nombre_de_la_madre nombre_padre nombre_madre nombre_trabajador persona_de_contacto apellido_casada
    nome_titolare titolare_carta titolare_conto titolare_della_carta nome_del_padre nome_padre nome_madre
    cognome_da_nubile nome_assicurato nome_intestatario apelido nome_titular nome_do_titular nome_social
    nome_do_funcionario nome_proprio nome_do_aluno nome_responsavel nome_do_responsavel nm_cliente nm_pessoa
    nm_paciente nm_mae nome_favorecido kaart_houder rekening_houder meisjes_naam familienaam verzekering_nemer
    geboorte_naam pas_houder patient_naam werknemers_naam naam_patient naam_werknemer naam_kaart_houder
    naam_rekening_houder voorletters nooiensvan kaart_houer rekening_houer kontakpersoon noemnaam naam_en_van
    volle_naam tilltals_namn fullstandigt_namn kort_innehavare konto_innehavare mellan_namn patient_namn
    kund_namn flick_namn malsman handlaggare anhorig mellom_navn fullt_navn kort_holder kort_innehaver
    konto_innehaver pasient_navn kunde_navn pikenavn saksbehandler konto_eier ansatt_navn pårørende mellem_navn
    fulde_navn kort_indehaver konto_indehaver patient_navn pigenavn sagsbehandler medarbejder_navn koko_nimi
    kutsumanimi etunimet kortin_haltija tilin_omistaja yhteys_henkilo potilaan_nimi asiakkaan_nimi asiakas_nimi
    tyttonimi lahiomainen huoltajan_nimi fornafn eftirnafn kenninafn fullt_nafn millinafn korthafi skirnar_nafn
    foður_nafn nafn_sjuklings nafn_viðskiptavinar tengiliður posiadacz posiadacz_karty posiadacz_rachunku
    osoba_kontaktowa drzitel drzitel_karty majitel_uctu kontaktni_osoba opravnena_osoba meno cele_meno
    krstne_meno kontaktna_osoba priimek imetnik_kartice imetnik_racuna kontaktna_oseba polno_ime vlasnik_kartice
    nositelj_kartice nosilac_kartice korisnik_kartice kontakt_osoba vlasnik_racuna puno_ime име презиме
    име_и_презиме пуно_име власник_картице власник_рачуна csaladi_nev szuletesi_nev leanykori_nev kartya_birtokos
    kartya_tulajdonos szamla_tulajdonos kapcsolat_tarto beteg_neve ugyfel_neve paciens_neve dolgozo_neve
    munkavallalo_neve titular_card titular_cont nume_de_familie nume_mama nume_tata nume_angajat nume_fata
    persoana_de_contact numele_mamei numele_tatalui три_имена бащино_име собствено_име пълно_име име_на_пациента
    име_на_клиента картодържател титуляр лице_за_контакт πατρωνυμο μητρωνυμο επιθετο κατοχος_καρτας
    κατοχος_λογαριασμου υπευθυνος_επικοινωνιας soyisim kart_sahibi hesap_sahibi kart_hamili ilgili_kisi tam_ad
    baba_adı anne_adı hasta_adı musteri_adı veli_adı veli_adi ogrenci_adı calisan_adi calisan_adı personel_adı
    держатель_карты держатель_счета владелец_карты владелец_счета контактное_лицо имя_держателя власник_картки
    власник_рахунку держатель_картки контактна_особа eesnimi perekonnanimi perenimi taisnimi kaardi_omanik
    kaardi_valdaja konto_omanik kontakt_isik patsiendi_nimi kliendi_nimi tootaja_nimi neiupolvenimi uzvards
    vards_uzvards vards_un_uzvards pilns_vards pacienta_vards klienta_vards kartes_ipasnieks konta_ipasnieks
    kontaktpersona vardas pavarde korteles_savininkas korteles_turetojas saskaitos_savininkas kontaktinis_asmuo
    nama_ibu nama_ibu_kandung nama_ayah nama_bapak nama_panggilan nama_pemilik nama_pemegang_kartu nama_nasabah
    nama_peserta nama_penuh nama_penerima nama_wali nama_pekerja nama_anak nm_pegawai nm_pasien nm_pelanggan
    atas_nama pemegang_kartu pemegang_kad pemilik_rekening ho_ten_nv ten_chu_the ten_hoc_sinh ho_ten_cha
    ho_ten_me chu_the chu_tai_khoan nguoi_lien_he nguoi_nhan apelyido unang_pangalan gitnang_pangalan
    huling_pangalan buong_pangalan pangalan_ng_pasyente
    投保人 被保险人 被保險人 受益人 监护人 監護人
    曾用名 聯絡人 戶名 客戶姓名 真實姓名 セイ メイ せい めい シメイ 読み仮名 読みがな
    よみがな ヨミガナ ふりがな 姓カナ 名カナ カナ姓 カナ名 カナ 口座名義 名義人 カード名義 カード会員名 旧姓
    保護者名 契約者名 受取人 従業員名 申込者名 예금주 카드소유자 카드_소유자 명의자 소유자명
    담당자명 보호자명 수취인 받는사람 영문이름 한글이름 환자이름 신청자명 계약자 계약자명 ชื่อสกุล
    ชื่อ_สกุล ชื่อเล่น ผู้ถือบัตร ชื่อผู้ถือบัตร เจ้าของบัญชี ชื่อผู้ป่วย ชื่อพนักงาน ชื่อบิดา ชื่อมารดา
    पिता_का_नाम माता_का_नाम पति_का_नाम कार्डधारक खाताधारक मरीज_का_नाम रोगी_का_नाम कर्मचारी_का_नाम छात्र_का_नाम
    प्रथम_नाम अंतिम_नाम حامل_البطاقة صاحب_البطاقة صاحب_الحساب اسم_الزوج اسم_الزوجة שם_האב שם_האם שם_הלקוח
    שם_המטופל שם_נעורים בעל_הכרטיס בעל_החשבון מחזיק_הכרטיס איש_קשר صاحب_حساب صاحب_کارت دارنده_کارت cognom cognoms
    nom_i_cognoms nom_del_pacient nom_del_pare nom_de_la_mare
    realname real_name
    nombre_profesor nombre_docente name_des_kunden naam_leerling naam_deelnemer tanulo_neve elevens_namn
    fulle_navn medlemsnavn eiginnafn ayah ibu nama_dosen nama_guru nama_panjang nama_pelajar ten_sinh_vien
    ten_giao_vien 法定代表人
    生徒名 児童名 会員名 利用者名 参加者名 世帯主 代表者 대표자 대표자명
    예금주명 받는분 보내는분 اسم_ولي_الأمر שם_התלמיד
    विद्यार्थी_का_नाम मतदाता_का_नाम आडनाव नाम_थर बाबुको_नाम आमाको_नाम পিতার_নাম মাতার_নাম পূর্ণ_নাম পুরো_নাম
    ছাত্রের_নাম শিক্ষার্থীর_নাম முழு_பெயர் தந்தை_பெயர் தாய்_பெயர் పూర్తి_పేరు తండ్రి_పేరు తల్లి_పేరు ఇంటి_పేరు
    ಪೂರ್ಣ_ಹೆಸರು ತಂದೆಯ_ಹೆಸರು മുഴുവൻ_പേര് പൂർണ്ണ_പേര് અટક પૂરું_નામ પિતાનું_નામ ਪੂਰਾ_ਨਾਮ ਪਿਤਾ_ਦਾ_ਨਾਮ සම්පූර්ණ_නම
    jina_kamili jina_la_kwanza jina_la_kati jina_la_mwisho jina_la_mwanafunzi jina_la_baba jina_la_mama
    majina_kamili amazina isibongo ሙሉ_ስም የአባት_ስም የተማሪ_ስም გვარი სახელი_და_გვარი ազգանուն անուն_ազգանուն ata_adi
    тегі аты_жөні әкесінің_аты фамилиясы familiya ism_familiya otasining_ismi овог овог_нэр mbiemri
    emri_dhe_mbiemri emer_mbiemer kunjom isem_u_kunjom pangalan_ng_mag_aaral នាមត្រកូល គោត្តនាម ນາມສະກຸນ
    ຊື່_ແລະ_ນາມສະກຸນ abizena izen_abizenak cyfenw sloinne nome_alunno nome_studente nome_genitore
""")

HINTS = words("""
    name names nm full first last middle given family contact owner author writer editor customer
    cust client patient
    employee emp staff manager director supervisor boss head lead leader by person people individual player actor
    actress artist composer singer musician performer agent rep representative doctor physician
    provider practitioner
    nurse surgeon teacher instructor professor lecturer student pupil host guest member passenger driver pilot buyer
    seller sender recipient receiver beneficiary payee payer applicant borrower nominee winner
    candidate judge lawyer
    attorney coach captain creator assignee assigned_to reporter reported_by requester requestor
    requested_by approver
    approved_by created_by updated_by modified_by signed signature signatory mother father parent
    spouse husband wife
    child guardian relative kin dependent user subscriber participant attendee speaker victim suspect defendant
    plaintiff witness officer tenant landlord donor resident voter respondent attending referring prescriber
    perawat bidan dokter
    technician inspector consultant analyst engineer salesman sales_rep seller jockey trainer rider athlete mayor
    governor president senator minister nominator cast crew starring inventor founder ceo chairman principal
    kontakt kunde mitarbeiter besitzer autor verfasser bearbeiter verkaufer nom auteur contacto nombre cliente
    paciente autore nome referente naam klant medewerker eigenaar klient pacjent pracownik isim
    musteri navn namn kund
    клиент пациент сотрудник автор владелец 姓 名 作者 客户 负责人 经办人 著者 顧客 氏 작가 담당자 المؤلف العميل
    server opponent bowler batsman batter pitcher goalkeeper scorer referee umpire patron actors director_list
    skipper founders investor dancer photographer translator illustrator narrator commander astronaut
    prisoner inmate arrested accused missing_person orang nama pelanggan karyawan pasien siswa mahasiswa guru
    ten khach_hang benh_nhan nev szerzo ugyfel nume clientul pacientul autorul jmena zakaznik zamestnanec
    ονομασια πελατης ασθενης συγγραφεας שם לקוח מטופל ชื่อ ลูกค้า 고객 환자 직원 선생님 नाम ग्राहक رئيس موظف
    الموظف مريض
    المريض اسم заказчик покупатель исполнитель менеджер врач директор ученик студент учитель водитель заявитель
    empleado alumno estudiante profesor medico abogado vendedor presidente diputado senador alcalde deputado
    vereador prefeito funcionario aluno funzionario dipendente alunno studente avvocato venditore depute
    senateur maire eleve etudiant salarie employe professeur medecin vendeur schuler lehrer arzt abgeordneter
    burgermeister leerling docent verkoper uczen nauczyciel lekarz sprzedawca ogrenci ogretmen doktor
    calisan personel elev lakare larare forfatter
    display_name
    alias aka beneficiaire souscripteur destinataire interlocuteur beneficiario trabajador destinatario titolare
    assistito contraente favorecido halter van innehavare indehaver nimi huoltaja nafn wlasciciel odbiorca
    beneficjent ubezpieczony zleceniodawca pacient zamestnanec ime_stranke beneficiar имена получатель плательщик
    представитель adı adi vards pangalan palayaw جهة_الاتصال ผู้ติดต่อ ten_dem ho nm sachbearbeiter begunstigde
    δικαιουχος 账户名称 帳戶名稱 ชื่อบัญชี persona_contacte
    responsable responsabile responsavel verantwortlicher verantwortlich ename discoverer felfedezo feltalalo
    objevitel odkryvca odkrywca wynalazca découvreur decouvreur scopritore descubridor entdecker erfinder
    counterparty ordering_party remitter drawer drawee debtor creditor attn attention bill_to ship_to sold_to poc
    trustee holder wrestler boxer skater swimmer runner cyclist skier gymnast golfer councillor incumbent
    officeholder faculty adviser advisor presenter moderator panelist panellist laureate awardee vocalist drummer
    conductor soloist librettist architect bishop pope king queen monarch emperor ruler heir deceased grantor
    grantee mortgagor registrant volunteer contributor lobbyist guide pax known_as romaji caller heads_of_household
    auftraggeber auftragnehmer empfanger absender besteller kaufer kundin mieter vermieter zahlungspflichtiger
    zahlungsempfanger teilnehmer mitglied spieler betreuer erziehungsberechtigter versicherter versicherte bewerber
    spender gast glaubiger schuldner eigentumer verwalter trainer
    donneur_d_ordre emetteur expediteur locataire proprietaire acheteur joueur joueuse adherent benevole stagiaire
    candidat formateur assure abonne emprunteur debiteur creancier
    ordenante remitente arrendatario propietario comprador jugador socio voluntario asegurado
    tutor representante candidato usuario deudor acreedor
    mittente ordinante inquilino proprietario acquirente giocatore iscritto debitore creditore
    remetente jogador contato segurado devedor credor
    opdrachtgever afzender ontvanger huurder speler deelnemer vrijwilliger verhuurder koper
    nadawca najemca kupujacy sprzedajacy zawodnik czlonek uczestnik opiekun czytelnik platnik
    gonderen alici kiraci satici oyuncu katilimci yetkili gönderen alıcı kiracı satıcı üye katılımcı
    avsandare mottagare hyresgast agare spelare medlem deltagare avsender mottaker leietaker eier spiller deltaker
    modtager lejer ejer deltager lahettaja vastaanottaja vuokralainen omistaja pelaaja jasen osallistuja
    odesilatel prijemce najemnik vlastnik hrac clen ucastnik felado cimzett berlo tulajdonos jatekos resztvevo
    expeditor destinatar chirias proprietar jucator membru participant
    отправитель арендатор собственник продавец игрок участник контакт ответственныи вкладчик заемщик
    відправник отримувач орендар власник гравець учасник
    付款人 收款人 寄件人 申请人 申請人 学生 學生 球员 球員 会员 會員 参加者 選手 会員 差出人 宛名 お客様
    수령인 보내는_사람 보내는사람 받는_사람 선수 회원 참가자 신청인 수신자 발신자
    المرسل المستلم العضو اللاعب المستأجر المالك प्राप्तकर्ता प्रेषक सदस्य खिलाड़ी किरायेदार
    pengirim penerima pemain anggota penyewa pemilik nguoi_gui nguoi_thue cau_thu thanh_vien ผู้รับ ผู้ส่ง สมาชิก
    ผู้เล่น
    παραληπτης αποστολεας ιδιοκτητης ενοικιαστης παικτης μελος שולח נמען שוכר שחקן חבר
    personer docente tanulo diak नाव নাম பெயர் పేరు ಹೆಸರು പേര് નામ ਨਾਮ නම شاگرد jina izina suna igama ስም სახელი
    անուն аты есімі ism нэр emri emer ឈ្មោះ ຊື່ အမည် izena enw ainm 老师 教师 신청자 orang_tua ortu
    who
    students drivers contacts users subscribers mothers heads
""")

# Teams, schools and towns win and act as well, so that these hint at names of two words or more only.
ROLES = words("""
    champion finalist semifinalist medalist medallist runner_up pole_position commentator contestant couple quarterback
    rower debater delegate mentor chief secretary treasurer lyricist screenwriter cinematographer showrunner producer
    maintainer organizer organiser referrer breeder priest cardinal pastor rector dean chancellor premier
""")

_THINGS = words("""
    product file company business firm brand domain table column database db schema field category event school store
    shop department dept team town place location venue restaurant hotel hospital university college institution
    station
    organization organisation org airport bank species plant animal breed drug medicine medication disease
    diagnosis gene
    protein chemical compound element song track album film movie book series show game job position role occupation
    class course subject project task campaign page site website app application server process method package
    module model make car ship vessel aircraft airline colour color font style group device browser os platform ward
    league tournament stadium star planet food dish ingredient recipe beer wine exchange stock fund sector industry
    supplier vendor manufacturer publisher label studio pet dog cat horse street road river mountain lake
    building item
    sku menu variable parameter metric test service queue topic bucket folder directory image icon code tag key type
    pharmacy clinic laboratory lab bakery cinema theatre theater museum park library church school parish farm gym
    ministry party ngo charity foundation club agency
    neighborhood neighbourhood county city country state province region district account plan tier channel source
    distribution dataset feature common scientific screen nick domain dns net network ssid trade medicinal
""")
_KOREAN_THINGS = words("""
    상품 제품 회사 부서 파일 학교 지역 약국 매장 도서 책 영화 가게 병원 기관 은행 과목 모델 메뉴 팀 프로젝트 서버
    도시 나라 동물 강아지 고양이 조직 업체 시설 건물 호텔 식당 행사 강좌 단체 사이트 페이지 역 곡
""")
_PERSIAN_THINGS = words(
    "محصول شرکت مدرسه کالا کتاب شهر استان فیلم دانشگاه بانک بیمارستان فایل روستا درس داروخانه تجاری"
)
DENIES = (
    *FLAGS,
    *(f"{thing}_name" for thing in _THINGS),
    *(f"{thing}_이름" for thing in _KOREAN_THINGS),
    *(f"نام_{thing}" for thing in _PERSIAN_THINGS),
    *words("""
    ioc noc circo circonscription constituency
    id ids username user_id login logon userid filename email mail phone address url uri ip zip postcode
    initials prefix suffix salutation code number no num nr amount price cost salary revenue balance gender sex age
    date time city town country county state province region district street species brand colour color product
    company_type category segment group_id password token title_of name_length
    user_agent nationality language currency month weekday day unit uuid guid file path
    nama_toko nama_barang nama_produk nama_perusahaan nama_sekolah nama_kelas nama_kota nama_provinsi nama_kecamatan
    nama_kabupaten nama_desa nama_kelurahan nama_jalan nama_mapel nama_jurusan nama_prodi nama_obat nama_penyakit
    nama_buku nama_menu nama_usaha nama_instansi
    pekerjaan pendidikan penghasilan gaji_ayah gaji_ibu umur_ayah umur_ibu tahun_lahir kondisi
    ten_sach ten_san_pham ten_hang ten_cong_ty ten_lop ten_mon ten_mon_hoc ten_khoa ten_phong ten_chi_nhanh ten_truong
    ten_thuoc ten_duong ten_tinh ten_file
    departemen contact_title job_title position_title
    opponent_team team_opponent opposing_team description tienda tiendas magasin boutique negozio loja winkel
    lise lisenin okul okulun universite fakulte
    пользователя користувача korisnicko корисничко uzivatelske pouzivatelske prihlasovaci prihlasovacie
    uporabnisko потребителско χρηστη kullanici kullanıcı vartotojo naudotojo prisijungimo lietotaja کاربری
    pengguna đang_nhap dang_nhap nguoi_dung файла хоста домена таблицы товара продукта компании datoteke
    proizvoda tvrtke firme souboru suboru produktu vyrobku firmy domeny pliku failo domeno imones toote faili
    ettevotte insurance_provider insurance_company insurance_carrier insurer titulares titular_noticia menos menores
    社名 品名 店名 校名 院名 行名 支店 施設 法人名 企業名 商号 屋号 団体名
    προιοντος εταιρειας σχολειου πολης δημου αρχειου izdelka grada naselja skole predmeta produsului scolii companiei
    firmei orasului localitatii фаилу фирмата продукта الاسم_التجاري الاسم_العلمي الاسم_التجارى
    駅名 地名 住所 都道府県 市区町村 町域 学校 曲名 書名 番組 titul tituly
"""),
)
