"""Estates made up by a seed, as raw documents, and as the models that the evaluator is asked about."""

from __future__ import annotations

from random import Random
from typing import Any

from airflow_mlsecops.checks.grants import s3 as grants
from airflow_mlsecops.core.unseen import NotObserved

OWN, KNOWN, FAR, ELSE = "222222222222", "333333333333", "444444444444", "555555555555"
BUCKET = "ml-prod"
POINT = f"arn:aws:s3:eu-central-1:{OWN}:accesspoint/train"
KEY = f"arn:aws:kms:eu-central-1:{OWN}:key/1"
GROUP = "http://acs.amazonaws.com/groups/global/"
Doc = dict[str, Any]

ARNS = [
    f"arn:aws:iam::{OWN}:user/alice",
    f"arn:aws:iam::{OWN}:user/bob",
    f"arn:aws:iam::{OWN}:role/train",
    f"arn:aws:iam::{OWN}:role/report",
    f"arn:aws:iam::{OWN}:role/ops",
    f"arn:aws:iam::{KNOWN}:role/partner",
    f"arn:aws:iam::{FAR}:role/far",
    f"arn:aws:sts::{OWN}:assumed-role/train/s1",
]
ROLES = [one for one in ARNS if f"{OWN}:role/" in one or f"{KNOWN}:role/" in one]
CONDITIONS: list[Doc | None] = [
    *[None] * 6,
    {"Bool": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-2"}},
    {"Null": {"aws:SourceVpce": "true"}},
    {"StringEquals": {"aws:PrincipalAccount": OWN}},
    {"StringNotEquals": {"aws:PrincipalAccount": [OWN, KNOWN]}},
    {"StringNotEquals": {"aws:PrincipalAccount": [OWN, FAR]}},
    {"StringEqualsIfExists": {"aws:PrincipalAccount": OWN}},
    {"StringEquals": {"aws:PrincipalAccount": FAR}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/t*"}},
    {"StringLike": {"aws:PrincipalArn": ["*role/rep*", "*user*"]}},
    {"StringEquals": {"s3:DataAccessPointAccount": OWN}},
    {"StringNotEquals": {"s3:DataAccessPointArn": POINT}},
    {"StringEquals": {"aws:username": "alice"}},
]


def world(seed: int) -> Doc:
    """A raw estate."""
    draw = Random(seed)
    named = draw.random() < 0.8
    accounts = {account: _account(draw) for account in (OWN, KNOWN)}
    people = [_user(draw, name) for name in ("alice", "bob")]
    roles = [_role(draw, arn) for arn in ROLES]
    return {
        "seed": seed,
        "bucket": BUCKET,
        "owner": OWN,
        "accounts": accounts,
        "users": people,
        "group": _document(draw, "identity"),
        "roles": roles,
        "policy": _document(draw, "bucket") if named else None,
        "restrict": draw.random() < 0.25,
        "acls": draw.random() < 0.3,
        "ignore_acls": draw.random() < 0.5,
        "readers": draw.choice([[], [], [GROUP + "AllUsers"], [GROUP + "AuthenticatedUsers"]]),
        "points": [_point(draw)] if draw.random() < 0.4 else [],
        "key": _key(draw) if draw.random() < 0.4 else None,
    }


def principals(raw: Doc) -> list[Doc]:
    """Everybody whom the oracle tries."""
    users = [
        {**one, "policies": [*one["policies"], *([raw["group"]] if one["grouped"] else [])]} for one in raw["users"]
    ]
    base = {"name": "", "policies": []}
    roots = [{**base, "type": "root", "arn": f"arn:aws:iam::{a}:root", "account": a} for a in (OWN, KNOWN)]
    far = {**base, "type": "foreign", "arn": f"arn:aws:iam::{FAR}:role/far", "account": FAR, "name": "far"}
    other = {**far, "arn": f"arn:aws:iam::{FAR}:role/other", "name": "other"}
    stranger = {**base, "type": "stranger", "arn": f"arn:aws:iam::{ELSE}:role/x", "account": ELSE}
    service = {**base, "type": "service", "arn": "sagemaker.amazonaws.com", "account": ""}
    another = {**service, "arn": "glue.amazonaws.com"}  # whom no policy names, and none refuses by its name
    nobody = {**base, "type": "anonymous", "arn": "", "account": ""}
    return [*users, *raw["roles"], *roots, far, other, stranger, service, another, nobody]


def names(who: Doc) -> tuple[str, ...]:
    """What the evaluator may call somebody."""
    if who["type"] in ("stranger", "anonymous"):
        return ("*",)
    if who["type"] == "foreign":
        return (who["arn"], who["account"], "*")
    return (who["arn"], "*.amazonaws.com", "*") if who["type"] == "service" else (who["arn"],)


def estate(raw: Doc) -> grants.Estate:
    """The same, as the evaluator reads it."""
    bucket = grants.Bucket(
        name=raw["bucket"],
        account=raw["owner"],
        prefix="train/",
        region="eu-central-1",
        policy=_read("bucket", raw["policy"]),
        access_points=tuple(
            grants.AccessPoint(
                arn=one["arn"],
                policy=_read("point", one["policy"]),
                vpc=one["vpc"],
                block=grants.Block(restrict=one["restrict"]),
            )
            for one in raw["points"]
        ),
        key=_key_model(raw["key"]),
        block=grants.Block(ignore_acls=raw["ignore_acls"], restrict=raw["restrict"]),
        acls=raw["acls"],
        readers=tuple(raw["readers"]),
    )
    return grants.Estate(bucket=bucket, accounts=tuple(_account_model(raw, one) for one in raw["accounts"]))


def _account_model(raw: Doc, account: str) -> grants.Account:
    levels = {
        kind: NotObserved()
        if raw["accounts"][account][kind] is None
        else tuple(tuple(grants.policy("level", one) for one in level) for level in raw["accounts"][account][kind])
        for kind in ("scps", "rcps")
    }
    users = tuple(
        grants.User(
            arn=one["arn"],
            policies=tuple(grants.policy(f"p{n}", document) for n, document in enumerate(one["policies"])),
            groups=("analysts",) if one["grouped"] else (),
            boundary=_read("boundary", one["boundary"]),
        )
        for one in raw["users"]
        if one["account"] == account
    )
    roles = tuple(
        grants.Role(
            arn=one["arn"],
            trust=grants.policy("trust", one["trust"]),
            policies=tuple(grants.policy(f"p{n}", document) for n, document in enumerate(one["policies"])),
            boundary=_read("boundary", one["boundary"]),
        )
        for one in raw["roles"]
        if one["account"] == account
    )
    group = grants.Group(name="analysts", policies=(grants.policy("shared", raw["group"]),))
    identities = grants.Identities(users=users, roles=roles, groups=(group,))
    return grants.Account(id=account, identities=identities, block=grants.Block(), **levels)


def _key_model(raw: Doc | None) -> grants.Key | None:
    if raw is None:
        return None
    held = tuple(grants.KeyGrant(id=str(n), **one) for n, one in enumerate(raw["grants"]))
    return grants.Key(arn=raw["arn"], policy=grants.policy("key", raw["policy"]), grants=held)


def _read(name: str, document: Doc | None) -> grants.Policy | None:
    return None if document is None else grants.policy(name, document)


def _account(draw: Random) -> Doc:
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

    def levels() -> Any:
        if draw.random() < 0.6:
            return []
        if draw.random() < 0.3:
            return None
        return [[everything], [everything, _document(draw, "identity")] if draw.random() < 0.7 else [everything]]

    return {"scps": levels(), "rcps": levels()}


def _user(draw: Random, name: str) -> Doc:
    return {
        "type": "user",
        "arn": f"arn:aws:iam::{OWN}:user/{name}",
        "account": OWN,
        "name": name,
        "policies": [_document(draw, "identity") for _ in range(draw.randint(0, 2))],
        "grouped": draw.random() < 0.4,
        "boundary": _document(draw, "identity") if draw.random() < 0.25 else None,
    }


def _role(draw: Random, arn: str) -> Doc:
    return {
        "type": "role",
        "arn": arn,
        "account": arn.split(":")[4],
        "name": arn.rpartition("/")[2],
        "policies": [_document(draw, "identity") for _ in range(draw.randint(0, 2))],
        "trust": _document(draw, "trust"),
        "boundary": _document(draw, "identity") if draw.random() < 0.25 else None,
    }


def _point(draw: Random) -> Doc:
    return {
        "arn": POINT if draw.random() < 0.8 else POINT.replace(OWN, KNOWN),
        "policy": _document(draw, "point") if draw.random() < 0.8 else None,
        "vpc": draw.choice(["", "", "vpc-1"]),
        "restrict": draw.random() < 0.2,
    }


def _key(draw: Random) -> Doc:
    grantees = [one for one in ARNS if FAR not in one]
    given = [
        {
            "grantee": draw.choice(grantees),
            "operations": draw.choice([("Decrypt",), ("Encrypt",), ("Decrypt", "Encrypt")]),
            "constrained": draw.random() < 0.3,
        }
        for _ in range(draw.randint(0, 2))
    ]
    return {
        "arn": KEY if draw.random() < 0.8 else KEY.replace(OWN, KNOWN),
        "policy": _document(draw, "key"),
        "grants": given,
    }


_ACTIONS = {
    "identity": [
        "s3:GetObject",
        "s3:Get*",
        "*",
        "s3:*",
        "kms:Decrypt",
        "kms:*",
        "sts:AssumeRole",
        "s3:GetObjectVersion",
    ],
    "bucket": ["s3:GetObject", "s3:Get*", "s3:*", "s3:PutObject", "s3:GetObjectVersion"],
    "point": ["s3:GetObject", "s3:*"],
    "key": ["kms:Decrypt", "kms:*", "kms:Encrypt"],
    "trust": ["sts:AssumeRole", "sts:*"],
}
_OBJECTS = ["*", "train/*", "train/sub/*", "train/p?.csv", "other/*", "t*/a.csv"]


def _document(draw: Random, kind: str) -> Doc:
    return {"Version": "2012-10-17", "Statement": [_statement(draw, kind, n) for n in range(draw.randint(1, 3))]}


def _statement(draw: Random, kind: str, number: int) -> Doc:
    allow = draw.random() < 0.72
    one: Doc = {"Sid": f"S{number}", "Effect": "Allow" if allow else "Deny"}
    one["NotAction" if draw.random() < 0.06 else "Action"] = draw.sample(_ACTIONS[kind], draw.randint(1, 2))
    if kind != "trust":
        one["NotResource" if draw.random() < 0.08 and kind != "key" else "Resource"] = _resources(draw, kind)
    condition = draw.choice(CONDITIONS)
    if condition:
        one["Condition"] = condition
    if kind != "identity":
        if draw.random() < 0.12:
            one["NotPrincipal"] = {"AWS": draw.sample([*ARNS, OWN], draw.randint(1, 2))}
        else:
            one["Principal"] = _principal(draw)
    return one


def _principal(draw: Random) -> Any:
    return draw.choice(
        [
            "*",
            {"AWS": "*"},
            {"AWS": draw.choice(ARNS)},
            {"AWS": draw.sample(ARNS, 2)},
            {"AWS": f"arn:aws:iam::{OWN}:root"},
            {"AWS": f"arn:aws:iam::{OWN}:root"},
            {"AWS": KNOWN},
            {"AWS": FAR},
            {"Service": "sagemaker.amazonaws.com"},
        ]
    )


def _resources(draw: Random, kind: str) -> Any:
    bucket = [f"arn:aws:s3:::{BUCKET}/{one}" for one in _OBJECTS]
    point = [f"{POINT}/object/{one}" for one in _OBJECTS]
    choices = {
        "identity": ["*", "*", *bucket, *point, f"arn:aws:s3:::{BUCKET}/train/${{aws:username}}.csv", KEY, *ROLES],
        "bucket": bucket,
        "point": point,
        "key": ["*"],
    }[kind]
    return draw.sample(choices, draw.randint(1, 2)) if len(choices) > 1 else "*"
