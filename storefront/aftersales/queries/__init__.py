"""What pages show of complaints about parcels. A facility's reads start there; a buyer's at their order."""
