"""Who can read, by trying: one plain request after another, each answered yes or no from raw documents.

Written from AWS' pages of policy evaluation, apart from the evaluator and with none of its parts. Where AWS does not say
(`lenient`), or what nobody sees decides, both answers can be asked for.
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import Any

Doc = dict[str, Any]
KEYS = ("train/a.csv", "train/p1.csv", "train/sub/x.csv")
NETWORKS = ("vpce-1", None)
SESSIONS = ("s1", "other")


def ways_in(world: Doc, who: Doc, *, lenient: bool, network: str | None, session: str) -> bool:
    """Whether some request for some object succeeds."""
    call = {"who": who, "session": session, "lenient": lenient, "world": world}
    if not decrypt_ok(call, context_of(who, network, "true")):  # S3 asks the key's service, whatever it was asked by
        return False
    return any(
        object_ok(call, action, key, point, context_of(who, network, tls))
        for key, action, tls in itertools.product(KEYS, ("s3:GetObject", "s3:GetObjectVersion"), ("true", "false"))
        for point in (None, *world["points"])
    )


def can_take(world: Doc, who: Doc, role: Doc, *, lenient: bool, network: str | None, session: str) -> bool:
    """Whether somebody can take a role by some request."""
    if who["type"] in ("root", "service", "anonymous") or who is role:
        return False
    call = {"who": who, "session": session, "lenient": lenient, "world": world}
    owner = role["account"]
    for tls, mfa in itertools.product(("true", "false"), ("true", None) if lenient else (None,)):
        context = context_of(who, network, tls)
        if mfa:
            context["aws:multifactorauthpresent"] = mfa
        levels = both_levels(call, owner)
        if any(hit(call, "Deny", role["trust"], "sts:AssumeRole", role["arn"], context)) or any(
            own_deny(call, "sts:AssumeRole", role["arn"], context)
        ):
            continue
        if not all(level_ok(call, level, "sts:AssumeRole", role["arn"], context) for level in levels):
            continue
        if key_like(call, role["trust"], owner, "sts:AssumeRole", role["arn"], context):
            return True
    return False


def context_of(who: Doc, network: str | None, tls: str) -> Doc:
    context: Doc = {"aws:securetransport": tls}
    if network:
        context["aws:sourcevpce"] = network
    if who["account"]:
        context["aws:principalaccount"] = who["account"]
    if who["type"] in ("user", "role", "root", "foreign"):
        context["aws:principalarn"] = who["arn"]
    if who["type"] == "user":
        context["aws:username"] = who["name"]
    return context


def object_ok(call: Doc, action: str, key: str, point: Doc | None, context: Doc) -> bool:
    world = call["world"]
    bucket_arn = f"arn:aws:s3:::{world['bucket']}/{key}"
    if point is None:
        return hop(call, action, bucket_arn, world["policy"], world["owner"], context, world["restrict"], acl=True)
    if point["vpc"] and not call["lenient"]:
        return False
    owner = point["arn"].split(":")[4]
    context = {**context, "s3:dataaccesspointarn": point["arn"], "s3:dataaccesspointaccount": owner}
    point_arn = f"{point['arn']}/object/{key}"
    if not hop(call, action, point_arn, point["policy"], owner, context, point["restrict"]):
        return False
    # behind: AWS does not say whether one's own policies must name the bucket too
    if hop(call, action, bucket_arn, world["policy"], world["owner"], context, world["restrict"]):
        return True
    if not call["lenient"]:
        return False
    policy = world["policy"]
    theirs = call["who"]["account"] == world["owner"]
    free = shut(policy, world["restrict"], call["who"], world["owner"])
    denied = any(hit(call, "Deny", policy, action, bucket_arn, context))
    if denied or free or not rcp_ok(call, world["owner"], action, bucket_arn, context):
        return False
    if theirs and own_allow(call, action, point_arn, context):
        return True
    return crossing(call, policy, world["owner"], action, bucket_arn, context)


def hop(
    call: Doc, action: str, arn: str, policy: Doc | None, owner: str, context: Doc, restrict: bool, acl: bool = False
) -> bool:
    """One resource with its policy, somebody allows, nobody denies, and the organisation lets it through."""
    who, world = call["who"], call["world"]
    listed = acl and acl_ok(world, who) and (who["account"] == owner or own_allow(call, action, arn, context))
    if not listed and (shut(policy, restrict, who, owner) or not crossing(call, policy, owner, action, arn, context)):
        return False
    if any(hit(call, "Deny", policy, action, arn, context)) or any(own_deny(call, action, arn, context)):
        return False
    return all(level_ok(call, level, action, arn, context) for level in both_levels(call, owner))


def crossing(call: Doc, policy: Doc | None, owner: str, action: str, arn: str, context: Doc) -> bool:
    who = call["who"]
    mine = own_allow(call, action, arn, context)
    given = set(hit(call, "Allow", policy, action, arn, context))
    if who["account"] != owner:
        return mine and bool(given)
    if mine or "star" in given or "session" in given:
        return True
    return "arn" in given and (who["type"] != "role" or in_boundary(call, action, arn, context))


def key_like(call: Doc, policy: Doc, owner: str, action: str, arn: str, context: Doc) -> bool:
    """Keys and roles: without their own policy's word nobody's policies count."""
    who = call["who"]
    given = set(hit(call, "Allow", policy, action, arn, context))
    if who["account"] != owner:
        return bool(given) and own_allow(call, action, arn, context)
    if "star" in given or "session" in given:
        return True
    if "arn" in given and (who["type"] != "role" or in_boundary(call, action, arn, context)):
        return True
    return "account" in given and own_allow(call, action, arn, context)


def decrypt_ok(call: Doc, context: Doc) -> bool:
    who, world = call["who"], call["world"]
    key = world["key"]
    if key is None:
        return True
    if who["type"] == "anonymous":
        return False
    arn, owner, policy = key["arn"], key["arn"].split(":")[4], key["policy"]
    context = {**context, "kms:viaservice": "s3.eu-central-1.amazonaws.com"}
    context.pop("aws:securetransport")
    if who["account"]:
        context["kms:calleraccount"] = who["account"]
    if any(hit(call, "Deny", policy, "kms:Decrypt", arn, context)) or any(own_deny(call, "kms:Decrypt", arn, context)):
        return False
    if not all(level_ok(call, level, "kms:Decrypt", arn, context) for level in both_levels(call, owner)):
        return False
    for grant in key["grants"]:
        session = f"arn:aws:sts::{who['account']}:assumed-role/{who['name']}/{call['session']}"
        if "Decrypt" in grant["operations"] and grant["grantee"] in (who["arn"], session):
            limited = (
                grant["constrained"] or who["account"] != owner or not in_boundary(call, "kms:Decrypt", arn, context)
            )
            if call["lenient"] or not limited:
                return True
    return key_like(call, policy, owner, "kms:Decrypt", arn, context)


def acl_ok(world: Doc, who: Doc) -> bool:
    if not world["acls"] or world["ignore_acls"]:
        return False
    group = "http://acs.amazonaws.com/groups/global/"
    return group + "AllUsers" in world["readers"] or (
        group + "AuthenticatedUsers" in world["readers"] and who["type"] not in ("anonymous", "service")
    )


def shut(policy: Doc | None, restrict: bool, who: Doc, owner: str) -> bool:
    return restrict and public(policy) and who["account"] != owner and who["type"] != "service"


def public(policy: Doc | None) -> bool:
    for one in (policy or {"Statement": []})["Statement"]:
        everybody = "NotPrincipal" in one or one["Principal"] in ("*", {"AWS": "*"})
        fixed = any(
            key.lower() in ("aws:sourcevpce", "aws:principalaccount", "s3:dataaccesspointaccount", "aws:principalarn")
            for operator, keys in one.get("Condition", {}).items()
            if operator in ("StringEquals", "ArnLike")
            for key in keys
        )
        if one["Effect"] == "Allow" and everybody and not fixed:
            return True
    return False


def own_allow(call: Doc, action: str, arn: str, context: Doc) -> bool:
    who = call["who"]
    if who["type"] in ("root", "service", "anonymous", "stranger"):
        return True
    if who["type"] == "foreign":
        return bool(call["lenient"])
    allowed = any(plain(one, action, arn, context) for one in each(who["policies"], "Allow"))
    return allowed and in_boundary(call, action, arn, context)


def in_boundary(call: Doc, action: str, arn: str, context: Doc) -> bool:
    boundary = call["who"].get("boundary")
    return boundary is None or any(plain(one, action, arn, context) for one in each([boundary], "Allow"))


def own_deny(call: Doc, action: str, arn: str, context: Doc) -> Any:
    who = call["who"]
    documents = [*who.get("policies", ()), *([who["boundary"]] if who.get("boundary") else [])]
    yield from (True for one in each(documents, "Deny") if plain(one, action, arn, context))
    if who["type"] == "foreign" and not call["lenient"]:
        yield True


def both_levels(call: Doc, owner: str) -> list[Any]:
    who, accounts = call["who"], call["world"]["accounts"]
    scps = accounts[who["account"]]["scps"] if who["account"] in accounts else []
    rcps = accounts[owner]["rcps"] if owner in accounts else None
    return [*([None] if scps is None else scps), *([None] if rcps is None else rcps)]


def rcp_ok(call: Doc, owner: str, action: str, arn: str, context: Doc) -> bool:
    rcps = call["world"]["accounts"][owner]["rcps"]
    return all(level_ok(call, level, action, arn, context) for level in ([None] if rcps is None else rcps))


def level_ok(call: Doc, level: Any, action: str, arn: str, context: Doc) -> bool:
    if level is None:
        return bool(call["lenient"])
    allowed = any(plain(one, action, arn, context) for one in each(level, "Allow"))
    return allowed and not any(plain(one, action, arn, context) for one in each(level, "Deny"))


def each(documents: Any, effect: str) -> Any:
    return (one for document in documents for one in document["Statement"] if one["Effect"] == effect)


def hit(call: Doc, effect: str, policy: Doc | None, action: str, arn: str, context: Doc) -> Any:
    """By what each statement of a resource's policy that applies names who asks."""
    for one in each([policy] if policy else [], effect):
        if plain(one, action, arn, context):
            yield from named(call, one)


def named(call: Doc, one: Doc) -> Any:
    who = call["who"]
    if "Principal" in one:
        yield from matches(call, one["Principal"])
        return
    if one["Effect"] == "Deny" and who.get("boundary"):
        yield "star"
        return
    found = set(matches(call, one["NotPrincipal"]))
    whole = bool(found) and (
        "star" in found or who["type"] in ("root", "service") or (who["type"] == "user" and found >= {"arn", "account"})
    )
    speaks = not found or (not whole and (one["Effect"] == "Allow") == call["lenient"])
    if speaks:
        yield "star"


def matches(call: Doc, principal: Any) -> Any:
    who = call["who"]
    if principal == "*":
        yield "star"
        return
    for kind, names in principal.items():
        for name in names if isinstance(names, list) else [names]:
            if kind == "Service":
                if name == who["arn"]:
                    yield "arn"
            elif name == "*":
                yield "star"
            elif who["account"] and name in (who["account"], f"arn:aws:iam::{who['account']}:root"):
                yield "account"
            elif name == who["arn"]:
                yield "arn"
            elif name == f"arn:aws:sts::{who['account']}:assumed-role/{who['name']}/{call['session']}":
                yield "session"


def plain(one: Doc, action: str, arn: str, context: Doc) -> bool:
    """Action, resource and conditions, of concrete ones."""
    if "Action" in one and not glob(one["Action"], action.lower(), lower=True):
        return False
    if "NotAction" in one and glob(one["NotAction"], action.lower(), lower=True):
        return False
    if "Resource" in one and not glob(one["Resource"], arn, context=context):
        return False
    if "NotResource" in one and glob(one["NotResource"], arn, context=context):
        return False
    return all(
        meets(operator, context.get(key.lower()), [values] if isinstance(values, str) else values)
        for operator, keys in one.get("Condition", {}).items()
        for key, values in keys.items()
    )


def glob(patterns: Any, text: str, *, lower: bool = False, context: Doc | None = None) -> bool:
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        filled = pattern.lower() if lower else pattern
        if "${aws:username}" in filled:
            if not context or "aws:username" not in context:
                continue
            filled = filled.replace("${aws:username}", context["aws:username"])
        if pattern_of(filled).fullmatch(text):
            return True
    return False


@cache
def pattern_of(text: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in text))


def meets(operator: str, value: str | None, wanted: list[str]) -> bool:
    if operator == "Null":
        return (value is None) == (wanted[0] == "true")
    if operator.endswith("IfExists"):
        return value is None or meets(operator.removesuffix("IfExists"), value, wanted)
    if "Not" in operator:
        return value is None or not meets(operator.replace("Not", ""), value, wanted)
    if value is None:
        return False
    return glob(wanted, value) if operator in ("StringLike", "ArnLike") else value in wanted
