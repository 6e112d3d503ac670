"""How a channel gets its alerts, in words; they name channels and roles as Discord does (pure)."""

from bot.delivery import Manner
from bot.text.say import Say


def changed(channel: str, chosen: Manner | None, say: Say, *, resumed: bool) -> str:
    """Say how a channel that was subscribed already gets its alerts from now on."""
    if chosen is None and resumed:
        return say(
            "{channel} gets alerts again, in the way that was chosen before.",
            channel=channel,
        )
    if chosen is None:
        return say(
            "{channel} gets alerts already. To get them in another way, give `mention` or"
            " `publish` too.",
            channel=channel,
        )
    if resumed:
        return say(
            "{channel} gets alerts again. New ones come in the way chosen now: {manner}.",
            channel=channel,
            manner=_manner(chosen, say),
        )
    return say(
        "{channel} gets alerts already. New ones come in the way chosen now: {manner}.",
        channel=channel,
        manner=_manner(chosen, say),
    )


def _manner(manner: Manner, say: Say) -> str:
    return " · ".join(traits(manner, say)) or say("without a mention, not published")


def traits(manner: Manner, say: Say) -> list[str]:
    """Return what is not usual about a manner."""
    return [
        *([say("mentions {role}", role=f"<@&{manner.mention}>")] if manner.mention else []),
        *([say("published")] if manner.publish else []),
    ]
