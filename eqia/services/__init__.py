"""One function per act: one transaction and one event each."""
