"""A synthetic lung-nodule cohort for demonstrations: invented persons, seeded, with numbers that fit."""
