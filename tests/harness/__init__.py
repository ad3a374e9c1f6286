"""What the suites share: the stack under test, a client of its API, builders of telemetry, and the tools that break things."""
