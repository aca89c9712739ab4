"""What scripts/bench measures: each module gives figures with what they are compared with."""
