"""What a milestone says, set beside the window that ended six months before it (pure)."""

from bot.model import Milestone, Openness
from bot.text.say import Names, Say
from bot.text.words import openness_word


def _nothing(milestone: Milestone, say: Say) -> str:
    return say(
        "No complete week of six months before is stored: we watch since {since}.",
        since=say.day(milestone.searched.since),
    )


def beside_open(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say how many of the top five were open, and who led."""
    then = milestone.half_year
    if then is None or not then.top:
        return _nothing(milestone, say)
    opens = [entrant for entrant in then.top if entrant.openness is Openness.OPEN]
    known = all(entrant.openness is not Openness.UNKNOWN for entrant in then.top)
    led = {
        "day": say.day(then.date),
        "leader": then.top[0].name,
        "word": openness_word(then.top[0].openness, say),
    }
    if not opens and known:
        return say(
            "Six months before, in the seven days to {day}, none of the top five was open;"
            " {leader} ({word}) led.",
            **led,
        )
    if not opens:
        return say(
            "Six months before, in the seven days to {day}, none of the top five was known to be"
            " open; {leader} ({word}) led.",
            **led,
        )
    return say(
        "Six months before, in the seven days to {day}, open models held {count} of the top five"
        " places, with {share} of all tokens; {leader} ({word}) led.",
        count=len(opens),
        share=say.percent(sum(entrant.tokens for entrant in opens), then.total),
        **led,
    )


def beside_share(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say what the open share was."""
    then = milestone.half_year
    if then is None or not then.counted:
        return _nothing(milestone, say)
    day, share = say.day(then.date), say.percent(then.open_tokens, then.counted)
    if not then.unknown_tokens:
        return say(
            "Six months before, in the seven days to {day}, open models had {share} of ranked"
            " tokens.",
            day=day,
            share=share,
        )
    return say(
        "Six months before, in the seven days to {day}, open models had {share} of ranked tokens;"
        " for {unknown} it is not known.",
        day=day,
        share=share,
        unknown=say.percent(then.unknown_tokens, then.counted),
    )


def beside_model(milestone: Milestone, names: Names, say: Say) -> str:
    """Say where the model stood."""
    return _model(milestone, names(milestone.facts["model"]), say)


def beside_subject(milestone: Milestone, names: Names, say: Say) -> str:
    """Say where the model stood that the facts call `subject`."""
    return _model(milestone, names(milestone.facts["subject"]), say)


def _model(milestone: Milestone, model: str, say: Say) -> str:
    then = milestone.half_year
    if then is None:
        return _nothing(milestone, say)
    if then.place is None:
        return say(
            "Six months before, in the seven days to {day}, {model} was not in the published"
            " ranking.",
            day=say.day(then.date),
            model=model,
        )
    return say(
        "Six months before, in the seven days to {day}, {model} was number {rank} with {share} of"
        " all tokens.",
        day=say.day(then.date),
        model=model,
        rank=then.place.rank,
        share=say.percent(then.place.tokens, then.total),
    )


def beside_author(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say what share the author's models had."""
    then = milestone.half_year
    if then is None:
        return _nothing(milestone, say)
    return say(
        "Six months before, in the seven days to {day}, {author} had {share} of all tokens.",
        day=say.day(then.date),
        author=milestone.facts["author"],
        share=say.percent(then.author, then.total),
    )


def beside_platform(milestone: Milestone, names: Names, say: Say) -> str:  # noqa: ARG001 — every rule's shape
    """Say how many tokens all models had."""
    then = milestone.half_year
    if then is None:
        return _nothing(milestone, say)
    return say(
        "Six months before, in the seven days to {day}, it was {tokens} tokens.",
        day=say.day(then.date),
        tokens=say.tokens(then.total),
    )
