"""Vouchers and automatic offers: what they take off, how often, and who bears it."""
