"""What the shop says, in which languages: a check for people who write pages, and for the tests."""
