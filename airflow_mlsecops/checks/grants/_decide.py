"""Whether somebody may read objects of a bucket, may use its key, may take a role: AWS' flow, in three values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from airflow_mlsecops.checks._statements import Principal, Statement
from airflow_mlsecops.checks.grants._estate import AccessPoint, Account, Block, Estate, Key, KeyGrant, Levels, Policy
from airflow_mlsecops.checks.grants._policies import Reach, Reached, Request, guarded, reached, refused, said
from airflow_mlsecops.checks.grants._truth import Truth, all_of, any_of, no, perhaps
from airflow_mlsecops.checks.grants._who import Held, Sort, Who, names_account, session_of
from airflow_mlsecops.core.unseen import NotObserved

_UNLIMITED = frozenset({Sort.ROOT, Sort.SERVICE, Sort.PROVIDER, Sort.STRANGER})  # a stranger owns their account
_NAMED_ALIKE = ("arn:aws:", "arn:aws-us-gov:")  # elsewhere services are called otherwise
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
SIGNED_IN = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """What alone is to allow somebody in; whatever denies still does.

    :param held: a policy that they hold themselves, or through a group
    :param statement: of the policy of the bucket or of the access point
    :param unread: true for a policy of the bucket or of the access point that nobody could read
    :param acl: true for the objects' own access control lists
    :param point: the access point that they come through; ``None`` for straight to the bucket
    """

    held: Held | None = None
    statement: Statement | None = None
    unread: bool = False
    acl: bool = False
    point: AccessPoint | None = None

    @property
    def ours(self) -> bool:
        """True if their own policies are what is to allow them in."""
        return self.statement is None and not self.unread and not self.acl


def account_of(estate: Estate, account: str) -> Account:
    """What is known of an account: nothing, of one that nobody looked at."""
    return next((one for one in estate.accounts if one.id == account), None) or Account(id=account)


def reads(estate: Estate, request: Request, way: Way) -> Truth:
    """Whether a request for objects succeeds, with their key where there is one."""
    allowed = _straight(estate, request, way) if way.point is None else _through(estate, request, way, way.point)
    return allowed if allowed is False else all_of((allowed, decrypts(estate, request.who)))


def takes(estate: Estate, who: Who, role: Who, action: str, tls: bool) -> Truth:
    """Whether somebody can take a role; the root user of an account can take none."""
    if role.trust is None or who.sort in (Sort.ROOT, Sort.SERVICE) or who is role:
        return False
    # No key of S3 is there where a role is asked for.
    known = {**who.known, **transport(tls), "s3:tlsversion": None, "aws:resourceaccount": role.account}
    request = Request(who, action, role.arn, known)
    allowed = _needs_owner(request, role.account, reached(role.trust, request))
    if allowed is False:
        return False
    rcps = account_of(estate, role.account).rcps
    return all_of((allowed, no(refused(role.trust, request)), _undenied(request), _rules(rcps, request)))


def transport(tls: bool) -> dict[str, str | None]:
    """What whoever asks chooses freely."""
    return {"aws:securetransport": str(tls).lower(), "s3:tlsversion": "1.3" if tls else None}


def decrypts(estate: Estate, who: Who) -> Truth:
    """Whether somebody may use the bucket's key, if there is one."""
    key = estate.bucket.key
    if key is None:
        return True
    if isinstance(key, NotObserved):
        return None
    account = key.arn.split(":")[4]
    region = estate.bucket.region or key.arn.split(":")[3]
    via = {"aws:resourceaccount": account}
    if key.arn.startswith(_NAMED_ALIKE):
        via["kms:viaservice"] = f"s3.{region}.amazonaws.com"
    request = Request(who, "kms:Decrypt", key.arn, {**who.known, **via})
    by_policy = _needs_owner(request, account, reached(key.policy, request))
    granted = any_of((by_policy, _granted(key, request)))
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    rcps = () if key.by_aws else account_of(estate, account).rcps
    return all_of((granted, no(refused(key.policy, request)), _undenied(request), _rules(rcps, request)))


def _straight(estate: Estate, request: Request, way: Way) -> Truth:
    bucket = estate.bucket
    home = account_of(estate, bucket.account)
    allowed = _either(request, bucket.account, way, _bucket_allows(estate, request, way))
    if allowed is False:
        return False
    if not way.acl:
        allowed = all_of((allowed, _unshut(request.who, bucket.account, bucket.policy, (bucket.block, home.block))))
    return all_of((allowed, no(refused(bucket.policy, request)), _undenied(request), _rules(home.rcps, request)))


def _bucket_allows(estate: Estate, request: Request, way: Way | None) -> Reached:
    """Whom the bucket itself allows: all that it says, or what is to allow alone."""
    bucket = estate.bucket
    if way is not None and way.acl:
        return _listed(estate, request.who)
    if way is None:
        return reached(bucket.policy, request)
    if way.held is not None and request.who.account == bucket.account:
        return {}
    return reached(bucket.policy, request, only=way.statement)


def _through(estate: Estate, request: Request, way: Way, point: AccessPoint) -> Truth:
    """Both the access point and the bucket must let it through.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    """
    parts = point.arn.split(":")
    key = request.resource.partition("/")[2]
    origin = {
        "s3:dataaccesspointarn": point.arn,
        "s3:dataaccesspointaccount": parts[4],
        "s3:accesspointnetworkorigin": "VPC" if point.vpc else "Internet",
    }
    known = {**request.known, **origin}
    here = replace(request, resource=f"{point.arn}/object/{key}", known=known)
    behind = replace(request, known=known)
    home = account_of(estate, parts[4])
    said_here = {} if way.held and request.who.account == parts[4] else reached(point.policy, here, only=way.statement)
    allowed = _either(here, parts[4], way, said_here)
    if allowed is False:
        return False
    unshut = _unshut(request.who, parts[4], point.policy, (point.block, home.block))
    ours = all_of((allowed, unshut, no(refused(point.policy, here)), _undenied(here), _rules(home.rcps, here)))
    both = all_of((ours, _behind(estate, behind, here)))
    return perhaps(both) if point.vpc else both


def _behind(estate: Estate, request: Request, here: Request) -> Truth:
    bucket = estate.bucket
    home = account_of(estate, bucket.account)
    own = _ours(here) if request.who.account == bucket.account else False
    # AWS does not say whether what somebody may do at the access point is enough behind it, nor which name a denial
    # of theirs must bear.
    allowed = any_of((_either(request, bucket.account, Way(), _bucket_allows(estate, request, None)), perhaps(own)))
    unshut = _unshut(request.who, bucket.account, bucket.policy, (bucket.block, home.block))
    undenied = True if _undenied(request) else None
    return all_of((allowed, unshut, no(refused(bucket.policy, request)), undenied, _rules(home.rcps, request)))


def _either(request: Request, owner: str, way: Way, theirs: Reached) -> Truth:
    """In the owner's own account either side is enough, and across accounts both are needed."""
    if request.who.account == owner:
        return any_of((_directly(request, theirs), _ours(request, way.held) if way.ours else False))
    return all_of((_ours(request, way.held), any_of(theirs.values()))) if theirs else False


def _needs_owner(request: Request, owner: str, theirs: Reached) -> Truth:
    """The same for keys and roles, whose own policy must always take part."""
    if not theirs:
        return False
    if request.who.account == owner:
        by_account = all_of((_ours(request), theirs[Reach.ACCOUNT])) if Reach.ACCOUNT in theirs else False
        return any_of((_directly(request, theirs), by_account))
    return all_of((_ours(request), any_of(theirs.values())))


def _directly(request: Request, theirs: Reached) -> Truth:
    """What a resource's policy gives without any of theirs; of a role, no more than its boundary allows."""
    itself = theirs.get(Reach.ITSELF, False)
    if request.who.sort is Sort.ROLE:
        itself = all_of((itself, _bounded(request)))
    return any_of((theirs.get(Reach.ANYBODY, False), theirs.get(Reach.SESSION, False), itself))


def _ours(request: Request, only: Held | None = None) -> Truth:
    return all_of((_own(request, only), _bounded(request)))


def _own(request: Request, only: Held | None = None) -> Truth:
    """What their own policies allow, or one of them."""
    who = request.who
    if who.sort in _UNLIMITED:
        return True
    if who.sort is Sort.OUTSIDE:
        return None
    return any_of(said(one.policy, request, allow=True) for one in who.held if only is None or one is only)


def _bounded(request: Request) -> Truth:
    boundary = request.who.boundary
    return True if boundary is None else said(boundary, request, allow=True)


def _undenied(request: Request) -> Truth:
    """Whether nothing of their own, nor their organisation, denies a request."""
    who = request.who
    if who.sort in (Sort.SERVICE, Sort.PROVIDER, Sort.STRANGER):
        return True
    own = [one.policy for one in who.held] + ([who.boundary] if who.boundary else [])
    denied = any_of(said(one, request, allow=False) for one in own)
    return all_of((no(denied), _rules(who.scps, request), None if who.sort is Sort.OUTSIDE else True))


def _rules(levels: Levels, request: Request) -> Truth:
    """What an organisation allows: anything, to roles that AWS made for its own services."""
    return True if ":role/aws-service-role/" in request.who.arn else guarded(levels, request)


def _unshut(who: Who, owner: str, policy: Policy | None, blocks: tuple[Block | NotObserved, ...]) -> Truth:
    """False if a public access block shuts a public policy to all but the owner's account and services."""
    if who.account == owner or who.sort is Sort.SERVICE:
        return True
    on = any_of(None if isinstance(one, NotObserved) else one.restrict for one in blocks)
    return no(all_of((on, _public(policy))))


def _public(policy: Policy | None) -> Truth:
    if policy is None:
        return False
    if isinstance(policy.statements, NotObserved):
        return None
    # What AWS takes for public is no more than what we do, and surely what stands under no condition.
    return any_of((None if one.conditions else True) for one in policy.statements if one.lets_anybody_in)


def _listed(estate: Estate, who: Who) -> Reached:
    bucket = estate.bucket
    if not bucket.acls:
        return {}
    blocks = (bucket.block, account_of(estate, bucket.account).block)
    heard = no(any_of(None if isinstance(one, NotObserved) else one.ignore_acls for one in blocks))
    if isinstance(bucket.readers, NotObserved):
        return {Reach.ANYBODY: perhaps(heard), Reach.ITSELF: None if who.sort is Sort.OUTSIDE else False}
    everybody = ALL_USERS in bucket.readers or (SIGNED_IN in bucket.readers and who.sort is not Sort.SERVICE)
    theirs = who.arn in bucket.readers or (who.canonical in bucket.readers and who.account != bucket.account)
    return {Reach.ANYBODY: all_of((everybody, heard)), Reach.ACCOUNT: theirs}


def _granted(key: Key, request: Request) -> Truth:
    """Whether a grant of the key is somebody's: it needs no policy, in the key's account."""
    if isinstance(key.grants, NotObserved):
        return None if request.who.sort is not Sort.STRANGER else False
    return any_of(_grants(grant, request, key) for grant in key.grants)


def _grants(grant: KeyGrant, request: Request, key: Key) -> Truth:
    who = request.who
    if "Decrypt" not in grant.operations:
        return False
    if grant.grantee == who.arn:
        sure = request.who.account == key.arn.split(":")[4] and _bounded(request) is True
        return None if grant.constrained or not sure else True
    whole = names_account(Principal(kind="AWS", name=grant.grantee), who.account)
    return None if not grant.grantee or whole or (who.sort is Sort.ROLE and session_of(grant.grantee, who)) else False
