"""Tables that were sent in: an import that is done has done every line that it promised."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "an import that is done has no new or changed line undone",
        """
        SELECT i.id AS import, r.number FROM imports i JOIN import_rows r ON r.import_id = i.id
        WHERE i.status = 'done' AND r.verdict IN ('new', 'changed') AND r.done_at IS NULL
        """,
    ),
    rule(
        "an import makes and changes its own facility's products only",
        """
        SELECT i.id AS import, r.number, p.slug AS product FROM imports i
        JOIN import_rows r ON r.import_id = i.id JOIN products p ON p.id = r.product_id
        WHERE p.facility_id <> i.facility_id
        """,
    ),
)
