"""Nobody who must have a second factor is signed in without one; announcements are for somebody; pages
lose no text."""

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
    rule(
        "the texts of a page are numbered without a gap, and each is in the log",
        """
        SELECT v.slug, v.language, max(v.number) AS number FROM page_versions v
        GROUP BY v.slug, v.language
        HAVING max(v.number) <> count(*) OR count(*) <> sum(CASE WHEN EXISTS (
          SELECT 1 FROM audit_entries e
          WHERE e.action = 'text.published' AND e.subject_id = CAST(v.id AS text)
        ) THEN 1 ELSE 0 END)
        """,
    ),
    rule(
        "an announcement is for all facilities, or for those that it names",
        """
        SELECT n.id FROM notices n
        WHERE n.for_all = EXISTS (SELECT 1 FROM notice_places p WHERE p.notice_id = n.id)
        """,
    ),
)
