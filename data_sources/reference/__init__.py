"""Builds the territorial reference of a région from public packages (see build.py)."""
