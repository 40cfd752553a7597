"""What several screens share: the heading, lists, the week, and text cut to cells."""
