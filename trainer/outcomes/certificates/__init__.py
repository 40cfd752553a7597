"""Certificates of completion (结业证): issued, printed, checked, revoked, replaced, registered."""
