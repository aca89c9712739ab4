"""What is printed and posted for a ward: posters with their codes, lists, publicity, inspection."""
