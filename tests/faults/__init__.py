"""`make faults`: the whole service under load, killed again and again, and its books held against what people were told.

    __main__   the rounds, and the last line
    town       who lives there, and the processes that serve them
    phones     a process of citizens and stalls, each of whom retries as a phone would and writes down what they were told
    calls      one call to the service, made until it is answered
    wire       the line between phones and service, which can be cut
    kills      the ways in which something dies
    office     the night clock, and the two officers who pay out meanwhile
    verdict    what everybody was told against what the books say

docs/faults.md says how to read its last line.
"""
