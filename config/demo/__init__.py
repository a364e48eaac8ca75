"""A market day, played over HTTP against the real thing: `make run`, or `python -m config.demo [--once]`.

To begin with
    __main__   starts the servers and every part, plays the day, stops everything
    house      the parts together: web, Celery worker and beat, loopback Stripe and bank
    parts      one part: its process, its log, its end; and the memory of all
    identity   an identity provider that vouches for the cast, and for nobody else
    stage      what is there before the day begins: open books, scheme, shops, officers
Who plays
    cast       who they are
    people     citizens, tills and officers, each with what they can do over HTTP
    line       one line to the service: JSON over HTTP
    market     everybody who came, and the clock that all processes share
What is played
    day        all of it in its order
    rule       the printed rule of the scheme, which every split is held to
    shopping   who buys what
    scenes     what must go right by going wrong: a wrong PIN, a lost answer, two at one charge
    night      midnight to the next evening: closed, approved by two, paid, reconciled
    waiting    for the timetable, within bounds
    report     what happened, for people and as the last line for machines
    visitors   the ways in, for whoever comes by afterwards
    authenticator   an app for their second factor

Modules are imported by whoever needs them, as some need Django set up first.
"""
