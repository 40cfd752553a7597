"""Life in a class: groups, the temporary branch, duty, rooms, evening roll calls, exit permits."""
