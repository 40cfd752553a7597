"""Teaching evaluation by trainees (学员评教): asked by ballot, kept as totals only."""
