"""The service: an interface for programs, and pages for browsers, over the doors of `outputs`; its own process for every run."""
