"""Biometric data that identify persons (GDPR art. 4(14)): templates of faces, fingers, irises and voices, by name.

Devices have fingerprints too, and certificates: those are hashes, and are named ``device``, ``ssl`` or ``browser``.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

DETECTOR = Detector(
    entity=Entity(
        name="BIOMETRIC",
        title="biometric data",
        role=Role.SPECIAL,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "BIPA", "HIPAA", "CCPA"),
    ),
    cell_pattern=r"^[^\n]{2,}$",
    names=words("""
        biometric biometrics biometric_id biometric_template biometric_data biometric_hash biometric_identifier
        fingerprint_template fingerprint_data fingerprint_image fingerprint_scan fingerprints finger_print
        face_template face_encoding face_encodings face_embedding face_embeddings face_vector face_descriptor
        facial_recognition facial_template facial_features faceprint face_id_template iris_scan iris_code
        iris_template retina_scan retinal_scan voiceprint voice_print voice_template palm_print palm_vein
        hand_geometry gait_signature biometrische_daten fingerabdruck gesichtsmerkmale gesichtsvektor
        empreinte_digitale empreintes_digitales donnees_biometriques huella_dactilar huella_digital datos_biometricos
        impressao_digital impronta_digitale impronte_digitali vingerafdruk odcisk_palca parmak_izi fingeravtryck
        отпечаток_пальца 指纹 人脸特征 指紋 顔特徴 بصمة
        gesichtserkennung reconnaissance_faciale huella_biometrica reconocimiento_facial riconoscimento_facciale
        reconhecimento_facial biometria biometrie biometrija biometria_facial gezichtsherkenning ansiktsigenkanning
        fingeravtrykk ansiktsgjenkjenning fingeraftryk ansigtsgenkendelse sormenjalki kasvotunnistus fingrafar
        dane_biometryczne otisk_prstu biometricke_udaje odtlacok_prsta prstni_odtis otisak_prsta отисак_прста
        ujjlenyomat amprenta amprenta_digitala пръстов_отпечатък δακτυλικο_αποτυπωμα yuz_tanima отпечатки_пальцев
        биометрия відбиток_пальця sormejalg pirkstu_nospiedums pirsto_atspaudas
        sidik_jari cap_jari van_tay 虹膜 人臉特徵 人脸
        顔認証 지문 안면인식 홍채 ลายนิ้วมือ फिंगरप्रिंट अंगुलियों_के_निशान بصمة_الإصبع بصمة_الوجه טביעת_אצבע זיהוי_פנים اثر_انگشت
        empremta_digital
    """),
    hints=(),
    not_names=words("""
        device browser ssl tls cert certificate key ssh file audio track html type count enabled enrolled verified
        status flag is_enabled login model version reader sensor vendor species sepal petal
    """),
    near=("PERSON",),
)
