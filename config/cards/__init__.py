"""The picture that stands for a dossier where somebody shares its address."""
