"""Turns, steps, proofreads, verdicts: reading a revision before release."""
