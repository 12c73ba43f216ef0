"""Tests of moderation: services in test_moderation.py one floor up, pages here."""
