"""Read-only lists and look-ups, each ordered to the last tie."""
