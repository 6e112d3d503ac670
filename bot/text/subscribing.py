"""What becomes of a subscription, in words; they name channels and roles as Discord does (pure)."""

from collections.abc import Sequence

from bot.subscription import MOST_IN_A_SERVER, Subscription
from bot.text.boards import board_title
from bot.text.panel import Part, heading, language_name, least_words, publish_words
from bot.text.rule_names import rule_title
from bot.text.say import Say


def saved(subscription: Subscription, channel: str, say: Say, *, new: bool) -> list[str]:
    """Return what was saved, a line each, the first one a title."""
    if new:
        title = say("{channel} gets alerts", channel=channel)
        since = say(
            "The next one comes when a milestone is reached after {after}.",
            after=say.day(subscription.after),
        )
    else:
        number = subscription.number
        title = say("Subscription {number} of {channel} is saved", number=number, channel=channel)
        since = say("It applies from the next alert on.")
    if subscription.stopped is not None:
        since = say("It is paused: nothing comes until you resume it in /subscriptions.")
    return [title, since, *_wished(subscription, say), *_manner(subscription, say)]


def _wished(subscription: Subscription, say: Say) -> list[str]:
    wish = subscription.wish
    rules = [rule_title(rule, say) for rule in wish.rules] or [say("every rule")]
    return [
        _entry(Part.BOARDS, ", ".join(board_title(board, say) for board in wish.boards), say),
        _entry(Part.LEAST, least_words(wish.least, say), say),
        _entry(Part.RULES, ", ".join(rules), say),
    ]


def _manner(subscription: Subscription, say: Say) -> list[str]:
    manner = subscription.manner
    called = " ".join(f"<@&{role}>" for role in manner.mentions) or say("nobody")
    published = _entry(Part.PUBLISH, publish_words(say, publish=True), say)
    return [
        _entry(Part.ROLE, called, say),
        _entry(Part.LANGUAGE, language_name(subscription.language), say),
        *([published] if manner.publish else []),
    ]


def _entry(part: Part, value: str, say: Say) -> str:
    return f"**{heading(part, say)}** · {value}"


def unheard(role: str, say: Say) -> str:
    """Say that mentions of a role will notify nobody."""
    return say(
        "But {role} will notify nobody until it is made mentionable, or until I get the permission"
        " to mention all roles there.",
        role=role,
    )


def resumed(channel: str, say: Say) -> str:
    """Say that a channel that was paused goes on."""
    return say("{channel} was paused; its alerts go on now.", channel=channel)


def too_many(say: Say) -> str:
    """Say that a server has as many subscriptions as it may."""
    return say(
        "This server has {most} subscriptions, and no server may have more. /subscriptions shows"
        " them; end one of them to make room.",
        most=MOST_IN_A_SERVER,
    )


def previewed(say: Say) -> str:
    """Announce the preview."""
    return say("The last alert this would have brought, as it would look:")


def nothing_yet(say: Say) -> str:
    """Say that there is no preview."""
    return say(
        "No milestone recorded so far fits these choices: there is no preview yet. What to expect"
        " is judged by the stored days instead."
    )


def no_preview(say: Say) -> str:
    """Say that the preview failed."""
    return say("The preview could not be made. What you saved stands.")


def cancelled(say: Say) -> str:
    """Say that a panel was left."""
    return say("Cancelled: nothing was saved.")


def over(say: Say) -> str:
    """Say that a panel was saved or cancelled before a control of it was used."""
    return say("This panel was saved or cancelled before; what you chose here came too late.")


def gone(say: Say) -> str:
    """Say that what was to be changed has ended."""
    return say("This subscription has ended meanwhile. /subscribe makes a new one.")


def saved_already(say: Say) -> str:
    """Say that a panel was saved before, by whomever."""
    return say("This was saved already. /subscriptions shows it, and /subscribe makes another one.")


def not_everyone(say: Say) -> str:
    """Say that the role of all members is not taken."""
    return say("I never mention everyone. Please choose a role that members can take or leave.")


def no_role(say: Say) -> str:
    """Say that the chosen role is gone."""
    return say("The role that was chosen is gone. Please choose another one, or none.")


def unseen(channel: str, say: Say) -> str:
    """Say that we do not see a channel any more."""
    return say("{channel} is gone, or I may not see it any more.", channel=channel)


def closed(channel: str, permissions: Sequence[str], say: Say) -> str:
    """Say which permissions we lack for posting in a channel."""
    return say(
        "I cannot post in {channel} yet: there I lack {permissions}."
        " Grant that in the channel’s settings, then try again.",
        channel=channel,
        permissions=say.listed(permissions),
    )
