"""Imports that are killed, and disks that are full: the short form is a test, this the long one."""
