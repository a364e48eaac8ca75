"""`make faults`: the whole service under load, killed again and again; the books are held against what was told.

    __main__   starts everything, and says the last line
    town       who lives there, and the processes that serve them
    phones     a process of citizens and stalls, who retry as phones do, and write down what they were told
    calls      one call to the service, made until it is answered
    wire       the line between phones and service, which can be cut
    kills      the ways in which something dies
    office     the night clock, and the two officers who pay out meanwhile
    verdict    what everybody was told against what the books say
    rounds     one round after another, and the count at the end

docs/faults.md says how to read its last line.
"""
