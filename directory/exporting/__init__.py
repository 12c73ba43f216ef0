"""Taking the results of a search away: CSV and workbook for people, JSON-LD for programs."""
