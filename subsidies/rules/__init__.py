"""The rules that schemes are made of: each one file, small, pure, and compiled once from a scheme document.

They are computed in one fixed order, which `subsidies.decision` walks:

1. goods: which lines of the bill are covered
2. windows, first use, merchants: may this person use this right here and now
3. funding: is the covered price within its bounds; limits on what counts (spend, payments, quantities); rate or step
4. caps on the State's money
5. rounding
6. shortage: what is left in the purse
"""
