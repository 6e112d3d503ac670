"""A place to listen at, or a clear word why there is none."""

from aiohttp import web

from bot.addresses import Bind
from bot.errors import SettingsError


async def listening(runner: web.AppRunner, bind: Bind, setting: str) -> tuple[str, int]:
    """Listen, and return host and port: a port that was free where 0 was asked for.

    Raises SettingsError, naming the setting.
    """
    try:
        await web.TCPSite(runner, bind.host, bind.port).start()
    except OSError as error:
        raise SettingsError(
            f"{setting}: nothing can listen at {bind}: {error.strerror}. Name another host or port,"
            " or end what listens there."
        ) from error
    host, port, *_ = runner.addresses[0]
    return host, port
