"""Clusters and their members: invitations, lists from a file, accepting and leaving."""
