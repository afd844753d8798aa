"""The signed record as a document, and checks on it."""
