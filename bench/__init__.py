"""`make bench`: what this service does per second on this machine, and what a database could do at most.

One command fills embedded servers, runs every measure and writes `bench/results.json`; docs/performance.md explains
each figure. Nothing here is imported by the service.
"""
