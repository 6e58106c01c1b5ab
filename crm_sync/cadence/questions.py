"""What to ask: open questions only, other ones with every attempt (cadence 4.4, lines 7 and 8)."""

from __future__ import annotations

from datetime import date

from crm_sync.cadence.wording import say_day

OPENINGS = ("What", "How", "Who", "When", "Where", "Which", "Tell me")
"""An open question begins with one of these: nobody can answer it with yes or no."""

_BY_ATTEMPT = (
    (
        "Where are you in filling this role?",
        "What happens next, and when?",
        "Who decides, and what matters most to them?",
        "What made you open the role?",
    ),
    (
        "What would the right person have done by month three?",
        "Where are you in filling this role now?",
        "What does the team find hardest at the moment?",
        "Who else takes part in the decision?",
    ),
    (
        "What has changed about the role since you opened it?",
        "How do you usually choose between candidates?",
        "When do you expect to decide?",
        "Who else should I speak to?",
    ),
    (
        "Where does the role stand today?",
        "What would you still like to know about me?",
        "Who else should I speak to, in your team or elsewhere?",
        "Which other openings do you see in the next months?",
    ),
)


def questions_for(attempt: int, spoke_on: date | None = None) -> tuple[str, ...]:
    """Return three to five open questions for this attempt; ``spoke_on`` is the last conversation."""
    chosen = _BY_ATTEMPT[min(attempt, len(_BY_ATTEMPT)) - 1]
    if spoke_on is None:
        return chosen
    return (f"What has happened since we spoke on {say_day(spoke_on)}?", *chosen)


def closing_question(propose_on: date | None) -> str:
    """Return the question about the next step that ends the call, with a day in it where one is known."""
    if propose_on is None:
        return "When should I call you again?"
    return f"When should I call again: {say_day(propose_on)}, or which day suits you better?"
