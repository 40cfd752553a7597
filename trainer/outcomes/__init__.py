"""What came of a class: marks of exams and works, who completed it and why, certificates."""
