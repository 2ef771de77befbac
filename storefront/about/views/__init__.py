"""What the shop says about itself: to people on pages, to machines in their formats."""

from storefront.about.views.machines import bp as machines
from storefront.about.views.pages import bp as pages

BLUEPRINTS = [pages, machines]
