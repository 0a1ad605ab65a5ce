"""The only rooms that touch git, disk, processes, network, clock and environment."""
