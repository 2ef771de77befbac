"""What was promised in complaints was done once, to the right order, with the right goods."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "a complaint stands where its last step led",
        """
        SELECT c.reference, c.status, e.to_status AS history FROM complaint_cases c
        LEFT JOIN complaint_entries e ON e.id = (
            SELECT MAX(x.id) FROM complaint_entries x WHERE x.case_id = c.id AND x.to_status <> ''
        )
        WHERE e.to_status IS NULL OR e.to_status <> c.status
        """,
    ),
    rule(
        "a complaint is about a parcel of its own order and facility, and pieces that travelled in it",
        """
        SELECT c.reference FROM complaint_cases c
        JOIN parcels p ON p.id = c.parcel_id
        WHERE p.order_id <> c.order_id OR p.facility_id <> c.facility_id
        UNION
        SELECT c.reference FROM complaint_cases c
        JOIN complaint_items i ON i.case_id = c.id
        LEFT JOIN parcel_items t ON t.parcel_id = c.parcel_id AND t.order_line_id = i.order_line_id
        WHERE t.parcel_id IS NULL OR t.quantity < i.quantity
        """,
    ),
    rule(
        "pieces of a parcel are made good once",
        """
        SELECT p.code, i.order_line_id, SUM(i.granted) AS granted FROM complaint_items i
        JOIN complaint_cases c ON c.id = i.case_id JOIN parcels p ON p.id = c.parcel_id
        JOIN parcel_items t ON t.parcel_id = p.id AND t.order_line_id = i.order_line_id
        WHERE c.status = 'settled'
        GROUP BY p.code, i.order_line_id, t.quantity HAVING SUM(i.granted) > t.quantity
        """,
    ),
    rule(
        "a settled complaint has the refund or the replacement that was agreed, of its own order",
        """
        SELECT c.reference, c.remedy FROM complaint_cases c
        LEFT JOIN refunds r ON r.id = c.refund_id LEFT JOIN parcels x ON x.id = c.exchange_id
        WHERE (c.status = 'settled' AND c.remedy = 'refund' AND r.id IS NULL)
           OR (c.status = 'settled' AND c.remedy = 'exchange' AND x.id IS NULL)
           OR (c.status <> 'settled' AND (c.refund_id IS NOT NULL OR c.exchange_id IS NOT NULL))
           OR r.order_id <> c.order_id OR x.exchange_of_id <> c.parcel_id
        """,
    ),
    rule(
        "a parcel that came back undelivered has its case, and is over with it",
        """
        SELECT p.code, p.status, c.reference FROM parcels p
        JOIN order_events e ON e.parcel_id = p.id AND e.kind = 'parcel'
            AND e.from_status = 'shipped' AND e.to_status = 'returned'
        LEFT JOIN complaint_cases c ON c.parcel_id = p.id
            AND c.problem IN ('refused', 'bad_address', 'not_home', 'carrier')
        WHERE c.id IS NULL OR (c.closed_at IS NULL) <> (p.finished_at IS NULL)
        """,
    ),
    rule(
        "what came back undelivered is made good whole: sent again or paid back",
        """
        SELECT c.reference, i.order_line_id FROM complaint_cases c
        JOIN parcel_items t ON t.parcel_id = c.parcel_id
        LEFT JOIN complaint_items i ON i.case_id = c.id AND i.order_line_id = t.order_line_id
        WHERE c.problem IN ('refused', 'bad_address', 'not_home', 'carrier') AND (
            i.id IS NULL OR i.quantity <> t.quantity OR i.restocked + i.written_off <> i.quantity
            OR c.status IN ('rejected', 'withdrawn')
            OR (c.status = 'settled' AND i.quantity > i.granted + (
                SELECT COALESCE(SUM(r.quantity), 0) FROM refund_lines r
                WHERE r.order_line_id = i.order_line_id
            ))
        )
        """,
    ),
    rule(
        "nobody's goods are kept: a complaint that ends with nothing has received none",
        """
        SELECT c.reference, c.status, i.order_line_id FROM complaint_cases c
        JOIN complaint_items i ON i.case_id = c.id
        WHERE c.status IN ('rejected', 'withdrawn') AND i.restocked + i.written_off > 0
        """,
    ),
    rule(
        "goods that came back are in the movements of the stock",
        """
        SELECT c.reference, l.sku FROM complaint_items i
        JOIN complaint_cases c ON c.id = i.case_id JOIN order_lines l ON l.id = i.order_line_id
        WHERE l.variant_id IS NOT NULL AND NOT l.made_to_order AND (
            i.restocked <> (
                SELECT COALESCE(SUM(m.on_hand_delta), 0) FROM stock_movements m
                WHERE m.once = 'kembali-keluhan-' || i.id || '-baik'
            ) OR i.written_off <> (
                SELECT COALESCE(-SUM(m.on_hand_delta), 0) FROM stock_movements m
                WHERE m.once = 'susut-keluhan-' || i.id || '-rusak'
            )
        )
        """,
    ),
)
