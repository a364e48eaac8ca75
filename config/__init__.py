"""The street map: settings, addresses, the timetable, and the servers underneath."""
