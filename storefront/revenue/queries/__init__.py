"""What the ledger says: one module a kind of question."""

from storefront.revenue.queries.fairs import FairResult, FairTotals, fair_result, fair_totals
from storefront.revenue.queries.reports import Division, Report, Row, Sums, report

__all__ = [
    "Division",
    "FairResult",
    "FairTotals",
    "Report",
    "Row",
    "Sums",
    "fair_result",
    "fair_totals",
    "report",
]
