"""What can go wrong, one class per thing the reader would do differently."""

from __future__ import annotations


class MlsecopsError(Exception):
    """A gate could not do its work: its verdict is UNKNOWN, with this code.

    :param message: what happened, where, got/expected and what to do next; never a value from the data
    """

    code = "ERROR"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or self.code


class SourceError(MlsecopsError):
    """A dataset could not be read to its end: look at the data or the connection."""

    code = "UNREADABLE"


class PolicyError(MlsecopsError):
    """The policy folder is wrong: its owner must mend it; every mistake is named with its line."""

    code = "POLICY_INVALID"


class LedgerError(MlsecopsError):
    """The ledger could not be read or did not acknowledge: whoever runs it must look."""

    code = "LEDGER_UNAVAILABLE"


class LedgerTampered(LedgerError):
    """What the ledger holds does not verify: somebody changed it, or its key is not trusted."""

    code = "LEDGER_TAMPERED"


class SettingsError(MlsecopsError):
    """The MLSecOps connection is wrong: mend it under Admin > Connections."""

    code = "SETTINGS_INVALID"
