"""Actions: lists, one with its effect, the form that proposes one."""
