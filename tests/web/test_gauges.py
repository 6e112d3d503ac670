"""What is measured when the operator asks: ages by the clock, and nothing that nobody knows."""

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.web.gauges import GAUGES, gauges
from tests.test_metrics import figure, samples
from tests.web.test_vitals import vitals


def test_what_is_measured_now_is_told_with_its_ages() -> None:
    text = Metrics().text(gauges(vitals(), "1.2.3"))
    assert figure(text, "rankshift_build_info", version="1.2.3") == 1
    assert figure(text, "rankshift_newest_day_age_seconds", board="models") == 12 * 3600
    assert figure(text, "rankshift_newest_snapshot_age_seconds", board="models") == 10 * 3600
    assert figure(text, "rankshift_last_good_poll_age_seconds", board="models") == 600
    assert figure(text, "rankshift_held_milestones", board="models") == 2
    assert figure(text, "rankshift_deliveries_open") == 3
    assert figure(text, "rankshift_oldest_delivery_age_seconds") == 60
    assert figure(text, "rankshift_deliveries_held_back") == 4
    assert figure(text, "rankshift_channels_paused") == 1
    assert figure(text, "rankshift_gateway_connected") == 1
    assert figure(text, "rankshift_gateway_latency_seconds") == 0.25
    assert figure(text, "rankshift_servers") == 9
    assert figure(text, "rankshift_ready", check="source") == 1


def test_what_nobody_knows_is_left_out_and_the_rest_is_told() -> None:
    now = vitals()
    unknown = replace(now, kept=None, trouble="damaged", polls={})
    unknown = replace(unknown, gateway=replace(now.gateway, connected=False, latency=None))
    text = Metrics().text(gauges(unknown, "1.2.3"))
    counted = {name for name, _ in samples(Metrics().text())}
    told = {name for name, _ in samples(text)} - counted
    assert told == {
        *("rankshift_build_info", "rankshift_ready"),
        *("rankshift_gateway_connected", "rankshift_servers"),
    }
    assert figure(text, "rankshift_ready", check="store") == 0
    assert figure(text, "rankshift_gateway_connected") == 0


def test_nothing_owed_has_no_age() -> None:
    now = vitals()
    assert now.kept is not None
    idle = replace(now, kept=replace(now.kept, open=0, oldest=None))
    text = Metrics().text(gauges(idle, "1"))
    assert figure(text, "rankshift_oldest_delivery_age_seconds") == 0


def test_every_figure_has_a_help_line_and_a_name_of_its_own() -> None:
    assert len({each.name for each in GAUGES}) == len(GAUGES)
    text = Metrics().text(gauges(vitals(), "1")).decode()
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
