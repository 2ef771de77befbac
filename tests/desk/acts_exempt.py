"""Doors of the back office that leave no act, and why not; or that are walked elsewhere."""

_COMPLAINTS = "every door is walked, and its acts looked for, in tests/aftersales/test_pages.py"
EXEMPT = {
    "notices_staff.read": "the announcement keeps who has read it, and when",
    "aftersales_staff.accept": _COMPLAINTS,
    "aftersales_staff.offer": _COMPLAINTS,
    "aftersales_staff.hand_over": _COMPLAINTS,
    "aftersales_staff.write": _COMPLAINTS,
    "aftersales_staff.receive": _COMPLAINTS,
    "aftersales_staff.finish": _COMPLAINTS,
    "aftersales_staff.come_back": "walked, with its act, in tests/aftersales/test_came_back_pages.py",
    "aftersales_office.come_back": "the same",
    "aftersales_office.decide": _COMPLAINTS,
    "aftersales_office.reject": _COMPLAINTS,
    "aftersales_office.write": _COMPLAINTS,
    "aftersales_office.finish": _COMPLAINTS,
    "orders_staff.move": "a parcel's steps are order_events with who and when",
    "orders_staff.ship": "the same",
    "orders_staff.many": "the same",
    "orders_staff.message": "the same: the message is an order_event",
    "orders_staff.waybills": "the same",
    "orders_staff.scan": "only shows what would happen",
    "parcel_changes.split": "the same: the same pieces travel in two parcels",
    "parcel_changes.merge": "the same",
    "orders_staff.hand_over": "the same; without the code it leaves an act, see tests/orders/test_pickup.py",
    **{
        f"imports.{door}": "an import's acts are looked for in tests/bulk/test_pages.py"
        for door in ("index", "columns", "run", "resume", "cancel")
    },
    "catalog_staff.reframe": "needs an original; its act: tests/catalog_staff/test_reframe.py",
    "catalog_staff.keep_photo": "belongs to no product yet; gone after a day unless one takes it",
    "catalog_staff.keep_as_typed": "a form that is not sent is not public; what it becomes has its act",
    "catalog_staff.drop_form": "the same",
    "catalog_staff.keep_edit": "the same",
    "catalog_staff.drop_typed": "the same",
    "bulk_edits.look": "only shows what would change",
    "bulk_edits.save": "the acts of what it changes are looked for in tests/bulk/test_edits.py",
    "opinions.hand_over_batch": "thanks on paper: neither money nor public",
    "opinions_office.approve": "thanks are not public; the note keeps who let it go",
    "opinions_office.keep_back": "the same",
    "complaints_office.answer": "a letter to one person; the complaint keeps who answered",
    "complaints_office.close": "the same",
} | {
    f"assisted_{room}.{door}": "a draft holds nothing and binds nobody; the order that it becomes has its act"
    for room in ("staff", "office")
    for door in ("open_draft", "add", "change", "drop")
}
"""Doors that leave no act, and why not; or that are walked elsewhere."""
