"""A market day, played over HTTP against the real thing: `make run`, or `python -m config.demo [--once]`.

    __main__   starts every part, plays the day, stops everything
    parts      the processes, and the memory that they take together
    identity   an identity provider that vouches for the cast, and for nobody else
    cast       who they are
    stage      what is there before the day begins: books, scheme, shops, officers
    line       one line to the service: JSON over HTTP
    people     citizens, tills and officers, each with what they can do over that line
    shopping   who buys what, and what each has to expect by the scheme's rules
    scenes     the acts that must go right by going wrong: a wrong PIN, a lost answer, two at one charge
    night      midnight to the next evening: the day is closed, approved by two, paid, reconciled
    day        all of it in its order
    report     what happened, for people and as the last line for machines
"""
