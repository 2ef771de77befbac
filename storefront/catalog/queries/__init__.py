"""Every read of the catalogue: public pages, staff pages, the curation desk."""
