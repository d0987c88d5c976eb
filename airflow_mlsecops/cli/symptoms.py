"""What ``airflow-mlsecops doctor`` looks at, one function for each line of its table."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from typing import TYPE_CHECKING, Literal

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.ledger import sqlite_file
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.policy import Mode

if TYPE_CHECKING:
    from airflow_mlsecops.hook import MlsecopsHook

_GROUPS = {
    "airflow.plugins": "the Security tab",
    "apache_airflow_provider": "the connection's form",
    "airflow.policy": "the check of seals when a DAG is parsed",
}


class Symptom(Frozen):
    """One line of the table.

    :param grade: FAIL where gates cannot do what they promise
    :param remedy: what to do, empty if nothing
    """

    grade: Literal["OK", "WARN", "FAIL"]
    found: str
    remedy: str = ""
    what: str = ""

    def of(self, what: str) -> Symptom:
        """The same, with its subject."""
        return self.model_copy(update={"what": what})


def _ok(found: str) -> Symptom:
    return Symptom(grade="OK", found=found)


def _warn(found: str, remedy: str) -> Symptom:
    return Symptom(grade="WARN", found=found, remedy=remedy)


def _fail(found: str, remedy: str) -> Symptom:
    return Symptom(grade="FAIL", found=found, remedy=remedy)


def versions(hook: MlsecopsHook) -> Symptom:
    """Versions that matter."""
    airflow = version("apache-airflow-core")
    found = f"airflow-mlsecops {__version__}, Airflow {airflow}, Python {platform.python_version()}"
    if tuple(map(int, airflow.split(".")[:2])) < (3, 2):
        return _fail(found, "upgrade to Airflow 3.2 or later")
    return _ok(found)


def package(hook: MlsecopsHook) -> Symptom:
    """Whether Airflow finds the plugin, the provider and the cluster policy."""
    try:
        version("airflow-mlsecops")
    except PackageNotFoundError:
        return _warn("not installed as a package", "pip install airflow-mlsecops where Airflow runs")
    missing = [what for group, what in _GROUPS.items() if not _loads(group)]
    if missing:
        return _fail(f"Airflow does not find {', '.join(missing)}", "install the package again; see `airflow plugins`")
    return _ok("plugin, provider and cluster policy found")


def _loads(group: str) -> bool:
    ours = [point for point in entry_points(group=group) if point.value.startswith("airflow_mlsecops")]
    return bool(ours) and all(map(_imports, ours))


def _imports(point: EntryPoint) -> bool:
    try:
        point.load()
    except (ImportError, AttributeError):
        return False
    return True


def connection(hook: MlsecopsHook) -> Symptom:
    """Whether the deployment's one connection is there."""
    if hook.settings.embedded:
        return _warn(
            f"no connection {hook.mlsecops_conn_id}: embedded defaults",
            "fine for trying out; else create one of type MLSecOps under Admin > Connections",
        )
    return _ok(f"connection {hook.mlsecops_conn_id}")


def environment(hook: MlsecopsHook) -> Symptom:
    """Whether the policy describes the environment that the connection claims."""
    claimed, described = hook.settings.environment, hook.policy.policy.environments
    if claimed not in described:
        return _fail(f"{claimed}, which the policy does not describe", f"it describes {', '.join(sorted(described))}")
    return _ok(claimed)


def mode(hook: MlsecopsHook) -> Symptom:
    """Whether gates stop runs."""
    until = hook.policy.policy.observe_until
    if hook.settings.mode is Mode.ENFORCE:
        return _ok("enforce: gates stop runs")
    if until is None or datetime.now(UTC).date() > until:
        ended = f"ended on {until}" if until else "is not set"
        return _ok(f"enforce: the connection says observe, but the policy's observe_until {ended}")
    return _warn(f"observe until {until}: gates stop nothing", "set the connection's mode to enforce")


def policy(hook: MlsecopsHook) -> Symptom:
    """Which policy judges."""
    from airflow_mlsecops.policy import default_folder

    folder = hook.policy
    found = f"{folder.location}, digest {folder.policy.digest[:12]}, {len(folder.policy.datasets)} dataset rules"
    if folder.location.removeprefix("file://") == str(default_folder()):
        return _warn(
            f"the shipped one, digest {folder.policy.digest[:12]}", "`airflow-mlsecops policy init` begins your own"
        )
    return _ok(found)


def cases(hook: MlsecopsHook) -> Symptom:
    """Whether the policy passes its own tests."""
    from airflow_mlsecops.policy import run_cases

    results = run_cases(hook.policy)
    passed = sum(result.ok for result in results)
    found = f"{passed} of {len(results)} pass"
    if not results:
        return _warn("none", "write what the policy must allow and deny into its cases.yaml")
    return _ok(found) if passed == len(results) else _fail(found, "see `airflow-mlsecops policy test`")


def waivers(hook: MlsecopsHook) -> Symptom:
    """Whether a waiver has ended."""
    all_, today = hook.policy.policy.waivers, datetime.now(UTC).date()
    ended = [waiver.id for waiver in all_ if waiver.until < today]
    if ended:
        return _warn(
            f"{len(ended)} of {len(all_)} have ended: {', '.join(ended)}", "mend what they cover, then remove them"
        )
    return _ok(f"{len(all_)} in force")


def allowed(hook: MlsecopsHook) -> Symptom:
    """Whether an allow rule allows nothing any more."""
    all_, today = hook.policy.policy.allow, datetime.now(UTC).date()
    ended = sum(rule.ended(today) for rule in all_)
    foreign = sum(bool(rule.values) and rule.foreign(hook.fingerprint_key) > 0 for rule in all_)
    if ended or foreign:
        return _warn(
            f"of {len(all_)} rules {ended} have ended, {foreign} hold values of another fingerprint secret",
            "remove what ended; print the values again with `airflow-mlsecops policy allow-value`",
        )
    return _ok(f"{len(all_)} rules in force")


def ledger(hook: MlsecopsHook) -> Symptom:
    """Whether the ledger answers, and every worker shares it."""
    from airflow_mlsecops.ledger import open_ledger

    url = hook.ledger_url
    place, file = place_of(url), sqlite_file(url)
    if file is not None and not file.is_file():
        return _ok(f"{place}: the first gate that runs makes it")
    with open_ledger(url, signer=None, keyring=hook.keyring) as opened:
        head = opened.head()
    return _ok(f"{place}, {head.sequence:,} records, head {head.hash[:12]}")


def signing_key(hook: MlsecopsHook) -> Symptom:
    """Which key signs records, and who believes it."""
    from airflow_mlsecops.hook import home, one_host

    if hook.settings.signing_key:
        hook.keyring.require(hook.signer.key_id)
        return _ok(f"{hook.signer.key_id}, trusted by the policy")
    made = (home() / "signing.key").is_file()
    found = f"{hook.signer.key_id}: local key" if made else "local key, made by the first gate that runs"
    remedy = "put an Ed25519 private key into the connection's password, and its public half into the policy's keys/"
    return (
        _warn(f"{found}, trusted on this host only", remedy)
        if one_host()
        else _fail(f"{found}, others refuse it", remedy)
    )


def fingerprint_secret(hook: MlsecopsHook) -> Symptom:
    """Whether every worker makes the same fingerprints."""
    from airflow_mlsecops.hook import one_host

    if hook.settings.fingerprint_secret:
        return _ok("the connection's")
    remedy = "set the connection's fingerprint secret"
    if one_host():
        return _ok("this host's own")
    return _fail("each worker's own: a seal would refuse what another worker looked at", remedy)


def pseudonym_secret(hook: MlsecopsHook) -> Symptom:
    """Whether every worker makes the same pseudonyms."""
    from airflow_mlsecops.hook import one_host

    if hook.settings.pseudonym_secret:
        return _ok("the connection's")
    remedy = "set the connection's pseudonym secret before anything is pseudonymised"
    if one_host():
        return _ok("this host's own")
    return _fail(
        "each worker's own: SanitizeDatasetOperator refuses to make pseudonyms that no two tables share", remedy
    )


def aws(hook: MlsecopsHook) -> Symptom:
    """Whether AWS can be asked what the environment's checks want to know."""
    profile = hook.policy.policy.environments.get(hook.settings.environment)
    if profile is None or profile.aws is None:
        return _ok("nothing of this environment is there")
    from airflow_mlsecops.aws import DEFAULT_CONN_ID, AwsDoor
    from airflow_mlsecops.checks._sts import AUDITOR
    from airflow_mlsecops.core.unseen import Unseen
    from airflow_mlsecops.observe.aws import observe

    looks, call = profile.aws.auditor or DEFAULT_CONN_ID, AUDITOR.call()
    door = AwsDoor(looks, offline=profile.aws.offline)
    facts = observe(door, lambda seen: () if call.key in seen.answers else (call,))
    try:
        who = facts.need(AUDITOR)
    except Unseen as end:
        return _fail(
            f"nobody looks: {end.missing.why}", f"mend connection {looks}, which the policy names to look with"
        )
    return _ok(f"{looks} looks as {who.arn}")


def executor(hook: MlsecopsHook) -> Symptom:
    """Where tasks run."""
    from airflow.configuration import conf

    from airflow_mlsecops.hook import one_host

    name = conf.get("core", "executor", fallback="LocalExecutor")
    return _ok(f"{name}: {'one host' if one_host() else 'several hosts'}")


def logins(hook: MlsecopsHook) -> Symptom:
    """Whether an approval says who approved."""
    from airflow.configuration import conf

    manager = conf.get("core", "auth_manager", fallback="").rpartition(".")[2]
    if manager != "SimpleAuthManager":
        return _ok(manager)
    remedy = "use an auth manager with real users, such as FAB or Keycloak"
    if conf.getboolean("core", "simple_auth_manager_all_admins", fallback=False):
        return _fail("everybody is admin without a password: whoever approves a waiver could be anybody", remedy)
    return _warn("SimpleAuthManager, made for development", remedy)


def place_of(url: str) -> str:
    """Where a database is, without user, password or options: any of them may be or hold a secret.

    :raises LedgerError: never; a URL that cannot be read is told as such
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return "a ledger whose URL cannot be read"
    if parsed.get_backend_name() == "sqlite":
        return f"SQLite {parsed.database}"
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.get_backend_name()} {parsed.host or 'localhost'}{port}/{parsed.database or ''}"


LOOKS: Mapping[str, Callable[[MlsecopsHook], Symptom]] = {
    "versions": versions,
    "package": package,
    "connection": connection,
    "environment": environment,
    "mode": mode,
    "policy": policy,
    "its cases": cases,
    "waivers": waivers,
    "allow list": allowed,
    "ledger": ledger,
    "signing key": signing_key,
    "fingerprints": fingerprint_secret,
    "pseudonyms": pseudonym_secret,
    "AWS": aws,
    "executor": executor,
    "logins": logins,
}
