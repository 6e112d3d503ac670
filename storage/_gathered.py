"""What gatherings make owed, and what they tell (pure)."""

from collections.abc import Container, Mapping, Sequence

from bot.delivery import Delivery, Gathering
from bot.subscription import Channel


def gathered(
    gatherings: Sequence[Gathering],
    known: Container[str],
    held: Container[str],
    channels: Mapping[int, Channel],
) -> tuple[tuple[Delivery, ...], dict[str, str]]:
    """Return what these make owed, and by key of what is held which of it tells that.

    `known` has the keys of all deliveries, `held` of those held back. What a store's `gather` says
    of gatherings that do nothing holds here.
    """
    owed: dict[str, Delivery] = {}
    told: dict[str, str] = {}
    for each in gatherings:
        row = each.delivery
        left = [key for key in each.held if key in held and key not in told]
        new = row.key not in known and row.key not in owed
        channel = channels.get(row.channel_id)
        wanted = channel is not None and (row.summary is None or channel.digest is not None)
        if new and wanted and (left or not each.held):
            told |= dict.fromkeys(left, row.key)
            for one in (row, *each.beside):
                owed.setdefault(one.key, one)
    return tuple(owed.values()), told
