"""The back office's first pages, one file a kind of desk."""

from storefront.desk.staff_views.promoter import bp as promoter

__all__ = ["promoter"]
