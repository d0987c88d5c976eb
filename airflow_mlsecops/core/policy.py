"""What the reviewed policy folder says, as nouns; reading it from disk is ``airflow_mlsecops.policy``'s work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field, NonNegativeInt

from airflow_mlsecops.core.allow import Allow
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.glob import matches as matches
from airflow_mlsecops.core.grant import Allowed
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.sampling import Sampling
from airflow_mlsecops.core.treatment import Rule
from airflow_mlsecops.core.waiver import Waiver as Waiver


class Mode(StrEnum):
    """Whether gates stop runs (``enforce``) or only write what they would have stopped (``observe``)."""

    ENFORCE = "enforce"
    OBSERVE = "observe"


class StageRule(Frozen):
    """What datasets in one stage of the pipeline may hold.

    An entity may be held if its level is at most ``up_to`` or a selector of ``may_hold`` names it, unless a selector of
    ``never`` names it. A selector is an entity's name, ``role:secret`` or ``tag:PCI-DSS``.

    :param up_to: every entity up to this level may be held
    :param may_hold: selectors of entities that may be held whatever their level
    :param never: selectors of entities that may not be held whatever else is said
    :param sanitize: by selector, how an entity is made harmless on its way into this stage
    :param k_anonymity: rows that must at least share each combination of quasi-identifiers; none: it is only counted
    :param l_diversity: distinct values that a sensitive column must at least have among such rows
    """

    up_to: Level = Level.PUBLIC
    may_hold: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    sanitize: dict[str, Rule] = {}
    k_anonymity: int | None = Field(default=None, ge=2, le=1_000_000)
    l_diversity: int | None = Field(default=None, ge=2, le=1_000_000)


class Tier(Frozen):
    """How much care a dataset gets.

    :param new_blocks_from: a class that is allowed but new on its column blocks from this level
    :param max_scan_age_hours: how old the scan may be that an access decision relies on
    :param readers_from: an access gate asks who else can read a dataset that holds data of this level or above
    :param full_scan_up_to: datasets of more rows than this are judged by a uniform sample; none: every row is read
    :param max_undetected: size of the sample: what stands in this share of the rows or more must be found
    :param confidence: how surely it must be found
    """

    new_blocks_from: Level = Level.CONFIDENTIAL
    max_scan_age_hours: int = Field(default=24, ge=1, le=24 * 366)
    readers_from: Level = Level.RESTRICTED
    full_scan_up_to: int | None = Field(default=None, ge=1)
    max_undetected: float | None = Field(default=None, ge=1e-7, le=0.5)
    confidence: float = Field(default=0.99, ge=0.5, le=0.999999)

    @property
    def sampling(self) -> Sampling | None:
        """Its leave to look at a sample; ``None`` where every row is to be read."""
        if self.full_scan_up_to is None or self.max_undetected is None:
            return None
        return Sampling(
            full_scan_up_to=self.full_scan_up_to, max_undetected=self.max_undetected, confidence=self.confidence
        )


class DatasetRule(Frozen):
    """What the policy says of the datasets that match one pattern; the first match counts.

    :param match: glob over the dataset's identity; ``*`` stays within a path segment, ``**`` crosses them, and a
        trailing ``/**`` stands for a folder and all that is in it
    :param stage: name of a stage
    :param tier: name of a tier
    :param environment: where the dataset belongs; empty: the environment that looks at it
    :param purposes: what it may be used for
    :param applications: dag ids (globs) that may use it; empty: any
    :param readers: globs over principals that may read it, as the system itself calls them: roles of a database, ARNs,
        ``user:NAME`` of this machine; anybody at all by ``*`` alone; empty: those of its environment
    :param owner: team that answers for it
    :param authors: who requests waivers for scheduled runs, and so may not approve them
    :param approvers: who may approve findings of it in Airflow; empty: the policy's approvers
    :param known: accepted classes by column: they are not NEW
    :param tolerate: share of rows (0 to 1) up to which a forbidden entity is tolerated, by entity
    """

    match: str
    stage: str
    tier: str = "strict"
    environment: str = ""
    purposes: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    owner: str = ""
    authors: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    known: dict[str, tuple[str, ...]] = {}
    tolerate: dict[str, float] = {}


class Policy(Frozen):
    """One reviewed folder owned by security.

    :param version: of this format
    :param levels: levels of entities, where they differ from the detector's own
    :param stages: what datasets may hold, by where in the pipeline they stand
    :param tiers: how much care datasets get
    :param datasets: what is said of datasets; the first rule that matches counts
    :param environments: what each environment must look like
    :param waivers: accepted findings
    :param allow: what does not count although a detector finds it
    :param show_values_of: types of Great Expectations' expectations whose results may show values
    :param baseline_days: for how many days a class seen in a passing run counts as known
    :param observe_until: the last day on which ``mode=observe`` is honoured
    :param approvers: who may approve waivers, as Airflow names its users
    :param approval_days: for how many days at most an approval in Airflow holds
    :param approval_hours: how many hours a gate waits for an approval; then it counts as denied
    :param digest: SHA-256 over every file of the folder, as hex
    :param lines: line numbers in ``policy.yaml`` by dotted path (``stages.features``); not part of judgement
    """

    version: int = Field(default=1, ge=1, le=1)
    levels: dict[str, Level] = {}
    stages: dict[str, StageRule]
    tiers: dict[str, Tier] = {}
    datasets: tuple[DatasetRule, ...] = ()
    environments: dict[str, Environment]
    waivers: tuple[Waiver, ...] = ()
    allow: tuple[Allow, ...] = ()
    approvers: tuple[str, ...] = ()
    approval_days: int = Field(default=30, ge=1, le=366)
    approval_hours: int = Field(default=24, ge=1, le=24 * 31)
    show_values_of: tuple[str, ...] = ()
    baseline_days: int = Field(default=90, ge=1, le=3650)
    observe_until: date | None = None
    digest: str = ""
    lines: dict[str, NonNegativeInt] = {}

    def rule_for(self, identity: str) -> tuple[DatasetRule, str]:
        """The first rule that matches a dataset's identity and where it stands; the strictest one if none does."""
        for index, rule in enumerate(self.datasets):
            if matches(rule.match, identity):
                return rule, self.where(f"datasets.{index}")
        return STRICTEST, self.where("datasets")

    def stage(self, name: str) -> StageRule:
        """The rule of a stage; one that no line defines may hold nothing."""
        return self.stages.get(name, StageRule())

    def tier(self, name: str) -> Tier:
        """The care of a tier; one that no line defines gets the most."""
        return self.tiers.get(name, _MOST_CARE)

    def sampling(self, identity: str) -> Sampling | None:
        """The leave to judge a dataset by a sample; what no rule declares is read to its last row."""
        rule, _ = self.rule_for(identity)
        return None if rule is STRICTEST else self.tier(rule.tier).sampling

    def allowed(self, identity: str, environment: str) -> Allowed:
        """Whom the policy lets read a dataset.

        :param environment: the one that asks, where the policy does not say to which the dataset belongs
        """
        rule, _ = self.rule_for(identity)
        profile = self.environments.get(rule.environment or environment, Environment())
        people = profile.aws.people if profile.aws else ()
        return Allowed(readers=rule.readers or profile.readers, people=(*profile.people, *people))

    def approvers_of(self, identity: str) -> tuple[str, ...]:
        """Who may approve findings of a dataset."""
        rule, _ = self.rule_for(identity)
        return rule.approvers or self.approvers

    def never(self, stage: str, entity: Entity) -> bool:
        """True if datasets in that stage may not hold that entity whatever else is said."""
        return any(selects(selector, entity) for selector in self.stage(stage).never)

    def level_of(self, entity: Entity) -> Level:
        """The level the policy gives an entity, or its own."""
        return self.levels.get(entity.name, entity.level)

    def allows(self, stage: str, entity: Entity) -> bool:
        """True if datasets in that stage may hold that entity."""
        rule = self.stage(stage)
        if self.never(stage, entity):
            return False
        return self.level_of(entity) <= rule.up_to or any(selects(selector, entity) for selector in rule.may_hold)

    def where(self, path: str) -> str:
        """Where the folder says something, as ``policy.yaml:14``; the nearest enclosing line if none is kept."""
        while path:
            if path in self.lines:
                return f"policy.yaml:{self.lines[path]}"
            path = path.rpartition(".")[0]
        return "policy.yaml"


STRICTEST = DatasetRule(match="**", stage="undeclared", tier="strict")
_MOST_CARE = Tier(new_blocks_from=Level.PUBLIC, max_scan_age_hours=1, readers_from=Level.PUBLIC)


def selects(selector: str, entity: Entity) -> bool:
    """True if a selector (an entity's name, ``role:secret`` or ``tag:PCI-DSS``) names an entity."""
    kind, separator, word = selector.partition(":")
    if not separator:
        return selector == entity.name
    return (kind == "role" and word == entity.role.value) or (kind == "tag" and word in entity.tags)


def sanitizing_rule(rules: Mapping[str, Rule], entity: Entity) -> tuple[str, Rule] | None:
    """The rule that speaks of an entity, with its selector: its own name first, then the first role or tag."""
    if entity.name in rules:
        return entity.name, rules[entity.name]
    return next(((selector, rule) for selector, rule in rules.items() if selects(selector, entity)), None)
