"""Answers to security questions, which open an account like a password and cannot be changed (first school, first pet).

NIST SP 800-63B, section 5.1.1.2, forbids them for that reason. The questions are printed on every form: they are none.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words


def _answer(cell: str) -> str:
    return (
        "" if cell.endswith("?") or cell.lower() in ("true", "false", "yes", "no", "none", "null") else cell.casefold()
    )


DETECTOR = Detector(
    entity=Entity(
        name="SECURITY_ANSWER", title="answer to a security question", role=Role.SECRET, level=Level.RESTRICTED
    ),
    cell_pattern=r"^\S.{1,100}$",
    cell=_answer,
    names=words("""
        security_answer secret_answer security_question_answer password_answer challenge_answer
        answer_to_security_question security_ans secret_ans password_hint sicherheitsantwort respuesta_secreta
        respuesta_seguridad reponse_secrete risposta_segreta resposta_secreta resposta_seguranca
    """),
    not_names=FLAGS + words("id"),
)
