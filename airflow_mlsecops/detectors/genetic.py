"""Genetic data of persons (GDPR art. 4(13)): variants (dbSNP's rs numbers), genotypes and haplotypes.

Values: ``rs429358``, HGVS (``c.76A>T``, ``NM_000546.6:c.215C>G``), genotypes ``A/G`` and ``0|1``, HLA alleles. The
genotypes of model organisms are words, and so are ``AA`` and ``CC``: both need the column's name.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_VARIANT = re.compile(
    r"rs[1-9][0-9]{2,10}"
    r"|(?:N[CMGPR]_[0-9]{5,9}(?:\.[0-9]{1,2})?(?:\([A-Z0-9-]+\))?:)?[cgmnpr]\.[(*]?[-0-9A-Za-z_*+>=()]{2,60}"
    r"|HLA-[A-Z]{1,4}[0-9]?\*[0-9]{2,3}(?::[0-9]{2,3}){0,3}"
    r"|(?:chr)?(?:[0-9]{1,2}|X|Y|MT?)[:_-][0-9]{4,9}[:_-]?[ACGT]{1,20}[>:_/-][ACGT]{1,20}"
)

DETECTOR = Detector(
    entity=Entity(
        name="GENETIC",
        title="genetic data",
        role=Role.SPECIAL,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "GINA", "HIPAA"),
    ),
    cell_pattern=r"^[0-9A-Za-z_.:;,*+>=()/| \-]{1,200}$",
    cell=lambda cell: cell.upper(),
    known=lambda cell: _VARIANT.fullmatch(cell) is not None,
    common=0.0003,
    names=words("""
        genotype genotypes rsid rs_id rs_number dbsnp dbsnp_id snp snps snp_id genetic_data genetic_test
        genetic_test_result genetic_marker genetic_markers genetic_risk genome genome_sequence dna dna_sequence
        dna_profile dna_sample dna_test haplotype haplogroup karyotype allele allele1 allele2 alleles risk_allele brca
        brca1 brca2 brca_status apoe apoe_genotype hla_type hla_typing mutation_status gene_mutation str_profile
        microsatellite_profile genotyp erbgut genetische_daten donnees_genetiques datos_geneticos genotipo
        dados_geneticos dati_genetici adn adn_profil генотип днк 基因型 基因检测 遺伝子型 الحمض_النووي
        hla genetischer_befund perfil_genetico genetische_gegevens dna_profiel genotyyppi arfgerð dnk dnk_profil
        genotipus γονοτυπος genotuup genotips genotipas genotipe
        data_genetik kieu_gen 基因檢測 遺伝子検査 유전자형 유전자검사 จีโนไทป์
        พันธุกรรม डीएनए जीनोटाइप النمط_الجيني גנוטיפ בדיקה_גנטית ژنوتیپ
    """),
    hints=words("variant mutation marker locus hgvs gene"),
    not_names=words("price count gc_content company vendor kit length_bp hair grape plant wine"),
    near=("HEALTH_CONDITION", "PERSON", "MEDICAL_RECORD_NUMBER"),
)
