"""What would reverse a milestone, in the words of every rule."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot import rules
from bot.packaged import read_languages
from bot.text.say import english
from tests.rules.milestones import milestone, name, top

RULES = rules.discover()
ENGLISH, TURKISH = english(), read_languages()["tr"]
B = 10**9
PAST = (
    "The headline tells of days that are past: nothing can reverse it but a correction of their"
    " figures."
)
PAST_TR = (
    "Başlık geçmiş günleri anlatır: o günlerin verileri düzeltilmedikçe hiçbir şey onu"
    " değiştiremez."
)
FIVE = top("oooco", [40 * B, 30 * B, 20 * B, 15 * B, 10 * B])
SHARE = {"mark": 60, "open_tokens": 610 * B, "unknown_tokens": 70 * B, "counted_tokens": 1000 * B}
FALL = {"mark": 50, "open_tokens": 440 * B, "unknown_tokens": 20 * B, "counted_tokens": 1000 * B}
CASES: Sequence[tuple[str, Mapping[str, Any], str, str]] = [
    (
        "leader",
        {"model": "lab/1", "previous": "lab/2"},
        (
            "Model 1 would lose first place to a model with more tokens over seven days."
            " Model 2, in second place, has 10.0 B fewer tokens."
        ),
        (
            "Yedi günde daha çok token kullanılan bir model çıkarsa Model 1 ilk sırayı kaptırır."
            " İkinci sırada Model 2 var; fark 10,0 milyar token."
        ),
    ),
    (
        "author_leader",
        {"author": "lab", "previous": None},
        (
            "lab would lose first place to an author whose ranked models together have more tokens"
            " over seven days."
        ),
        (
            "Sıralamadaki modellerinin yedi günlük toplam token sayısı daha yüksek bir üretici"
            " çıkarsa lab ilk sırayı kaptırır."
        ),
    ),
    (
        "open_top5",
        {"level": 3, "open": ["lab/1", "lab/2", "lab/3", "lab/5"]},
        "Fewer than three open models in the top five would end this.",
        "İlk beşte üçten az açık model kalırsa bu durum sona erer.",
    ),
    (
        "open_top5",
        {"level": 4, "open": ["lab/1", "lab/2", "lab/3", "lab/5"]},
        (
            "Fewer than four open models in the top five would end this."
            " The lowest-placed open one is Model 5, at place 5."
        ),
        (
            "İlk beşte dörtten az açık model kalırsa bu durum sona erer."
            " Açık olanların en alttakisi 5. sırada: Model 5."
        ),
    ),
    (
        "open_top5",
        {"level": 5, "open": []},
        "A model in the top five that is not open would end this.",
        "İlk beşte açık olmayan bir model yer alırsa bu durum sona erer.",
    ),
    (
        "open_top5_lost",
        {"level": 3, "open": []},
        "At least three open models in the top five would reverse this.",
        "İlk beşte en az üç açık model olursa bu durum tersine döner.",
    ),
    (
        "open_top5_lost",
        {"level": 4, "open": []},
        "At least four open models in the top five would reverse this.",
        "İlk beşte en az dört açık model olursa bu durum tersine döner.",
    ),
    (
        "open_top5_lost",
        {"level": 5, "open": []},
        "Five open models in the top five would reverse this.",
        "İlk beşin beşi de açık olursa bu durum tersine döner.",
    ),
    (
        "open_share",
        {"direction": "up", **SHARE},
        (
            "Open models would lose this mark with less than 60 % of ranked tokens."
            " Those known to be open have 10.0 B tokens more than that now."
        ),
        (
            "Sıralamadaki tokenlarda payları %60 sınırının altına inerse açık modeller bu"
            " sınırı yitirir. Açık olduğu bilinenler şimdi bu sınırın 10,0 milyar token üzerinde."
        ),
    ),
    (
        "open_share",
        {"direction": "down", **FALL},
        (
            "Open models would be back at this mark with at least 50 % of ranked tokens."
            " Even with the unknown ones they have 40.0 B fewer tokens now."
        ),
        (
            "Sıralamadaki tokenlarda payları en az %50 olursa açık modeller bu sınıra geri döner."
            " Bilinmeyenlerle birlikte bile şimdi bu sınırın 40,0 milyar token altındalar."
        ),
    ),
    (
        "open_share",
        {"direction": "down", **FALL, "unknown_tokens": 0},
        (
            "Open models would be back at this mark with at least 50 % of ranked tokens."
            " They have 60.0 B fewer tokens now."
        ),
        (
            "Sıralamadaki tokenlarda payları en az %50 olursa açık modeller bu sınıra geri döner."
            " Şimdi bu sınırın 60,0 milyar token altındalar."
        ),
    ),
    ("first_to_mark", {"model": "lab/1", "mark": 10**12}, PAST, PAST_TR),
    ("token_mark", {"model": "lab/1", "mark": 10**12}, PAST, PAST_TR),
    ("platform_mark", {"mark": 10**13}, PAST, PAST_TR),
    ("surge", {"model": "lab/1", "rank": 3, "rank_before": 20}, PAST, PAST_TR),
    (
        "top_entry",
        {"model": "lab/3", "places": 5, "rank": 3},
        (
            "Model 3 would leave the top five with five other models ahead of it over seven days;"
            " 2 are now."
        ),
        (
            "Yedi günlük sıralamada beş başka model önüne geçerse Model 3 ilk beşten çıkar; şimdi"
            " önünde 2 model var."
        ),
    ),
    (
        "top_entry",
        {"model": "lab/2", "places": 10, "rank": 2},
        (
            "Model 2 would leave the top ten with ten other models ahead of it over seven days;"
            " 1 is now."
        ),
        (
            "Yedi günlük sıralamada on başka model önüne geçerse Model 2 ilk ondan çıkar; şimdi"
            " önünde 1 model var."
        ),
    ),
    (
        "streak",
        {"subject": "lab/1", "windows": 30},
        (
            "The streak ends on the first day when another model has more tokens over the seven"
            " days up to it. Model 2, in second place, has 10.0 B fewer tokens."
        ),
        (
            "Bu seri, başka bir modelin yedi günlük token sayısının daha yüksek olduğu ilk gün sona"
            " erer. İkinci sırada Model 2 var; fark 10,0 milyar token."
        ),
    ),
    (
        "streak",
        {"subject": "open_top5:4", "windows": 30},
        (
            "The streak ends with two days running on which fewer than four of the top five"
            " are known to be open. The lowest-placed open one is Model 5, at place 5."
        ),
        (
            "İlk beşte açık olduğu bilinen model sayısı iki gün üst üste dörtten az olursa bu seri"
            " sona erer. Açık olanların en alttakisi 5. sırada: Model 5."
        ),
    ),
    (
        "overtake",
        {"model": "lab/2", "passed": "lab/4"},
        (
            "Model 4 would be ahead again with more tokens than Model 2 over seven days."
            " It has 15.0 B fewer tokens now."
        ),
        (
            "Yedi günlük token sayısı Model 2 modelininkinden çok olursa Model 4 yeniden öne geçer."
            " Şimdi 15,0 milyar token geride."
        ),
    ),
    (
        "overtake",
        {"model": "lab/5", "passed": "lab/6"},
        "Model 6 would be ahead again with more tokens than Model 5 over seven days.",
        "Yedi günlük token sayısı Model 5 modelininkinden çok olursa Model 6 yeniden öne geçer.",
    ),
    (
        "share_record",
        {"model": "lab/1", "tokens": 113, "total": 1000, "record_tokens": 1, "record_total": 10},
        (
            "A share above this 11.3 % would be a new record; that this one was set stays true,"
            " unless its figures are corrected."
        ),
        (
            "%11,3 üzerindeki bir pay yeni rekor olur; bu rekorun kırıldığı bilgisi, verileri"
            " düzeltilmedikçe doğru kalır."
        ),
    ),
    (
        "dropout",
        {"model": "lab/9", "rank": 35, "last": "2026-06-01"},
        (
            "Model 9 would be back with a place among the top twenty; by the published figures it"
            " is at place 35 now."
        ),
        (
            "Model 9 ilk yirmide yer alırsa geri dönmüş olur; yayımlanan verilere göre şimdi 35."
            " sırada."
        ),
    ),
    (
        "dropout",
        {"model": "lab/9", "rank": None, "last": "2026-06-01"},
        "Model 9 would be back with a place in the published ranking.",
        "Model 9 yayımlanan sıralamada yer alırsa geri dönmüş olur.",
    ),
    (
        "reclassified",
        {"model": "lab/1", "was": "unknown", "now": "open"},
        "This would change if the weights of Model 1 were no longer public.",
        "Model 1 modelinin ağırlıkları herkese açık olmaktan çıkarsa bu değişir.",
    ),
    (
        "reclassified",
        {"model": "lab/1", "was": "unknown", "now": "closed"},
        "This would change with public weights of Model 1.",
        "Model 1 modelinin ağırlıkları herkese açılırsa bu değişir.",
    ),
    (
        "reclassified",
        {"model": "lab/1", "was": "open", "now": "unknown"},
        "This would change with evidence of whether the weights of Model 1 are public.",
        (
            "Model 1 modelinin ağırlıklarının herkese açık olup olmadığına dair bir kanıt bunu"
            " değiştirir."
        ),
    ),
]


@pytest.mark.parametrize(("rule", "facts", "words", "turkish"), CASES)
def test_each_rule_says_what_would_reverse_it(
    rule: str, facts: Mapping[str, Any], words: str, turkish: str
) -> None:
    told = milestone(rule, facts, FIVE)
    assert RULES[rule].reversal(told, name, ENGLISH) == words
    assert RULES[rule].reversal(told, name, TURKISH) == turkish


def test_no_rule_is_left_out() -> None:
    assert {rule for rule, *_ in CASES} == set(RULES)
