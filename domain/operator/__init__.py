"""An operator's fold: when they are there, and when they work, whatever conversation it is on."""
