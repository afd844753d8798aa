"""Pages, forms and guards."""
