"""The audit log is what was written into it: nothing changed, removed, swapped, or cut off at the end."""

from storefront.core import auditlog
from storefront.desk.queries.audit.rules import Rows, Rule


def broken_places() -> Rows:
    """Where the chain of acts does not hold: the entry's number and what is wrong there."""
    return [{"number": fault.number, "fault": fault.what} for fault in auditlog.faults()]


RULES: tuple[Rule, ...] = (Rule("the audit log is one unbroken chain of acts", broken_places),)
