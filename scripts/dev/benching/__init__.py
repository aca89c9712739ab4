"""What scripts/bench measures: each module gives figures beside what they are measured against."""
