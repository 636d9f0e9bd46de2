"""Measures of stations and periods, read from what each is made of, and those imported."""
