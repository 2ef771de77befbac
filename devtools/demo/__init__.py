"""The demo shop: invented goods, people and a year of orders, made through the shop's own services.

`demo seed` fills an empty shop, `demo run` also starts everything a visitor needs. All of it is marked
as demo data, and none of it exists in production.
"""
