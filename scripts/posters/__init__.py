"""What is printed and published for a ward: posters with their codes, lists, publicity, inspection."""
