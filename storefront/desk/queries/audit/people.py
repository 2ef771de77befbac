"""Nobody who must have a second factor is signed in without one."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "whose role asks for a second factor is signed in with one",
        """
        SELECT s.id, s.user_id FROM user_sessions s JOIN users u ON u.id = s.user_id
        WHERE s.is_complete AND NOT u.is_demo AND u.role IN ('facility_head', 'regional', 'promoter')
          AND NOT EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = u.id)
        """,
    ),
    rule(
        "a recovery code belongs to a second factor",
        """
        SELECT c.id, c.user_id FROM recovery_codes c
        WHERE NOT EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = c.user_id)
        """,
    ),
)
