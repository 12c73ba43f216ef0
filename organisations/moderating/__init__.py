"""Verification of profiles: the queue of moderators, reviews, and what members answer."""
