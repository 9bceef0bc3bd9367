"""The surnames that most people in Hong Kong, Taiwan and Macau bear, in both scripts and their usual romanisations.

One line each: traditional (and variants), simplified where it differs, then how people spell it: by Hong Kong usage, by
Taiwan's (Wade-Giles without signs), by pinyin, by the usage of Macau and of South-East Asia. Spellings stand under
several surnames; that is how it is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# The most common ones first, as far as that is known.
_TABLE: Final = """
陳陈 chan chen tan chin chean
林 lam lin lim lum lamb
黃黄 wong huang hwang vong ng
張张 cheung chang zhang cheong teo
李 lee li lei lye
王 wong wang vong
吳吴 ng wu goh
劉刘 lau liu low lao
蔡 choi tsai cai choy
楊杨 yeung yang young ieong
許许 hui hsu xu hoi hua koh
鄭郑 cheng zheng cheang tay
謝谢 tse hsieh xie che chea
洪 hung hong ang
郭 kwok kuo guo koh
邱 yau chiu qiu khoo
曾 tsang tseng zeng chang
廖 liu liao
賴赖 lai
徐 chui tsui hsu xu choi
周 chow chou zhou chau chao
葉叶 yip ip yeh ye iap
蘇苏 so su sou soh
莊庄 chong chuang zhuang chng
呂吕 lui lu lyu
江 kong chiang jiang gong
何 ho he hor
蕭萧肖 siu hsiao xiao
羅罗 law lo luo loh
高 ko kao gao kou
潘 poon pan pun phua
簡简 kan chien jian
朱 chu zhu choo
鍾钟鐘 chung zhong cheong
游 yau yu you
彭 pang peng
詹 jim chan zhan tsim
胡 wu woo hu
施 sze shih shi
沈 shum shen sum sim
余 yu yue yee
盧卢 lo lu lou loo
梁 leung liang leong
趙赵 chiu chao zhao chio
顏颜 ngan yen yan
柯 or ko ke
翁 yung weng
魏 ngai wei
孫孙 suen sun soon
戴 tai dai tye
范 fan
方 fong fang fung
宋 sung song
鄧邓 tang teng deng
杜 to tu du
傅 fu foo
侯 hau hou how
曹 cho tsao cao
薛 sit hsueh xue
丁 ting ding
卓 cheuk cho zhuo
馬马 ma mah
阮 yuen juan ruan nguyen
董 tung dong
温溫 wan wen
唐 tong tang
藍蓝 lam lan
石 shek shih shi
蔣蒋 cheung chiang jiang tseung cheong
古 koo ku gu
紀纪 kei chi ji
姚 yiu yao
連连 lin lien lian
馮冯 fung feng fong
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
黎 lai li lay
金 kam chin jin
袁 yuen yuan
夏 ha hsia xia
陸陆 luk lu
麥麦 mak mai
關关 kwan guan kuan
伍 ng wu
譚谭 tam tan tham
崔 chui tsui cui
霍 fok huo
岑 shum sum cen
甘 kam kan gan
莫 mok mo
任 yam jen ren
文 man wen
區区 au ou
韋韦 wai wei
錢钱 chin tsin chien qian
賀贺 ho hor he
駱骆 lok luo lo
萬万 man wan
郝 kok hao
賈贾 ka chia jia
鄔邬 wu
龍龙 lung loong long
尹 wan yin
倪 ngai ni
葛 kot ge ko
毛 mo mao
童 tung tong
殷 yan yin
邵 siu shao
柳 lau liu
凌 ling
秦 chun chin qin
顧顾 koo ku gu
樊 fan
祝 chuk chu zhu
俞 yu
汪 wong wang
孔 hung kung kong
向 heung hsiang xiang
屈 wat chu qu
容 yung jung rong
翟 chak tsak zhai
畢毕 but pi bi
焦 chiu jiao
冼 sin hsien xian
鄺邝 kwong kuang
符 foo fu
辛 sun hsin xin
池 chi
包 pau pao bao
鮑鲍 pau pao bao
史 sze shih shi
雷 lui lei
易 yik yi
佘 shea she
甄 yan chen zhen
勞劳 lo lao
利 lee li
苗 miu miao
丘 yau chiu qiu
舒 shu
簫箫 siu hsiao xiao
喬乔 kiu chiao qiao
熊 hung hsiung xiong
章 cheung chang zhang
武 mo wu
段 tuen tuan duan
湛 cham zhan
裴 pui pei
梅 mui mei
盛 shing sheng
管 koon kuan guan
胥 sui hsu xu
諶谌 sham chen shen
卜 puk pu bu
尚 sheung shang
車车 che ju
冉 yim jan ran
席 chik hsi xi
藺蔺 lun lin
練练 lin lien lian
植 chik chih zhi
"""
_COMPOUND: Final = """
司徒 szeto situ
歐陽欧阳 auyeung ouyang
諸葛诸葛 chukot zhuge chuko
上官 sheungkwoon sheungkuan shangguan
司馬司马 szema sima
端木 tuenmuk duanmu
尉遲尉迟 wattchi yuchi
夏侯 hahau xiahou
皇甫 wongpo huangfu
公孫公孙 kungsuen gongsun
張簡张简 changchien zhangjian
范姜 fanchiang fanjiang
"""


def _tables() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    folded: dict[str, str] = {}
    spelled: dict[str, tuple[str, ...]] = {}
    lines = ((line, size) for table, size in ((_TABLE, 1), (_COMPOUND, 2)) for line in table.strip().split("\n"))
    for line, size in lines:
        signs, *spellings = line.split()
        forms = [signs[place : place + size] for place in range(0, len(signs), size)]
        for form in forms:
            folded.setdefault(form, forms[0])
        one = folded[forms[0]]
        spelled[one] = tuple(dict.fromkeys((*spelled.get(one, ()), *spellings)))
    return folded, spelled


def _meant() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for sign, spellings in _SPELLED.items():
        for spelling in spellings:
            found.setdefault(spelling, []).append(sign)
    return {spelling: tuple(signs) for spelling, signs in found.items()}


_FOLDED, _SPELLED = _tables()
FOLDED: Final = MappingProxyType(_FOLDED)
"""Each way of writing a surname, to one of them."""
SPELLED: Final = MappingProxyType(_SPELLED)
"""The usual Latin spellings of each."""
MEANT: Final = MappingProxyType(_meant())
"""Each Latin spelling, to all the surnames that it stands for: Wong to 黃 and 王, Ip and Yip to 葉."""
RANK: Final = MappingProxyType(
    {spelling: min(list(_SPELLED).index(sign) for sign in signs) for spelling, signs in MEANT.items()}
)
"""How common the most common surname is that a spelling stands for: the smaller, the more people bear it."""
REVISION: Final = 0
"""Raised with every change of the tables, up to 7: what they say of a name then counts over what they said before."""
