"""Print core/safekeeping/masking/ordinary_words.txt from the dictionary of the package jieba.

`python -m tests.support.safekeeping.ordinary_words jieba/dict.txt`: the dictionary (MIT licence)
has a word, its frequency and its class on each line. Taken are words that the masking could take
for a person's name, in Simplified Chinese.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from core.safekeeping.masking.chinese_names import SURNAMES

# Rare in the dictionary, and the beginning of many words.
_BEGINNINGS = """
谢谢 单位 高铁 车票 余票 官方 华为 成都 金卡 白金 付款 付完 付费
边框 路由 周一 周二 周三 周四 周五 周六 周日 周末
"""
# Classed as names in the dictionary, and words all the same.
NO_NAMES = """
武功 文明 王朝 陆军 卫星 雷达 荣誉 古老 丘陵 冷笑 武林 宫殿 权威 师傅 封锁 莫斯科 宣言 胡同 师兄
顾问 贡献者 王公 白雪 高峰 祖先 文武 石英 齐声 鲁迅 黄金周 高潮 齐全 顾客 凤凰 辛勤 洪水 米粉
古建筑 胡子 桂林 叶子 安静 祖宗 谢谢 白领 向东 康复 沙滩 师范 梅花 范畴 周转 孙子 唐僧 宁可 凌辱
高明 陈述 荣获 马匹 米格 胡说 关怀 林立 王子 温泉 白宫 蒙古人 向阳 黎明 陈列 常德 宁静 蓝天 金刚
左翼 师生 冷汗 安抚 许可 容纳 牛顿 杜绝 卓越 季后赛 童子 祝贺 师母 马来 岳父 史诗 荣耀 胡闹 马克
满怀 庄子 桂花 乔木 毛巾 麦子 胡萝卜 张开 朴素 陈设 石家庄 高薪 华丽 金陵 燕子 金字塔 巴掌 练兵
白发 金黄 练功 安危 查明 胡涂 杜鹃 张贴 周旋 黄帝 宣德 孔雀 田园 许可证 杜仲 张嘴 张口 田野 熊掌
李子 雷声 钱财 安全性 温馨 白银 蓝图 宣传部 殷勤 陈旧 祝福 严正 高昂 庄园 顾忌 金光 高超 胡椒
夏威夷 张罗 徐徐 高雅 常青 张家口 张家界 韩文 韩语 卫冕 古董 金刚石 熊猫 钟声 乔治 陶醉 任凭
高新区 卢森堡 张扬 温柔 高喊 周密 金石 盖子 白昼 权贵 毛发 周全 白痴 张望 柳树 易经 许诺 高加索
祖母 边远 巴结 雷阵雨 莫过 任性 华为 高悬 马背 马刺 孙女 祖母 岳母 权衡 洪亮 鲁莽 盛世 石阶 沙特
高丽 祖父母 苏醒 利剑 荆棘 周详 容颜 华裔 惠普 安全感 冷清 索引 师承 高尔夫 马虎 许可 向晚 高调
高仿 高清 高考 高票 万分 关照 关机 关门 单价 单据 单号 单子 包邮 充值 查收 查账 查号 查单 查票
车票 车次 车厢 车费 应缴 金额 余额 余票 满减 满意 满足 练习 管用 易碎 付清 付完 连线 安检 安装
安卓 程式 官网 官微 唐山 许昌 章丘 金山 常熟 江阴 左右 白等 白跑 任选 任意 单独 单身 方式 方法
于今 时候 马桶 游玩 路程 路费 成交 成本
"""
_NAMES_AFTER_ALL = {"程志"}
# Least frequencies: of words of two characters, of three, of beginnings and of endings.
_PAIR, _THREE, _BEGINNING, _ENDING = 15, 5, 100, 40
_HEADER = """\
# Chinese words that look like a person's name, Simplified: those of two or three characters that
# begin with a surname; frequent ones of two, with which no name begins; those of two that end in
# a surname. From the dictionary of jieba 0.42.1 (github.com/fxsjy/jieba, MIT licence, (c) 2013 Sun
# Junyi), by tests/support/safekeeping/ordinary_words.py."""


def words(lines: list[str]) -> tuple[set[str], set[str], set[str]]:
    """Words that look like a name, that begin like one, and that end in a surname."""
    names, beginnings, endings = (
        set(NO_NAMES.split()),
        set(_BEGINNINGS.split()),
        {"感谢", "谢谢", "多谢"},
    )
    for line in lines:
        word, frequency, kind = line.split()
        if kind.startswith("nr") or word in _NAMES_AFTER_ALL:
            continue
        least = {2: _PAIR, 3: _THREE}.get(len(word))
        if word[0] in SURNAMES and least and int(frequency) >= least:
            names.add(word)
        # "家" stands in many given names, as in 黄家豪.
        if word[0] in SURNAMES and len(word) == 2 and word[1] != "家":
            beginnings.update([word] if int(frequency) >= _BEGINNING else [])
        if word[-1] in SURNAMES and len(word) == 2 and int(frequency) >= _ENDING:
            endings.add(word)
    return names, beginnings, endings


def main() -> None:
    blocks = words(Path(sys.argv[1]).read_text("utf-8").splitlines())
    filled = (textwrap.fill(" ".join(sorted(block)), 50) for block in blocks)
    print(_HEADER, *filled, sep="\n\n")


if __name__ == "__main__":
    main()
