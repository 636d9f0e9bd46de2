"""Looking for warnings, taking them, putting them off, closing them, setting the rules."""
