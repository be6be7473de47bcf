"""The doors: one room a chat service, and the switch that finds the right one."""
