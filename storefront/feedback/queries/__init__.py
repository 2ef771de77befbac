"""What pages show of reviews, thanks and complaints."""

from storefront.feedback.queries.written import data_of

__all__ = ["data_of"]
