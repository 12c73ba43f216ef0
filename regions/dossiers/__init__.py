"""Region dossiers kept by regional authorities: figures, priorities, distinctions, contacts."""
