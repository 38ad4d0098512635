"""What every card core has to keep, whoever runs it: see stand.py, suite.py and docs/howto/connect-a-core.md."""
