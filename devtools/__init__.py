"""Tools for developing and demonstrating the shop. The shop itself never imports them."""
