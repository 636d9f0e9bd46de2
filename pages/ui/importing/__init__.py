"""The import page: kind and upload, mapping of columns, progress, earlier imports."""
