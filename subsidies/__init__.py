"""First floor: schemes as data, eligibility, enrolment, purses, the decision."""
