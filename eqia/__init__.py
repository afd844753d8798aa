"""Equality screening under the Public Sector Equality Duty, kept tied to the project's plan."""

__version__ = "0.1.0"
