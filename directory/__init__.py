"""One search over organisations, clusters, initiatives and regions, and its facets."""
