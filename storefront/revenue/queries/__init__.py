"""What the ledger says: one module a kind of question."""

from storefront.revenue.queries.fairs import FairResult, FairTotals, fair_result, fair_totals

__all__ = ["FairResult", "FairTotals", "fair_result", "fair_totals"]
