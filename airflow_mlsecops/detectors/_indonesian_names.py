"""Names of Indonesia and Malaysia: one to five words of which any may be a given name, and few are a family's."""

from __future__ import annotations

import re

from airflow_mlsecops.detectors._hints import words

# Made of a stem and one of these by the thousand, so that no list has all.
_ENDING = re.compile(
    "(?:wati|yanti|yanto|wanto|rianto|dianto|ningsih|ningrum|ningtyas|uddin|udin|ullah|iansyah|tuti|janah"
    "|jannah|rohman|rahman|rochman|rokhman|yono|miati|yati|niati|nisa|kurniawan)$"
)
_STEMS = 4
_NAMES = frozenset(
    words("""
    abdul abdi abdillah abidin achmad adhi adinda adit aditya adriansyah afifah afrizal agung agustin agustina agustian
    ahmad aisyah ajeng akbar alfian alfin alfiansyah alifia alifah alfiyah aliyah aminah amalia ananda andhika andika
    andini andri andriani anggi anggit anggita anggraeni anggraini angga anisa anissa annisa anwar apriani aprilia
    apriliani apriyani ardian ardiansyah ardi ardhi arif arifah arifin aris arum asep astri astuti atika aulia auliya
    ayu azizah azhar azzahra bagas bagus bambang basri bayu bima budi budiman budiono cahya cahyani cahyo candra
    chandra citra dadang damayanti damar danang daniswara darma darmawan darmawati darul dede dedi dedy deni denny
    desi desy dewi dhani dian diana dika dimas dina dinda dini dwi dwiki dyah edi efendi effendi eka eko elly endah
    endang erika erlangga erna erni fadhil fadhilah fadilah fadli fahmi fahri fahrul faisal faiz faizal fajar fajri
    farah farhan farid farida fatima fatimah fauzan fauzi fauzia fauziah febri febrian febriana febriani febrianti
    febry ferdiansyah fikri firdaus firman firmansyah fitri fitria fitriah fitriana fitriani fitriyani galang galih
    galuh ghina gilang gita gunawan habib habibah hadi hafidz hafiz haikal hakim halimah hamid hamzah handayani hanif
    hanifah hardi hariyadi haryanto hasan hasanah hendra hendri hendro heni herlina hermawan heru hesti hidayah hidayat
    hidayati husein husna husni ibnu ibrahim ihsan ikhsan ikhwan ilham imam iman imron indah indra indri indriani
    intan iqbal irawan irfan irma irsyad irwan ismail iswanto jamal jannah jaya joko julian juliana kamila karim
    kartika kartini karyadi khadijah khairul khairunnisa khoirul khoirunnisa khusnul kiki kirana komariah komang
    krisna kurnia kurniati kusuma laila lailatul laksana laras larasati lastri latif latifah lestari lia lilis linda
    lukman lutfi luthfi luthfa luthfiyah lutfiah made maharani mahendra maimunah makmur malik mardiana mariana
    marlina maulana maulida maulidya mawar mega melati melinda meida meilani miftah miftahul mirza mubarok muchammad
    mufid muhamad muhammad muhammd muharram mukti mulia mulyadi mulyana mulyani munir murni mustafa mustika mustofa
    mutia mutiara nabila nabilah nadhifah nadia nadya najwa nanda nasution naufal nawawi nengah ngurah ni nina nirmala
    nita nofita noor novi novia noviana novita nugraha nugroho nuni nur nurain nuraini nurasiah nurfadilah nurhaliza
    nurhasanah nurhayati nuri nurjanah nurlaila nurmala nurrohman nurul nyoman oktavia oktaviani panca pandu permadi
    permana permata perdana prabowo pradana pradipta prakoso pramesti pramono pranata prasetya prasetyo pratama
    pratiwi prayoga prayogi priyanto puji pujiastuti purnama purnomo puspa puspita puspitasari putera putra putri
    putranto qori rachman rachmat rachmawati raden raditya raffi rafi rafli rahayu rahma rahmad rahmadani rahmah
    rahmat rahmawati rahmi raihan rama ramadan ramadani ramadhan ramadhani ramdan ramdani rangga rani ratih ratna
    ratnasari rayhan regita reni reno restu retno reza rezeki rezky rian riani rianti ridho ridwan rifai rifki rifqi
    rina rini rio riska riski risma risna ristiani riswanda rita riyan rizal rizka rizki rizky rizqi rochmah rofiq
    rohani rohim rohmah rosita rudi rusdi rusli ryan sabrina sadewa safira safitri saepudin saifudin saiful salma
    salsabila samsul sandi sandy santi santoso saputra saputri sarah saraswati satria satrio septi septian septiana
    septiani setia setiadi setiani setiawan setiawati setyawan sholeh sholihah sholikhah sholihin shinta silvia
    sinaga sinta siregar siti slamet soleh solihin sri subagyo subekti sudarmo sudirman sugeng suharto suhartini
    suhendar suhendra sukma sukmana sukmawati sulaiman sulastri sulistiyo sulistyo sulistyani sumarni sumiati sunarti
    supardi supratman supriadi supriatna supriyadi supriyanto surya suryadi suryana suryani susanti susanto susilo
    susilowati sutrisno suwandi syafitri syahputra syahrul syaiful syakira syamsul syarif syarifah tania taufik taufiq
    teguh thariq tia titin tri trisna ulfa ulfah umar umi ummi utama utami utari vina viona wahid wahyu wahyudi
    wahyuni wardana wardani wardhani wati wayan wibowo wicaksono widi widia widiastuti widodo widya widyastuti wijaya
    wijayanti winarno winarti wira wulan wulandari yanuar yoga yogi yohanes yosef yudha yudi yuda yulia yuliana
    yuliani yulianti yunita yuni yusuf zahra zahrani zainab zainal zainul zaki zakaria zakiyah zulfa zulfikar zulkifli
    """)
)


def is_indonesian(word: str) -> bool:
    """True if an Indonesian may be called so."""
    return word in _NAMES or (len(word) > _STEMS + 2 and _ENDING.search(word) is not None)
