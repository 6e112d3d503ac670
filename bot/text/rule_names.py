"""What the rules are called (pure)."""

from collections.abc import Mapping

from bot.text.say import Say


def rule_title(rule: str, say: Say) -> str:
    """Return what a rule tells of, in a few words; its name where that is not known."""
    return rule_titles(say).get(rule, rule)


def rule_titles(say: Say) -> Mapping[str, str]:
    """Return the titles of all rules by name, the weightiest first; at most 60 characters each."""
    return {
        "leader": say("A new number one"),
        "open_top5": say("Open models in the top five"),
        "open_share": say("Open models’ share of the tokens"),
        "first_to_mark": say("The first model to reach a number of tokens"),
        "platform_mark": say("All models together reach a number of tokens"),
        "open_top5_lost": say("Fewer open models in the top five"),
        "author_leader": say("A new most-used author"),
        "top_entry": say("A model new to the top five or ten"),
        "streak": say("A lead that lasts for weeks or months"),
        "surge": say("A steep climb within a week"),
        "share_record": say("A record share of the most-used model"),
        "token_mark": say("A model reaches a number of tokens"),
        "overtake": say("A model of the top ten passes another one"),
        "dropout": say("A model falls out of the top twenty"),
        "reclassified": say("A leading model is reclassified as open or closed"),
    }
