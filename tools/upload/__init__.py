"""Files from strangers, within bounds: PDFs, zips, names."""
