"""What Deskledger's speed is measured by: `python -m benchmarks`. See docs/benchmarks.md."""
