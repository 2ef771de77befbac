"""Every rule that the tables keep by themselves, broken once on both databases, past the services."""

import pytest
from sqlalchemy import CheckConstraint, Enum, Table, UniqueConstraint, insert, literal_column
from sqlalchemy.exc import IntegrityError

from storefront.core.db import db as database
from storefront.core.transactions import transaction
from tests.tables.rows import AT, Maker, Values, table_of
from tests.tables.rows_photos import CHECKS as PHOTOS
from tests.tables.rows_settings import CHECKS as SETTINGS
from tests.tables.rows_writing import CHECKS as WRITING
from tests.tables.twins import TWINS

Case = tuple[str, str, Values]

CHECKS: list[Case] = [
    *WRITING,
    *PHOTOS,
    *SETTINGS,
    ("outbox", "attempts_not_negative", {"attempts": -1}),
    ("pictures", "size_positive", {"width": 0}),
    ("pictures", "size_positive", {"height": 0}),
    ("pictures", "tone_is_hex", {"tone": "#fff"}),
    ("audit_entries", "number_positive", {"number": 0}),
    ("audit_entries", "hashes_are_whole", {"hash": "ab"}),
    ("audit_entries", "hashes_are_whole", {"previous": "ab"}),
    ("audit_head", "only_one", {"id": 2}),
    ("audit_head", "entries_not_negative", {"entries": -1}),
    ("users", "email_is_lower", {"email": "Orang@contoh.id"}),
    ("second_factors", "step_is_known", {"last_step": 0}),
    ("facilities", "code_is_upper", {"code": "lp1"}),
    ("facilities", "pause_says_why", {"pause_note": "Renovasi"}),
    ("facilities", "pause_says_why", {"paused_until": "2026-01-01"}),
    ("workshops", "capacity_sane", {"weekly_capacity": 0}),
    ("workshops", "capacity_sane", {"weekly_capacity": 100_001}),
    ("notices", "says_something", {"title": ""}),
    ("notices", "says_something", {"body": ""}),
    ("notices", "withdrawn_by_somebody", {"withdrawn_at": AT}),
    ("closing_days", "days_in_order", {"last": "2026-01-01"}),
    ("closing_days", "says_why", {"reason": ""}),
    ("workshop_weeks", "booked_not_negative", {"booked": -1}),
    ("workshop_weeks", "booked_within_capacity", {"booked": 2}),
    ("reservations", "week_has_slot", {"workshop_week_id": 1}),
    ("merchant_accounts", "dates_in_order", {"valid_until": "2026-01-01"}),
    ("merchant_accounts", "two_people", {"decided_by_id": "created_by_id"}),
    ("merchant_accounts", "approved_by_two", {"decided_by_id": None}),
    ("merchant_accounts", "approved_by_two", {"created_by_id": None}),
    ("merchant_accounts", "qris_has_nmid", {"nmid": "ID1"}),
    ("payment_events", "amount_not_negative", {"amount": -1}),
    ("payment_events", "charged_has_payment", {"payment_id": None}),
    ("payment_events", "refund_has_refund", {"kind": "refunded"}),
    ("products", "lead_days_sane", {"lead_days": -1}),
    ("products", "lead_days_sane", {"lead_days": 366}),
    ("products", "capacity_positive", {"weekly_capacity": 0}),
    ("products", "max_per_order_positive", {"max_per_order": 0}),
    ("products", "pause_says_why", {"pause_note": "Renovasi"}),
    ("products", "pause_says_why", {"paused_until": "2026-01-01"}),
    ("products", "unique_is_ready", {"is_unique": True, "supply": "made_to_order"}),
    ("products", "published_has_price", {"price_from": 0}),
    ("products", "published_has_photo", {"photo_id": None}),
    ("products", "published_has_supply", {"supply": None}),
    ("variants", "price_sane", {"price": 0}),
    ("variants", "price_sane", {"price": 1_000_000_001}),
    ("variants", "weight_sane", {"weight": 0}),
    ("variants", "weight_sane", {"weight": 5_000_001}),
    ("variants", "size_positive", {"length_cm": 0}),
    ("variants", "size_positive", {"width_cm": 0}),
    ("variants", "size_positive", {"height_cm": 0}),
    ("variants", "material_cost_sane", {"material_cost": -1}),
    ("variants", "material_cost_sane", {"material_cost": 1_000_000_001}),
    ("variants", "work_sane", {"work_minutes": 0}),
    ("variants", "work_sane", {"work_minutes": 120_001}),
    ("product_changes", "revision_positive", {"revision": 0}),
    ("product_changes", "submitted_has_moment", {"submitted_at": None}),
    ("product_changes", "approved_has_moment", {"status": "approved", "decided_at": None}),
    ("product_changes", "returned_says_why", {"status": "returned", "comment": ""}),
    ("product_tags", "tag_is_lower", {"tag": "Label"}),
    ("imports", "done_has_moment", {"finished_at": None}),
    ("imports", "done_has_moment", {"status": "running"}),
    ("imports", "runs_confirmed", {"confirmed_at": None}),
    ("import_rows", "number_positive", {"number": 0}),
    ("import_rows", "done_was_right", {"verdict": "wrong"}),
    ("bulk_edits", "has_once", {"once": ""}),
    ("collections", "title_has_words", {"title": "ab"}),
    ("food_licences", "has_number", {"number": ""}),
    ("food_licences", "told_in_steps", {"told_days": 60}),
    ("food_licences", "scan_is_private", {"scan_key": "foto/x.webp"}),
    ("message_texts", "has_words", {"body": ""}),
    ("batches", "has_code", {"code": ""}),
    ("batches", "left_not_negative", {"left_over": -1}),
    ("batches", "days_in_order", {"made_on": "2026-05-03"}),
    ("batches", "days_in_order", {"best_before": "2026-05-01"}),
    ("batches", "blocked_says_why", {"blocked_at": None}),
    ("batches", "blocked_says_why", {"blocked_reason": ""}),
    ("batch_moves", "delta_fits_kind", {"delta": 0}),
    ("batch_moves", "delta_fits_kind", {"kind": "taken", "delta": -1}),
    ("batch_moves", "delta_fits_kind", {"kind": "unpacked"}),
    ("batch_moves", "delta_fits_kind", {"kind": "corrected"}),
    ("food_rules", "names_its_law", {"legal_ref": ""}),
    ("food_rules", "over_days_sane", {"over_days": 0}),
    ("food_rules", "over_days_sane", {"over_days": 366}),
    ("products", "shelf_days_sane", {"shelf_days": 0}),
    ("products", "shelf_days_sane", {"shelf_days": 3_651}),
    ("reviews", "rating_in_stars", {"rating": 0}),
    ("reviews", "rating_in_stars", {"rating": 6}),
    ("reviews", "decided_has_moment", {"decided_at": None}),
    ("reviews", "rejected_says_why", {"status": "rejected", "answer": "", "answered_at": None}),
    ("reviews", "answer_has_moment", {"answered_at": None}),
    ("reviews", "answer_has_moment", {"answer": ""}),
    ("reviews", "answer_is_seen", {"status": "pending"}),
    ("thank_you_notes", "says_something", {"text": ""}),
    ("thank_you_notes", "decided_has_moment", {"decided_at": None}),
    ("thank_you_notes", "rejected_says_why", {"status": "rejected", "delivered_at": None}),
    ("thank_you_notes", "delivered_has_moment", {"delivered_at": None}),
    ("thank_you_notes", "delivered_has_moment", {"status": "approved"}),
    ("complaints", "can_be_answered", {"phone": ""}),
    ("complaints", "says_something", {"text": ""}),
    (
        "complaints",
        "answered_says_what",
        {"status": "answered", "closed_at": None, "answer": "", "answered_at": None},
    ),
    ("complaints", "answer_has_moment", {"answered_at": None}),
    ("complaints", "closed_has_moment", {"closed_at": None}),
    ("complaints", "closed_has_moment", {"status": "answered"}),
    ("fairs", "dates_in_order", {"ends_on": "2026-01-01"}),
    ("fairs", "code_is_upper", {"code": "f1"}),
    ("fairs", "target_not_negative", {"target": -1}),
    ("stock_levels", "on_hand_not_negative", {"on_hand": -1, "reserved": -1}),
    ("stock_levels", "reserved_not_negative", {"reserved": -1}),
    ("stock_levels", "reserved_within_on_hand", {"reserved": 6}),
    ("stock_movements", "changes", {"kind": "sold", "on_hand_delta": 0}),
    ("stock_movements", "deltas_fit_kind", {"on_hand_delta": -1}),
    ("stock_movements", "deltas_fit_kind", {"reserved_delta": 1}),
    ("stock_movements", "deltas_fit_kind", {"kind": "counted", "reserved_delta": 1}),
    ("stock_movements", "deltas_fit_kind", {"kind": "reserved", "on_hand_delta": 0, "reserved_delta": -1}),
    ("stock_movements", "deltas_fit_kind", {"kind": "released", "on_hand_delta": 0, "reserved_delta": 1}),
    ("stock_movements", "deltas_fit_kind", {"kind": "sold", "on_hand_delta": -2, "reserved_delta": -1}),
    ("stock_movements", "deltas_fit_kind", {"kind": "returned", "on_hand_delta": -1}),
    ("stock_movements", "deltas_fit_kind", {"kind": "written_off", "on_hand_delta": 1}),
    (
        "stock_movements",
        "deltas_fit_kind",
        {"kind": "written_off", "on_hand_delta": -1, "reserved_delta": -1},
    ),
    ("stock_movements", "deltas_fit_kind", {"kind": "moved", "reserved_delta": 1, "transfer_id": 1}),
    ("stock_movements", "deltas_fit_kind", {"kind": "damaged", "reason": "broken"}),
    ("stock_movements", "deltas_fit_kind", {"kind": "given", "reason": "sample"}),
    ("stock_movements", "moved_has_transfer", {"kind": "moved"}),
    ("stock_movements", "reason_fits_kind", {"reason": "broken"}),
    ("stock_movements", "reason_fits_kind", {"kind": "damaged", "on_hand_delta": -1}),
    ("stock_movements", "reason_fits_kind", {"kind": "given", "on_hand_delta": -1, "reason": "broken"}),
    ("stock_movements", "reason_fits_kind", {"kind": "counted", "reason": "sample"}),
    ("stock_levels", "low_at_sane", {"low_at": -1}),
    ("stock_levels", "low_at_sane", {"low_at": 100_001}),
    ("stock_transfers", "quantity_positive", {"quantity": 0}),
    ("stock_transfers", "goes_elsewhere", {"to_id": "from_id"}),
    ("production_slots", "booked_not_negative", {"booked": -1}),
    ("production_slots", "booked_within_capacity", {"booked": 2}),
    ("reservations", "quantity_positive", {"quantity": 0}),
    ("reservations", "holds_one_thing", {"level_id": None}),
    ("cart_lines", "quantity_sane", {"quantity": 0}),
    ("cart_lines", "quantity_sane", {"quantity": 1000}),
    ("saved_products", "one_owner", {"user_id": None}),
    ("saved_products", "one_owner", {"token_hash": "hash"}),
    ("orders", "subtotal_not_negative", {"subtotal": -1, "total": 19}),
    ("orders", "shipping_not_negative", {"shipping": -1, "total": 99}),
    ("orders", "discount_within", {"discount": -1, "total": 121}),
    ("orders", "discount_within", {"discount": 121, "total": -1}),
    ("orders", "total_adds_up", {"total": 119}),
    ("orders", "paid_has_moment", {"status": "paid"}),
    ("orders", "paid_has_moment", {"status": "completed"}),
    ("parcels", "shipping_not_negative", {"shipping_cost": -1}),
    ("parcels", "weight_positive", {"weight": 0}),
    ("parcels", "shipped_has_waybill", {"status": "shipped"}),
    ("parcels", "exchange_is_free", {"exchange_of_id": 1, "shipping_cost": 1}),
    ("parcel_items", "quantity_positive", {"quantity": 0}),
    ("order_lines", "cancelled_within", {"cancelled": 3}),
    ("order_lines", "quantity_positive", {"quantity": 0, "total": 0}),
    ("order_lines", "price_positive", {"unit_price": 0, "total": 0}),
    ("order_lines", "total_adds_up", {"total": 99}),
    ("promotions", "code_is_upper", {"code": "kode"}),
    ("promotions", "value_fits_kind", {"value": 0}),
    ("promotions", "value_fits_kind", {"value": 101}),
    ("promotions", "value_fits_kind", {"kind": "amount", "value": 0}),
    ("promotions", "value_fits_kind", {"kind": "free_shipping", "value": 1}),
    ("promotions", "bundle_has_pieces", {"kind": "bundle"}),
    ("promotions", "bundle_has_pieces", {"kind": "bundle", "pieces": 1}),
    ("promotions", "bundle_has_pieces", {"pieces": 2}),
    ("promotions", "minimum_not_negative", {"minimum": -1}),
    ("promotions", "maximum_positive", {"maximum": 0}),
    ("promotions", "dates_in_order", {"ends_on": "2026-01-01"}),
    ("promotions", "person_limit_positive", {"person_limit": 0}),
    ("promotions", "used_within_limit", {"used": 2}),
    ("promotions", "used_within_limit", {"used": -1}),
    ("promotions", "used_within_limit", {"total_limit": 0, "used": 0}),
    ("promotions", "facility_pays_itself", {"funder": "facility"}),
    ("promotions", "facility_pays_itself", {"facility_id": 1}),
    ("promotions", "scope_names_its_thing", {"scope": "product"}),
    ("promotions", "scope_names_its_thing", {"fair_id": 1}),
    ("promotions", "fair_price_is_of_a_fair", {"kind": "fair_price", "code": None}),
    ("promotion_uses", "amount_positive", {"amount": 0}),
    ("promotion_people", "used_within_limit", {"used": 2}),
    ("promotion_people", "used_within_limit", {"used": -1}),
    ("order_discounts", "amount_positive", {"amount": 0}),
    ("order_discounts", "of_a_line_or_a_parcel", {"order_line_id": None}),
    ("order_discounts", "of_a_line_or_a_parcel", {"parcel_id": 1}),
    ("order_discounts", "facility_pays_itself", {"funder": "facility"}),
    ("order_discounts", "facility_pays_itself", {"facility_id": 1}),
    ("shipping_rates", "prices_not_negative", {"first_kg": -1}),
    ("shipping_rates", "prices_not_negative", {"next_kg": -1}),
    ("shipping_rates", "minimum_positive", {"minimum_kg": 0}),
    ("shipping_rates", "days_in_order", {"days_min": -1}),
    ("shipping_rates", "days_in_order", {"days_max": 0}),
    ("shipping_rates", "divisor_positive", {"divisor": 0}),
    ("cached_rates", "kilograms_positive", {"kilograms": 0}),
    ("waybill_links", "pattern_is_https", {"pattern": "http://kurir.id/{resi}"}),
    ("waybill_links", "pattern_is_https", {"pattern": "javascript:alert(1)"}),
    ("fresh_areas", "some_weekday", {"weekdays": 0}),
    ("fresh_areas", "some_weekday", {"weekdays": 128}),
    ("fresh_areas", "cost_not_negative", {"cost": -1}),
    ("fresh_areas", "cutoff_within_day", {"cutoff": 1440}),
    ("fresh_areas", "notice_within_week", {"notice_days": 8}),
    ("cash_receipts", "amount_positive", {"amount": 0}),
    ("cash_receipts", "two_people", {"counted_by_id": "taken_by_id"}),
    ("cash_receipts", "counted_says_when", {"counted_at": None}),
    ("cash_receipts", "counted_says_when", {"counted_by_id": None}),
    ("payment_attempts", "amount_positive", {"amount": 0}),
    ("payment_attempts", "unique_code_range", {"unique_code": 1000}),
    ("payment_attempts", "unique_code_range", {"unique_code": -1}),
    ("payment_attempts", "code_has_account", {"account_id": None}),
    ("refunds", "amount_positive", {"amount": 0}),
    ("refunds", "sent_has_reference", {"reference": None}),
    ("refunds", "two_people", {"requested_by_id": 1, "sent_by_id": 1}),
    ("refund_lines", "of_a_line_or_a_parcel", {"parcel_id": 1}),
    ("refund_lines", "line_has_pieces", {"quantity": 0}),
    ("refund_lines", "amount_not_negative", {"amount": -1}),
    ("refund_lines", "earlier_not_negative", {"earlier": -1}),
    ("complaint_cases", "says_something", {"text": ""}),
    ("complaint_cases", "closed_has_moment", {"closed_at": "opened_at"}),
    ("complaint_cases", "closed_has_moment", {"status": "settled", "answer_by": None}),
    ("complaint_cases", "live_has_deadline", {"answer_by": None}),
    ("complaint_cases", "says_what_is_done", {"remedy": None, "refund_id": None}),
    ("complaint_cases", "nothing_for_nothing", {"remedy": "nothing", "refund_id": None}),
    (
        "complaint_cases",
        "rejected_does_nothing",
        {"status": "rejected", "answer_by": None, "closed_at": "opened_at"},
    ),
    ("complaint_cases", "sent_has_waybill", {"waybill": ""}),
    ("complaint_cases", "received_has_moment", {"return_status": "received"}),
    ("complaint_cases", "received_has_moment", {"received_at": "opened_at"}),
    ("complaint_cases", "refund_is_the_remedy", {"remedy": "exchange"}),
    ("complaint_cases", "exchange_is_the_remedy", {"exchange_id": "parcel_id"}),
    ("complaint_items", "quantity_positive", {"quantity": 0, "granted": 0, "restocked": 0, "written_off": 0}),
    ("complaint_items", "granted_within", {"granted": 3}),
    ("complaint_items", "granted_within", {"granted": -1}),
    ("complaint_items", "back_within", {"restocked": 2}),
    ("complaint_items", "back_within", {"restocked": -1}),
    ("complaint_items", "back_within", {"written_off": -1}),
    ("complaint_entries", "says_something", {"text": "", "to_status": ""}),
    ("complaint_entries", "staff_have_names", {"actor_id": None}),
    ("transfer_claims", "two_people", {"confirmed_by_id": "checked_by_id"}),
    ("transfer_claims", "confirmed_by_two", {"checked_by_id": None}),
    ("transfer_claims", "confirmed_by_two", {"confirmed_by_id": None}),
    ("cases", "resolved_says_how", {"resolution": "accepted"}),
    ("cases", "resolved_says_how", {"resolved_at": "opened_at"}),
    ("entries", "amount_not_zero", {"amount": 0}),
    ("invoices", "sequence_positive", {"sequence": 0}),
    ("invoice_taxes", "profile_has_rule", {"profile": "none"}),
    ("invoice_taxes", "price_not_negative", {"price": -1}),
    ("invoice_counters", "last_not_negative", {"last": -1}),
]

IMPLIED = "changes"
"""What breaks this rule of stock movements breaks `deltas_fit_kind` as well, which may speak first."""


def uniques() -> dict[str, Table]:
    """Every unique rule of the shop, by name."""
    rules = {}
    for table in database.metadata.tables.values():
        found = {rule.name for rule in table.constraints if isinstance(rule, UniqueConstraint)}
        found |= {index.name for index in table.indexes if index.unique}
        rules |= {str(name): table for name in found}
    return rules


def enums() -> list[tuple[str, str]]:
    """Every column that holds one of a few words, and its table."""
    return [
        (table.name, column.name)
        for table in database.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
    ]


def refused(table: str, values: Values) -> str:
    """What the database says to a row that it must not take."""
    with pytest.raises(IntegrityError) as answer, transaction():
        database.session.execute(insert(table_of(table)).values(**values))
    return str(answer.value.orig)


def spelled(table: str, broken: Values, valid: Values) -> Values:
    """Replace the name of another column by its value, and a date in words by a date."""
    result: Values = {}
    for name, value in broken.items():
        kind = table_of(table).c[name].type.python_type
        if isinstance(value, str) and hasattr(kind, "fromisoformat") and value not in valid:
            result[name] = kind.fromisoformat(value)
        else:
            result[name] = valid.get(value, value)
    return result


def valid_row(table: str) -> Values:
    """The values of a row that is not stored yet; one like it is, so the values are good."""
    make = Maker()
    with transaction():
        make.new(table)
        return make.values(table)


@pytest.mark.parametrize("table", sorted({table for table, _, _ in CHECKS}))
def test_a_row_that_breaks_a_rule_is_refused(db, table):
    valid = valid_row(table)

    for _, rule, broken in (case for case in CHECKS if case[0] == table):
        said = refused(table, valid | spelled(table, broken, valid))
        assert (f"ck_{table}_{rule}" if rule != IMPLIED else f"ck_{table}") in said, broken


@pytest.mark.parametrize("table", sorted({table for table, _ in enums()}))
def test_an_unknown_word_is_refused(db, table):
    valid = valid_row(table)

    for _, column in (case for case in enums() if case[0] == table):
        assert f"ck_{table}_" in refused(table, valid | {column: literal_column("'no-such-word'")}), column


@pytest.mark.parametrize("table", sorted({table.name for table in uniques().values()}))
def test_a_twin_is_refused(db, backend, table):
    make = Maker()
    for rule, columns, also in (case for case in TWINS if uniques()[case[0]].name == table):
        with transaction():
            first = make.values(table) | also
            make.store(table, first)
            second = make.values(table) | also
        same = {column: first[column] for column in columns.split()}
        assert None not in same.values()

        said = refused(table, second | same)

        assert (rule if backend == "postgresql" else "UNIQUE") in said
        assert backend == "postgresql" or all(f"{table}.{column}" in said for column in same)


def test_no_rule_of_the_tables_is_without_its_test():
    known = {f"ck_{table}_{rule}" for table, rule, _ in CHECKS}
    words = {f"ck_{table}_{table_of(table).c[column].type.name}" for table, column in enums()}
    checks = {
        str(rule.name)
        for table in database.metadata.tables.values()
        for rule in table.constraints
        if isinstance(rule, CheckConstraint)
    }

    assert known | words == checks
    assert {rule for rule, _, _ in TWINS} == set(uniques())
