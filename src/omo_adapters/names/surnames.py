"""The surnames that most people in Hong Kong, Taiwan and Macau bear, in both scripts and their usual romanisations.

One line each: traditional (and variants), simplified where it differs, then how people spell it: by Hong Kong usage, by
Taiwan's (Wade-Giles without signs), by pinyin. Spellings stand under several surnames; that is how it is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_TABLE: Final = """
陳陈 chan chen tan
林 lam lin lim
黃黄 wong huang hwang
張张 cheung chang zhang
李 lee li
王 wong wang
吳吴 ng wu
劉刘 lau liu low
蔡 choi tsai cai choy
楊杨 yeung yang young
許许 hui hsu xu
鄭郑 cheng zheng
謝谢 tse hsieh xie
洪 hung hong
郭 kwok kuo guo
邱 yau chiu qiu
曾 tsang tseng zeng
廖 liu liao
賴赖 lai
徐 chui tsui hsu xu
周 chow chou zhou chau
葉叶 yip ip yeh ye
蘇苏 so su
莊庄 chong chuang zhuang
呂吕 lui lu lyu
江 kong chiang jiang
何 ho he
蕭萧肖 siu hsiao xiao
羅罗 law lo luo
高 ko kao gao
潘 poon pan pun
簡简 kan chien jian
朱 chu zhu
鍾钟鐘 chung zhong
游 yau yu you
彭 pang peng
詹 jim chan zhan tsim
胡 wu woo hu
施 sze shih shi
沈 shum shen sum
余 yu yue
盧卢 lo lu
梁 leung liang
趙赵 chiu chao zhao
顏颜 ngan yen yan
柯 or ko ke
翁 yung weng
魏 ngai wei
孫孙 suen sun
戴 tai dai
范 fan
方 fong fang
宋 sung song
鄧邓 tang teng deng
杜 to tu du
傅 fu foo
侯 hau hou
曹 cho tsao cao
薛 sit hsueh xue
丁 ting ding
卓 cheuk cho zhuo
馬马 ma
阮 yuen juan ruan nguyen
董 tung dong
温溫 wan wen
唐 tong tang
藍蓝 lam lan
石 shek shih shi
蔣蒋 cheung chiang jiang tseung
古 koo ku gu
紀纪 kei chi ji
姚 yiu yao
連连 lin lien lian
馮冯 fung feng
歐欧 au ou
程 ching cheng
湯汤 tong tang
田 tin tien tian
康 hong kang
姜 keung chiang jiang
白 pak pai bai
涂 to tu
鄒邹 chow tsou zou chau
巫 mo wu
尤 yau yu you
鐘钟鍾 chung zhong
龔龚 kung gong
嚴严 yim yen yan
韓韩 hon han
黎 lai li
金 kam chin jin
袁 yuen yuan
夏 ha hsia xia
陸陆 luk lu
麥麦 mak mai
關关 kwan guan
伍 ng wu
譚谭 tam tan
崔 chui tsui cui
霍 fok huo
岑 shum sum cen
甘 kam kan gan
莫 mok mo
任 yam jen ren
文 man wen
區区 au ou
司徒 szeto situ
歐陽欧阳 auyeung ouyang
"""


def _tables() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    folded: dict[str, str] = {}
    spelled: dict[str, tuple[str, ...]] = {}
    for line in _TABLE.strip().split("\n"):
        signs, *spellings = line.split()
        size = 2 if signs[:2] in ("司徒", "歐陽") else 1
        forms = [signs[place : place + size] for place in range(0, len(signs), size)]
        for form in forms:
            folded.setdefault(form, forms[0])
        one = folded[forms[0]]
        spelled[one] = tuple(dict.fromkeys((*spelled.get(one, ()), *spellings)))
    return folded, spelled


_FOLDED, _SPELLED = _tables()
FOLDED: Final = MappingProxyType(_FOLDED)
"""Each way of writing a surname, to one of them."""
SPELLED: Final = MappingProxyType(_SPELLED)
"""The usual Latin spellings of each."""
LATIN: Final = frozenset(spelling for spellings in SPELLED.values() for spelling in spellings)
"""Every Latin spelling that stands for some surname."""
