"""Whole journeys over HTTP, through processes as real as in production."""
