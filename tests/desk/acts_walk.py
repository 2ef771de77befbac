"""Every door of the back office that changes something, with a body that succeeds, and the acts it leaves.

The steps of a role are taken in this order, in the shop of `tests/desk/test_acts.py`.
"""

from tests.desk.acts_facility import FACILITY
from tests.desk.acts_head import HEAD, ROLES
from tests.desk.acts_office import REGIONAL
from tests.desk.acts_promoter import PROMOTER
from tests.desk.acts_settings import PAGES, SETTINGS
from tests.desk.acts_step import Step

STEPS: dict[str, tuple[Step, ...]] = {
    "facility_head": (*FACILITY, *HEAD, *SETTINGS),
    "regional": (*REGIONAL, *ROLES, *PAGES),
    "promoter": PROMOTER,
}
"""Who walks which steps."""
