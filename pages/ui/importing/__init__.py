"""The import page's parts: what and how, the upload, the mapping, how it goes, what was before."""
