"""Measures and runs real servers, as local processes."""
