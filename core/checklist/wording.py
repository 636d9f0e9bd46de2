"""What the wording of an item asks for and leaves open, in each language it is written in.

Only what a reader of the text alone would stumble over: patterns of grammar, not the presence of a
word. docs/checklists.md says how often they are right. What the guidance settles is not named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from core.checklist.model import Item

_CHINESE = re.compile("[\u4e00-\u9fff]")
_SHORTEST_QUOTE, _LONGEST_QUOTE = 8, 40
_MOST_READ = 500  # characters of a text; longer ones are no questions


def unsaid_occasion(item: Item) -> str:
    """Words that name an occasion which may not come, where nothing says what is N/A then.

    Said it is by a condition, by a rule that answers N/A beforehand, by an option or the guidance.
    """
    if item.na_when or any(_answers_na(option.text.values()) for option in item.options):
        return ""
    return _first(item, _OCCASION, _NOT_APPLICABLE)


def unsettled_pair(item: Item) -> str:
    """Words that join a second question to a yes or no, where no rule says what one of two is."""
    if item.yes is None or item.no is None:
        return ""
    return _first(item, _JOINED, _RULE)


def unseen_sense(item: Item, channels: Collection[str]) -> str:
    """Words for what can be perceived in none of these channels.

    The guidance may say by what else it shows: what is heard of a smile, what is read of a tone.
    """
    lacking = [sense for sense in _SENSES if not sense.channels & set(channels)]
    present = [sense for sense in _SENSES if sense.channels & set(channels)]
    for language, text in _texts(item):
        kind = _kind_of(text)
        if any(sense.explained[kind].search(item.guidance.get(language, "")) for sense in present):
            continue
        for sense in lacking:
            if match := sense.patterns[kind].search(text):
                return _quoted(match, text)
    return ""


@dataclass(frozen=True)
class _Sense:
    """What is perceived in some channels: words of texts for it, words of guidance that use it."""

    channels: frozenset[str]
    patterns: Mapping[str, re.Pattern[str]]
    explained: Mapping[str, re.Pattern[str]]


def _words(english: str, chinese: str) -> Mapping[str, re.Pattern[str]]:
    return {"latin": re.compile(english, re.IGNORECASE), "chinese": re.compile(chinese)}


_OCCASION = _words(
    r"(?:^|[,;:.] (?:and |or )?)"
    r"(?:if|whenever|should|unless|in case of|in the event of|faced with)\b"
    r"|(?:^|[,;] (?:and )?)(?:when|where|once)\b(?! (?:and|or|judged)\b)"
    r"|(?:^|[,;] (?:and )?)(?:on|upon|after|for|with) an? "
    r"|\b(?:if|where|when|as) (?:it is |this is |so )?(?:needed|necessary|required|applicable)\b"
    r"|(?<!and )\b(?:if|where) (?:an? |any |the |there |they |he |she |it )"
    r"|\bwhen (?:an? |any |faced )"
    r"|(?<!not )(?<!without )(?<!no )\bany (?!time|other\b|of\b|more\b|questions?\b)"
    r"|\b(?:anyone|anybody|those|passengers|customers|callers) who\b",
    "(?:^|[，；。])如(?!何|此|下|上|同)[^，。；]{2,20}，"
    "|(?:如果|若(?!無|无)|倘|萬一|万一|一旦|遇到?|面對|面对|涉及)[^，。；]{1,20}(?:時|时|者|的|，)"
    "|如有|如需|若有|若需|如遇|若遇|必要時|必要时|需要時|需要时|視需要|视需要|有需要|确有需要"
    "|(?:發生|发生|出現|出现|需要)[^，。；]{1,20}(?:時|时)，?"
    "|(?:延誤|延误|取消|遺失|丢失|遗失|異常|异常|不滿意?|不满意?|中斷|中断|損壞|损坏|逾期|離開|离开|變更|变更)"
    "[^，。；]{0,4}(?:時|时|后|後)，"
    "|未[^，。；]{1,8}者"
    "|(?:^|[，；。])(?:屬於?|属于?|凡)[^，。；]{1,14}，"
    "|(?:^|[，；。])[^，。；]{1,14}者，"
    "|含[^，。；]{1,8}(?:時|时)，",
)
_VERBS = (
    r"(?:was|were|is|are|has|have|had|did|do|does|can|could|told|took|kept|gave|made|put|set|left|sent"
    r"|led|went|held|understood)"
)
_DEEDS = (
    r"(?:greet|thank|ask|confirm|verify|check|explain|offer|apologi[sz]e|record|log|note|tell|inform"
    r"|show|build|take|make|give|keep|send|provide|listen|summari[sz]e|repeat|resolve|solve|transfer"
    r"|escalate|follow|close|document|state|set|put|hold)"
)
_JOINED = _words(
    r"\?.*\?"
    rf"|\b(?:{_VERBS}|\w+ed|shows?|carries|meets|holds|states|fits?|covers|reached)\b[^:]*?"
    r"(?:(?:,? and|,? but|;|,? as well as) "
    rf"(?:(?:then|also|so|never|neither|not|{_VERBS})\b"
    r"|(?:\w+ly )?(?!(?:need|speed|feed)\b)\w{2,}ed\b"
    r"|(?!(?:the|an?|all|any|every|each|of|in|on|at|to|for|from|by|with|without|before|after|during"
    r"|about|over|under|who|which|what|when|where|how|why|its|their|his|her|one|no)\b)"
    r"[\w-]+ (?:the|an?|their|his|her|them|it|that|whether|what|how|if|him|who|with)\b"
    r"|(?:the|an?|any) (?:[\w'’-]+ ){1,4}(?:\w+ed|\w+s with|understood|held)\b"
    r"|(?!(?:whether|what|who|how|when|why|that)\b)"
    r"(?:[\w'’-]+ ){1,7}?(?:was|were|is|are|has|have|had|did|does)\b))"
    rf"|^(?:did|does|do)\b[^:]*? and (?:\w+ly )?{_DEEDS}\b"
    r"|\b(?:is|are|was|were) [\w-]+ and (?!the\b|an?\b)[\w-]+[.?]",
    "；|，?(?:(?<!合)(?<!暫)(?<!暂)(?<!況)(?<!况)(?:並|并|且)(?!非|列|行)|同時(?!間)|同时(?!间))"
    "|，(?:也|亦|還|还)"
    "|(?:已|未|沒有|没有|符合)[^。；]*[，、][^。；]*(?:已|未|沒有|没有|符合)",
)
_NOT_APPLICABLE = _words(
    r"\bn/?a\b|not applicable|does not apply|no such|leave (?:it )?(?:blank|out)|\bskip\b",
    r"不適用|不适用|N/?A|免答|免填|略過|略过|跳過|跳过|不列入|不計入|不计入|留空",
)
_RULE = _words(
    r"\bboth\b|\ball (?:two|three|four|five|six|of|must)\b|only (?:if|when)\b|\beither\b"
    r"|\bone (?:of|without|is|missing|alone)\b|missing|is a no\b|\bof the (?:two|three|four)\b"
    r"|\bmust all\b|\ball be\b",
    r"[兩两]者|[兩两]項|[兩两]项|[兩两]部分|[兩两]件|三者|四者|[三四五]項|[三四五]项|都成立|都要|缺一|其一"
    r"|任一|才答|才算|答[「“]否|算[「“]否|即[「“]否|即答",
)
_SENSES = (
    _Sense(
        frozenset({"counter", "site"}),
        _words(
            r"\beye contact\b|\bsmil(?:e|ed|es|ing)\b|\bbadge\b|\bcufflinks\b"
            r"|\buniform\b(?! (?:form|rules?|standard|process|wording))"
            r"|\bclothing\b|\bposture\b|\bgestures?\b|\bfacial\b|\bgroom(?:ed|ing)\b"
            r"|\bnodd(?:ed|ing)\b|\bwith both hands\b|\bby hand\b|\bstood up\b|\bdress(?:ed)?\b",
            "微笑|笑容|眼神|制服|領帶|领带|袖釦|袖扣|名牌|胸牌|服裝|服装|儀容|仪容|仪表|儀表|手勢|手势|姿勢|姿势"
            "|坐姿|站姿|妝容|妆容|雙手|双手|面向旅客|點頭|点头|起立|起身",
        ),
        _words(r"\bse(?:en|e)\b|\blook\b", "看得|看到|看見|看见|目視|目视"),
    ),
    _Sense(
        frozenset({"counter", "site", "record"}),
        _words(
            r"\b(?:passport|document)\b.*\b(?:genuine|forged|authentic)\b",
            "(?:證件|护照|護照|证件)[^，。；]*(?:真實|真实|真偽|真伪)",
        ),
        _words(r"\bse(?:en|e)\b|\blook\b", "看得|看到|看見|看见"),
    ),
    _Sense(
        frozenset({"counter", "phone", "site"}),
        _words(
            r"\btone of voice\b|\bvoice\b|\baudibl[ey]\b|\bspeaking (?:speed|pace)\b|\baccent\b"
            r"|\bspoke (?:slowly|clearly|too)\b|\bbackground noise\b|\bon hold\b|\bhold music\b"
            r"|\bpronounc\w+\b",
            "音量|語速|语速|語調|语调|口音|嗓音|聲音|声音|大聲|大声|背景噪音|發音|发音|線上等候|在线等候",
        ),
        _words(r"\bhear[ds]?\b|\bvoice\b|\blisten", "聽得|聽到|听得|听到|聽出|听出|語氣|语气"),
    ),
    _Sense(
        frozenset({"chat", "bot", "email", "record"}),
        _words(
            r"\bspelling\b|\btypos?\b|\bpunctuation\b|\bsubject line\b|\battachments?\b|\bemojis?\b"
            r"|\bfonts?\b|\bparagraphs?\b|\bcapital letters\b|\bsignature block\b",
            "錯別字|错别字|標點|标点|主旨|主题行|邮件主题|附件|表情符號|表情符号|貼圖|表情包|排版|字型|字体|段落",
        ),
        _words(r"\bread\b|\bwritten\b|\btext\b", "讀得|讀到|读得|读到|文字|寫|写"),
    ),
    _Sense(
        frozenset({"record", "site"}),
        _words(
            r"\barchived\b|\btraining record\b|\bledger\b|\bbacked up\b|\baccess rights\b"
            r"|\b(?:monthly|quarterly|yearly|annual(?:ly)?)\b|\bevery (?:month|quarter|year)\b"
            r"|\bat (?:the )?(?:set|regular) intervals?\b|\bstatistics\b"
            r"|\bof the (?:period|month|quarter|year)\b",
            "歸檔|归档|訓練紀錄|训练记录|培训记录|台帳|台账|備份|备份|存取權限|访问权限|每月|每季|每年|本期|本季"
            "|定期(?:分析|備份|审核|維護|维护|备份|檢討|检讨)|統計|统计",
        ),
        _words(r"\brecord\b|\bfile\b|\blog\b", "紀錄|记录|檔案|档案"),
    ),
)


def _first(
    item: Item, patterns: Mapping[str, re.Pattern[str]], settled: Mapping[str, re.Pattern[str]]
) -> str:
    for language, text in _texts(item):
        kind = _kind_of(text)
        match = patterns[kind].search(text)
        if match and not settled[kind].search(item.guidance.get(language, "")):
            return _quoted(match, text)
    return ""


def _texts(item: Item) -> Iterator[tuple[str, str]]:
    return ((language, text[:_MOST_READ]) for language, text in item.text.items() if text)


def _kind_of(text: str) -> str:
    return "chinese" if _CHINESE.search(text) else "latin"


def _answers_na(texts: Collection[str]) -> bool:
    return any(_NOT_APPLICABLE[_kind_of(text)].search(text) for text in texts)


def _quoted(match: re.Match[str], text: str) -> str:
    """What was found; a word that joins, with what it joins."""
    words = match.group(0).strip(" ，,;；.")
    if len(words) < _SHORTEST_QUOTE:
        words = text[match.start() : match.end() + _SHORTEST_QUOTE].strip(" ，,;；.。")
    return words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1].rstrip() + "…"
