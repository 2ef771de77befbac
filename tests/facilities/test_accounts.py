"""Accounts that money goes to: two people, whoever is faster, and a history that stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.models import AuditEntry
from storefront.core.taxes import TaxProfile
from storefront.facilities import queries, services
from storefront.facilities.models import AccountStatus
from storefront.facilities.services import AccountDetails
from storefront.facilities.services.accounts import Decided, SamePerson
from tests import factories
from tests.checkout.test_races import at_once
from tests.core.test_qris import AMOUNT, STATIC


def details(number: str = "12345678", **more):
    values = {"bank": "BRI", "number": number, "holder": "Koperasi", "valid_from": clock.today()} | more
    return AccountDetails(**values)


@pytest.fixture
def officers(db):
    return [factories.user("regional").id for _ in range(8)]


def test_nobody_approves_their_own_proposal(officers):
    account_id = services.propose_account(None, details(), by_id=officers[0])
    assert queries.office_account(clock.today()) is None
    with pytest.raises(SamePerson):
        services.approve_account(account_id, by_id=officers[0])
    services.approve_account(account_id, by_id=officers[1])
    assert queries.office_account(clock.today()).id == account_id


def test_a_refused_proposal_stays_on_record_and_another_may_follow(officers):
    first = services.propose_account(None, details(), by_id=officers[0])
    with pytest.raises(Invalid):
        services.propose_account(None, details("99999999"), by_id=officers[1])
    services.decline_account(first, by_id=officers[0])  # one may take one's own back
    second = services.propose_account(None, details("99999999"), by_id=officers[1])
    services.decline_account(second, by_id=officers[0])
    with pytest.raises(Decided):
        services.approve_account(second, by_id=officers[2])
    assert [row.status for row in queries.account_history(None)] == [AccountStatus.DECLINED] * 2
    assert queries.office_account(clock.today()) is None


def test_what_tax_an_owner_takes_is_changed_by_two_people_and_dated(officers):
    plain = services.propose_account(None, details(), by_id=officers[0])
    services.approve_account(plain, by_id=officers[1])
    today, next_week = clock.today(), clock.today() + timedelta(days=7)
    assert queries.tax_of(None, today) is TaxProfile.NONE
    wish = details(tax=TaxProfile.PPN_EFFECTIVE_11, valid_from=next_week)
    account_id = services.propose_account(None, wish, by_id=officers[2])
    assert queries.tax_of(None, next_week) is TaxProfile.NONE, "one person is not enough"
    services.approve_account(account_id, by_id=officers[0])
    assert queries.tax_of(None, today) is TaxProfile.NONE
    assert queries.tax_of(None, next_week - timedelta(days=1)) is TaxProfile.NONE
    assert queries.tax_of(None, next_week) is TaxProfile.PPN_EFFECTIVE_11
    told = {entry.facts.get("tax") for entry in database.session.scalars(select(AuditEntry))}
    assert told == {None, "ppn_effective_11"}


def test_a_rule_is_not_older_than_its_law(officers):
    with clock.travel(datetime(2024, 12, 30, 12, tzinfo=UTC)):
        early = details(tax=TaxProfile.PPN_EFFECTIVE_11, valid_from=date(2024, 12, 31))
        with pytest.raises(Invalid) as refused:
            services.propose_account(None, early, by_id=officers[0])
        assert "tax" in refused.value.errors
        fit = details(tax=TaxProfile.PPN_EFFECTIVE_11, valid_from=date(2025, 1, 1))
        services.propose_account(None, fit, by_id=officers[0])


def test_a_late_approval_does_not_reach_back(officers):
    account_id = services.propose_account(None, details(), by_id=officers[0])
    with clock.travel(clock.now() + timedelta(days=3)):
        services.approve_account(account_id, by_id=officers[1])
        assert queries.office_account(clock.today() - timedelta(days=1)) is None
        assert queries.office_account(clock.today()).id == account_id


@pytest.mark.parametrize("payload", ["x", STATIC[:-1], AMOUNT, "٠" * 40])
def test_a_code_that_cannot_be_used_is_refused(officers, payload):
    with pytest.raises(Invalid) as refused:
        services.propose_account(None, details(qris_payload=payload), by_id=officers[0])
    assert list(refused.value.errors) == ["qris_payload"]


def test_many_officers_at_once_make_one_account(app, officers):
    propose = [lambda by=by: services.propose_account(None, details(), by_id=by) for by in officers]
    made = [result for result in at_once(app, propose, workers=8) if isinstance(result, int)]
    assert len(made) == 1
    approve = [lambda by=by: services.approve_account(made[0], by_id=by) for by in officers]
    results = at_once(app, approve, workers=8)
    assert results.count(None) == 1
    assert set(results) <= {None, Decided, SamePerson}
    assert queries.office_account(clock.today()).id == made[0]
