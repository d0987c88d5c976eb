"""What a page says when there is nothing to show: a code and a class, never an exception's text."""

from __future__ import annotations

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered, MlsecopsError, PolicyError, SettingsError
from airflow_mlsecops.core.frozen import Frozen


class Trouble(Frozen):
    """Why there is no page.

    :param status: of the HTTP response
    :param code: of the error, which its kind alone does not say; as ``raised``, the name of its class
    :param meanwhile: whether anything is let through; empty where the question does not arise
    :param steps: at most three, the best first
    :param command: to paste on the API server
    """

    status: int = 503
    code: str = ""
    raised: str = ""
    title: str
    wrong: str
    meanwhile: str = ""
    steps: tuple[str, ...]
    command: str = ""


_VERIFY = "airflow-mlsecops ledger verify"
_DOCTOR = "airflow-mlsecops doctor"
_RELOAD = "Load this page again."


def of_error(error: MlsecopsError) -> Trouble:
    """What to tell of an error of ours.

    Its text is left out: it may name hosts and folders that a viewer of one Dag has no business with.
    """
    told = _CODES.get(error.code) or next(told for kind, told in _TOLD if isinstance(error, kind))
    return told.model_copy(update={"code": error.code, "raised": type(error).__name__})


def of_status(status: int) -> Trouble:
    """What to tell of a request that is not answered."""
    title, wrong, step = _STATUS.get(status, _STATUS[500])
    return Trouble(
        status=status, code=f"HTTP_{status}", raised="HTTPException", title=title, wrong=wrong, steps=(step,)
    )


def of_accident(error: Exception) -> Trouble:
    """What to tell of a mistake in these pages."""
    return Trouble(
        status=500,
        code="UNEXPECTED",
        raised=type(error).__name__,
        title="This page could not be drawn",
        wrong="The pages have a mistake",
        meanwhile="Gates and sealed tasks do not need this page; they decide by the ledger.",
        steps=("Look for the class named above in the log of the API server, then report it.", _RELOAD),
        command=_DOCTOR,
    )


_LEDGER = Trouble(
    title="The ledger does not answer",
    wrong="The ledger could not be read",
    meanwhile="Gates that cannot write their verdict are Unknown, and sealed tasks do not run until the ledger is "
    "back. Nothing on this page is lost.",
    steps=(
        "Check that the ledger's database runs and accepts connections from the API server.",
        "Run the command below on the API server. It names the step that fails.",
        _RELOAD,
    ),
    command=_DOCTOR,
)
_TAMPERED = Trouble(
    title="The ledger does not verify",
    wrong="A record of this run was changed, or is signed by a key that is not trusted",
    meanwhile="A record that does not verify counts for nothing: gates that read it are Unknown, and sealed tasks do "
    "not run on it.",
    steps=(
        "Tell the security team: somebody may have changed the ledger.",
        "Run the command below on the API server. It names every record that does not verify.",
        "If the key is new, have its public half reviewed into keys/ of the policy folder.",
    ),
    command=_VERIFY,
)
_INDEX = Trouble(
    title="The overview has nothing to count from yet",
    wrong="This ledger was made by an earlier version, and the API server may not add tables to it",
    meanwhile="Gates and sealed tasks do not need this page; they decide by the ledger, as before.",
    steps=(
        "Run the command below as the owner of the ledger's tables.",
        "Run the SQL of airflow-mlsecops ledger grants ROLE once more for whoever adds to the ledger.",
        _RELOAD,
    ),
    command="airflow-mlsecops ledger index",
)
_DAGS = Trouble(
    title="Airflow did not say which Dags you may see",
    wrong="This page shows what belongs to the Dags that you may read, and Airflow's auth manager did not list them",
    meanwhile="So nothing is shown. Gates and sealed tasks do not need this page; they decide by the ledger.",
    steps=(
        "Look whether Airflow's own list of Dags opens.",
        "Look for the class named above in the log of the API server.",
        _RELOAD,
    ),
)
_SETTINGS = Trouble(
    title="The MLSecOps settings cannot be used",
    wrong="The connection of type MLSecOps, or the policy folder that it names, could not be read",
    meanwhile="Gates without settings or policy are Unknown, and sealed tasks do not run.",
    steps=(
        "Open Admin > Connections and press Test on the MLSecOps connection.",
        "Run the command below on the API server. It names the step that fails.",
        _RELOAD,
    ),
    command=_DOCTOR,
)
_CODES = {"INDEX_ABSENT": _INDEX, "DAGS_NOT_DETERMINED": _DAGS}
_TOLD = (
    (LedgerTampered, _TAMPERED),
    (LedgerError, _LEDGER),
    (SettingsError, _SETTINGS),
    (PolicyError, _SETTINGS),
    (MlsecopsError, _LEDGER),
)
_STATUS = {
    401: (
        "You are not logged in",
        "This page needs an Airflow session",
        "Log in to Airflow, then load this page again.",
    ),
    403: (
        "You may not see this",
        "Your role has no permission to see the runs of this Dag, or your session is not valid",
        "Ask an Airflow administrator for permission to see the Dag.",
    ),
    404: (
        "There is nothing here",
        "No page or record has this address",
        "Open MLSecOps in Airflow's menu, or the Security tab of the run, again.",
    ),
    500: (
        "This request was not answered",
        "The request could not be answered",
        "Open MLSecOps in Airflow's menu, or the Security tab of the run, again.",
    ),
}
