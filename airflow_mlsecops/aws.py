"""The way to AWS through Airflow's own connections."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from airflow_mlsecops.core.aws import Credentials
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.unseen import NotObserved

DEFAULT_CONN_ID = "aws_default"
_PUBLIC = re.compile(r"(?:.*\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws|aws\.amazon\.com|awsapps\.com)\.?", re.IGNORECASE)
_ACCOUNT_PREFIX = re.compile(r"//\d{12}\.")
# Ways to credentials that ask nothing of a public address: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
_QUIET_WAYS = frozenset(
    {"explicit", "env", "shared-credentials-file", "config-file", "iam-role", "container-role", "sts-assume-role"}
)


class AwsDoor:
    """Clients of boto3 for one task: with its own credentials, and with the auditor's for everything else.

    :param connection: Airflow connection that the task itself uses
    :param auditor: connection that looks; empty: the same
    :param offline: true: whatever would ask a public address of AWS is refused
    """

    def __init__(self, connection: str, *, auditor: str = "", offline: bool = False) -> None:
        self._task = _Session(connection, offline)
        self._auditor = _Session(auditor, offline) if auditor and auditor != connection else self._task

    @property
    def region(self) -> str | NotObserved:
        """The region that the task's connection works in."""
        try:
            region = self._task.session.region_name
        except SourceError as error:
            return NotObserved(why=str(error))
        return region or NotObserved(why="neither the connection nor the worker names a region")

    @property
    def credentials(self) -> Credentials | NotObserved:
        """How the task came by its credentials."""
        try:
            return self._task.credentials
        except SourceError as error:
            return NotObserved(why=str(error))

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        """A client of a service, made once.

        :raises SourceError: if the connection opens nothing, or would ask a public address although offline
        """
        # Whoever looks must look where the task works: its own connection may name another region.
        place = region or (self.region if isinstance(self.region, str) else "")
        return (self._task if as_task else self._auditor).client(service, place)


class _Session:
    """One connection's session: one role is assumed once, whatever the number of services."""

    def __init__(self, connection: str, offline: bool) -> None:
        self._connection = connection
        self._offline = offline
        self._clients: dict[tuple[str, str], Any] = {}

    @cached_property
    def hook(self) -> Any:
        """Airflow's hook; absent connections are refused, for the hook would use whatever credentials lie around."""
        try:
            BaseHook.get_connection(self._connection)
        except AirflowNotFoundException:
            failure = f"connection {self._connection} is not there: create it under Admin > Connections"
        else:
            return self._hook()
        raise SourceError(failure, code="NO_CONNECTION")

    def _hook(self) -> Any:
        try:
            from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
        except ImportError:
            failure = "Airflow's Amazon provider is not installed here: pip install 'airflow-mlsecops[aws]'"
        else:
            return AwsBaseHook(aws_conn_id=self._connection, client_type="sts")
        raise SourceError(failure, code="NO_PROVIDER")

    @cached_property
    def session(self) -> Any:
        """A session of boto3, which assumes the connection's role if it names one."""
        from botocore.exceptions import BotoCoreError, ClientError

        if self._offline and self._assumes_in_public:
            raise SourceError(
                f"connection {self._connection} assumes a role, which Airflow asks of a public address unless "
                'service_config.sts.endpoint_url is set in its extra, and the policy says "offline"',
                code="NOT_OFFLINE",
            )
        try:
            return self.hook.get_session()
        except (BotoCoreError, ClientError, AirflowException, NotImplementedError, ValueError) as error:
            kind = type(error).__name__
        raise SourceError(f"connection {self._connection} opens no session with AWS ({kind})", code="NO_SESSION")

    @property
    def _assumes_in_public(self) -> bool:
        settings = self.hook.conn_config
        return bool(settings.role_arn) and not settings.get_service_endpoint_url("sts", sts_connection_assume=True)

    @cached_property
    def credentials(self) -> Credentials:
        """How the session came by its credentials."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            found = self.session.get_credentials()
            ends = found is not None and self._quiet(found.method) and bool(found.get_frozen_credentials().token)
        except (BotoCoreError, ClientError) as error:
            kind = type(error).__name__
        else:
            if found is not None:
                return Credentials(method=found.method, long_lived=not ends)
            kind = "none were found"
        raise SourceError(f"connection {self._connection} has no credentials for AWS ({kind})", code="NO_CREDENTIALS")

    def _quiet(self, method: str) -> bool:
        if not self._offline or method in _QUIET_WAYS:
            return True
        raise SourceError(
            f"credentials of connection {self._connection} come by {method}, which asks a public address of AWS, and "
            'the policy says "offline"',
            code="NOT_OFFLINE",
        )

    def client(self, service: str, region: str) -> Any:
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._made(service, region)
        return self._clients[key]

    def _made(self, service: str, region: str) -> Any:
        from botocore.config import Config
        from botocore.utils import is_valid_endpoint_url

        self.credentials  # noqa: B018 - no client without credentials, which its first call would look for
        settings = self.hook.conn_config
        patient = Config(
            retries={"mode": "adaptive", "total_max_attempts": 4},
            connect_timeout=5,
            read_timeout=20,
            max_pool_connections=16,
        )
        config = settings.botocore_config.merge(patient) if settings.botocore_config else patient
        endpoint = settings.get_service_endpoint_url(service)
        if endpoint and not is_valid_endpoint_url(endpoint):  # of which boto3's own error would repeat all
            failure = f"endpoint_url in the extra of connection {self._connection} is no URL such as https://host:port"
            raise SourceError(failure, code="NO_ENDPOINT")
        client = self.session.client(
            service, region_name=region or None, endpoint_url=endpoint, config=config, verify=self.hook.verify
        )
        if endpoint:
            # An endpoint of one's own has no names for accounts, which S3 Control puts before the host.
            client.meta.events.register("before-call.s3-control", _without_account)
        if self._offline:
            _refuse_public(client)
        return client


def _without_account(params: dict[str, Any], **_: Any) -> None:
    params["url"] = _ACCOUNT_PREFIX.sub("//", params["url"])


def _refuse_public(client: Any) -> None:
    """Refuse a client of a public address, and every request that is led to one."""
    _require_private(client.meta.endpoint_url)
    client.meta.events.register_first("before-send.*", lambda request, **_: _require_private(request.url))


def _require_private(url: str) -> None:
    host = urlsplit(url).hostname or ""
    if _PUBLIC.fullmatch(host):
        raise SourceError(
            'a public address of AWS would be asked, and the policy says "offline": set endpoint_url in the '
            "connection's extra",
            code="NOT_OFFLINE",
        )
