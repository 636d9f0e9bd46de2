"""Reading actions: lists, one with its effect, who may own one."""
