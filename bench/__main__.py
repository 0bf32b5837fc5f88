"""All benchmarks; today the board."""

from bench.board import main

main()
