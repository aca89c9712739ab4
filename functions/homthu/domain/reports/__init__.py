"""What a committee is told: counts, figures that may be shown, what was frozen."""
