"""What tests, benchmarks and fuzzing share, and the programs that make the tests' own files."""
