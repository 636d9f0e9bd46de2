"""Patterns for persons' names: after a cue such as "my name is", before a form of address.

A Chinese name is a common surname with one or two characters that are no function words. A list of
surnames and cues misses names that are said without either; it is meant to miss rather than to
blacken words that are none.
"""

from __future__ import annotations

import re

_HAN = "\u4e00-\u9fff"
_COMPOUND = (
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫"
    " 司徒 端木 南宫 南宮 夏侯"
)
_SINGLE = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾"
    "肖蕭萧田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾鐘姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付傅方"
    "邹鄒熊白孟秦邱侯江尹薛闫閻段雷龙龍黎史陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向汤湯温溫康施"
    "文牛樊葛邢安齐齊易乔喬伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟殷詹申耿关關兰蘭焦俞左柳甘祝包宁寧尚符舒阮柯"
    "纪紀梅童凌毕畢单單季裴霍涂塗成苗谷曲盛冉骆駱蓝藍路游辛靳管柴蒙鲍鮑华華祁饶饒滕屈娄婁卓鄺邝簡简"
)
_SURNAME = f"(?:{'|'.join(_COMPOUND.split())}|[{_SINGLE}])"
# Words that begin like a name; 金卡 and the like follow "I am" and "passenger".
_NO_NAME = (
    "(?!谢谢|謝謝|周[一二三四五六日末天几]|马上|馬上|方便|高兴|金卡|银卡|白金|黄金|黃金|安全|成人|单程|單程"
    "|何时|何時|何为|何為|任何|关于|關於|于是|於是|文件|管理|万一|萬一|易碎|路上|包括|包含|成功|成都|安排|温馨|溫馨"
    "|金额|金額|向您|文字|单号|單號|单独|單獨|施工|白天|石家|江西|江苏|江蘇|武汉|武漢|宁波|寧波|兰州|蘭州"
    "|张家|張家|韩国|韓國|石油|康复|华为|華為|华侨|華僑|安装|安裝|安卓|关键|關鍵|单位|單位|于不|于同|付完|付款|游客|遊客|莫名|严重|嚴重)"
)
_FUNCTION = "的了是在和吗嗎呢吧啊就也都还還没沒您你我他她它们們这這那哪谁誰什么麼怎请請问問"
_VERBS = "想要订訂预預买買办辦来來一两有跟与與给給先女从從去到帮幫麻"
_AFTER_NAME = f"{_FUNCTION}{_VERBS}电電话話手机機号號身证證护護票座位航"
_GIVEN_NAME = f"[{_HAN}](?<![{_FUNCTION}])(?:[{_HAN}](?<![{_AFTER_NAME}]))?"
CHINESE = f"{_NO_NAME}{_SURNAME}{_GIVEN_NAME}"
_LINK = r"(?:叫做|名叫|叫|是|为|為|[\s:：,，])"
_PERSON = "(?:乘机人|乘機人|登机人|登機人|乘客|旅客|联系人|聯繫人|聯絡人|收件人|收货人|报案人)"
_ADDRESS = "(?:先生|女士|小姐|太太|夫人|同学|同學)"
_CONTACT = "(?:电话|電話|手机|手機|身份证|身分證|█)"
_END = f"(?![{_HAN}])"
_WORD = "[A-Z](?:'[A-Z])?[a-z\u2019'-]+(?:-[A-Z][a-z]+)?"
_ENGLISH = f"{_WORD}(?: {_WORD}){{0,2}}"

# The first group is the name. Lookbehinds have one length, as the standard library wants.
PATTERNS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?:我叫做?|名字{_LINK}{{1,3}}|姓名{_LINK}{{0,3}})({CHINESE})"),
    re.compile(rf"{_PERSON}(?:姓名)?{_LINK}{{0,3}}({CHINESE})"),
    re.compile(rf"(?:我是|这是|這是|这里是|這裡是)({CHINESE}){_END}"),
    re.compile(rf"[给給帮幫替为為]({CHINESE})(?=[订訂预預买買办辦改退])"),
    re.compile(rf"[我敝贵貴]姓({_SURNAME})"),
    re.compile(rf"({_NO_NAME}{_SURNAME}(?:[{_HAN}]{{1,2}}(?<![{_FUNCTION}]))?){_ADDRESS}"),
    re.compile(rf"({_NO_NAME}{_SURNAME})(?:经理|經理|主任|老师|老師)"),
    re.compile(rf"(?<![{_HAN}])({CHINESE})(?:经理|經理|主任|老师|老師)"),
    re.compile(rf"(?<![{_HAN}])({CHINESE})(?=[\s,，:：]{{0,2}}{_CONTACT})"),
    re.compile(rf"(?:[Mm]y name is|[Nn]ame:|I am|I'm)\s{{1,3}}({_ENGLISH})"),
    re.compile(rf"[Tt]his is\s{{1,3}}({_ENGLISH})\s{{1,3}}(?:speaking|calling|here)"),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s{{1,3}}({_ENGLISH})"),
    re.compile(
        r"(?:[Pp]assenger|[Nn]ame|乘客|旅客|姓名|乘机人|乘機人)[\s:：]{0,3}(?:[Nn]ame[\s:：]{0,3})?"
        r"([A-Z]{2,25}/[A-Z]{2,25}(?: [A-Z]{2,25})?)"
    ),
)
CUES = (
    f"我叫|名字|姓名|{_PERSON}|我是|这是|這是|里是|裡是|[给給帮幫替为為][{_SINGLE}欧歐司上诸諸东東皇尉公慕令宇长長端南]"
    f"|[我敝贵貴]姓|{_ADDRESS}|经理|經理|主任|老师|老師|█|[Nn]ame|I am|I'm|his is|Mr|Ms|Miss|Dr"
)
