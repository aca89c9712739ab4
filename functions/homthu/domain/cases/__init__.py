"""What the committee does about a suggestion."""
