"""The statistics of the pages over plain files: each command reads a table and answers in lines."""
