"""Is everything as it has to be? Each rule is computed anew from the tables, none is taken on trust.

A rule is one function that gives the rows which break it. New rules join the list of their file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storefront.core.transactions import snapshot
from storefront.desk.queries.audit import (
    arrivals,
    batches,
    catalog,
    chain,
    complaints,
    deliveries,
    imports,
    money,
    orders,
    people,
    promotions,
    refunds,
    stock,
)
from storefront.desk.queries.audit.rules import Rule

RULES: tuple[Rule, ...] = (
    *money.RULES,
    *arrivals.RULES,
    *refunds.RULES,
    *orders.RULES,
    *stock.RULES,
    *batches.RULES,
    *catalog.RULES,
    *complaints.RULES,
    *deliveries.RULES,
    *imports.RULES,
    *chain.RULES,
    *promotions.RULES,
    *people.RULES,
)


@dataclass(frozen=True)
class Finding:
    """What a rule found: no rows means that it holds."""

    rule: str
    offenders: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        """Is the rule kept?"""
        return not self.offenders


def verify() -> Iterator[Finding]:
    """Check every rule, all of them against the same moment."""
    with snapshot():
        for rule in RULES:
            yield Finding(rule.name, rule.find())
