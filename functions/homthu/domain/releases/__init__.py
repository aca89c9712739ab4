"""What may be told of people's answers: runs of weeks of ten answers or more, each told once for ever."""
