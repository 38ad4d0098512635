"""What flows have done and look up, by the app that does it. Imported by `library`."""
