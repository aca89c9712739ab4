"""What a citizen sends, and what guards it and its author."""
