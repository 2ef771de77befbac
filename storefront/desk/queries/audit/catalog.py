"""What the public sees is fit to be seen."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "a published product has a photo, a price, a supply and a variant to buy",
        """
        SELECT p.slug AS product, p.price_from, p.photo_id, p.supply FROM products p
        WHERE p.status = 'published' AND (
            p.photo_id IS NULL OR p.price_from IS NULL OR p.price_from <= 0 OR p.supply IS NULL
            OR NOT EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.is_active AND v.price > 0)
        )
        """,
    ),
    rule(
        "a published product shows the prices of its variants",
        """
        SELECT p.slug AS product, p.price_from, p.price_to, MIN(v.price) AS lowest, MAX(v.price) AS highest
        FROM products p JOIN variants v ON v.product_id = p.id AND v.is_active AND v.price IS NOT NULL
        WHERE p.status = 'published'
        GROUP BY p.id, p.slug, p.price_from, p.price_to
        HAVING p.price_from <> MIN(v.price) OR p.price_to <> MAX(v.price)
        """,
    ),
)
