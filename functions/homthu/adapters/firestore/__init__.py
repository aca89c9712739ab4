"""Google's Firestore behind every side of the store."""
