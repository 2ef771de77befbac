"""The back office's rooms about facilities: whose facility is it, and what the office keeps."""

from flask_login import current_user

from storefront.core.errors import NotFound
from storefront.core.language import _
from storefront.facilities import queries
from storefront.facilities.models import Facility


def own_facility() -> Facility:
    """The facility of the signed-in member of staff: where every query of theirs starts. Raises NotFound."""
    facility = queries.facility_of(current_user.id)
    if facility is None:
        raise NotFound(_("Akun Anda belum terhubung dengan Lapas. Hubungi Kanwil."))
    return facility
