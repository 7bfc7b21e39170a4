"""Settings, urls, server, command line. Wires everything; imported by nobody."""
