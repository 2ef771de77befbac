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
        "a photo that buyers see has public files",
        """
        SELECT p.slug AS product, c.key AS picture FROM products p JOIN pictures c ON c.id = p.photo_id
        WHERE p.status = 'published' AND c.key LIKE 'private/%'
        """,
    ),
    rule(
        "a person's photo has public files only after somebody else let it in",
        """
        SELECT f.product_id AS product, c.key AS picture FROM product_photos f
        JOIN pictures c ON c.id = f.picture_id LEFT JOIN photo_gates g ON g.picture_id = f.picture_id
        WHERE c.key NOT LIKE 'private/%' AND f.uploaded_by_id IS NOT NULL
          AND (g.picture_id IS NULL OR g.state <> 'approved' OR g.decided_by_id = f.uploaded_by_id
               OR g.uploaded_by_id <> f.uploaded_by_id OR (g.decided_by_id IS NULL AND NOT g.is_from_before))
        """,
    ),
    rule(
        "a photo that was sent back or taken down has no public files",
        """
        SELECT g.picture_id, g.state, c.key AS picture FROM photo_gates g
        JOIN pictures c ON c.id = g.picture_id
        WHERE g.state IN ('rejected', 'withdrawn') AND c.key NOT LIKE 'private/%'
        """,
    ),
    rule(
        "a photo that waits belongs to a change that is still alive",
        """
        SELECT w.picture_id, w.product_id FROM change_photos w
        WHERE NOT EXISTS (SELECT 1 FROM product_changes c WHERE c.product_id = w.product_id
                          AND c.status IN ('open', 'submitted', 'returned'))
           OR EXISTS (SELECT 1 FROM product_photos f WHERE f.picture_id = w.picture_id)
        """,
    ),
    rule(
        "a change that was approved or returned has the step that says who did it",
        """
        SELECT c.id AS change, c.status FROM product_changes c
        WHERE c.status IN ('approved', 'returned') AND NOT EXISTS (
            SELECT 1 FROM change_events e WHERE e.change_id = c.id
            AND (e.step = c.status OR (c.status = 'returned' AND e.step = 'requested')))
        """,
    ),
    rule(
        "a change that waits for the office changes something",
        """
        SELECT c.id AS change FROM product_changes c
        WHERE c.status = 'submitted' AND CAST(c.fields AS TEXT) = '{}'
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
