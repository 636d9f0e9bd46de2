"""What the customers of the demo's files tell, in the language of the station."""

from __future__ import annotations

from collections.abc import Mapping

from core.files.kinds import Kind

Story = tuple[str, str, str]
"""Class, sub-topic, words."""

STORIES: Mapping[Kind, Mapping[str, tuple[Story, ...]]] = {
    Kind.COMPLAINT: {
        "zh_TW": (
            ("booking", "refund", "三週前申請退票，至今沒有收到退款，打了兩次電話都說再等等。"),
            ("attitude", "impolite", "櫃檯人員沒有看我一眼就把護照推回來，問行李額度也不耐煩。"),
            ("baggage", "damaged", "行李箱輪子斷了，現場的人叫我自己上網填表，沒有人說明怎麼賠。"),
            ("information", "contradicting_answers", "早上說可以免費改期，下午又說要付差價。"),
            ("waiting", "phone_waiting", "在電話裡等了四十分鐘才有人接，接起來又轉走，最後斷線。"),
            ("flight", "delay", "航班延誤五小時，沒有人告訴我們可以領餐券，老人家餓著肚子等。"),
            ("special_care", "wheelchair", "訂好的輪椅沒有來，母親一個人在登機門等到最後廣播。"),
        ),
        "zh_CN": (
            ("booking", "refund", "三周前申请退票，到现在没有收到退款，打了两次电话都说再等等。"),
            ("attitude", "indifferent", "柜台的人一直在聊天，我问登机口在哪里，只用手指了一下。"),
            ("baggage", "lost", "托运行李没有到，报了两天没有人回电话，里面有父亲要吃的药。"),
            ("payment", "charged_twice", "同一张票被扣了两次款，客服说要我自己去找银行。"),
            (
                "information",
                "wrong_information",
                "客服说可以带二十三公斤，到了机场只让带二十。",
            ),
            ("waiting", "queue", "值机排队一个多小时，只开了两个柜台，差点误机。"),
            ("flight", "cancellation", "航班取消没有通知，到了机场才知道，改签又排了很久。"),
        ),
        "en": (
            ("booking", "refund", "Asked for a refund three weeks ago and was told twice to wait."),
            ("attitude", "impolite", "The agent raised her voice when I asked about the seat."),
            ("baggage", "late_baggage", "My bag came two days late and nobody called me back."),
            ("flight", "denied_boarding", "Left behind with a valid ticket, no reason was given."),
            ("payment", "invoice", "Asked four times for a receipt with the company's name."),
            ("special_care", "illness", "I felt ill at the gate and was sent from desk to desk."),
        ),
    },
    Kind.PROBLEM: {
        "zh_TW": (
            ("booking", "seat", "選好的座位在報到時不見了，一家人被分開坐。"),
            ("information", "no_answer", "寄了兩封信問寵物托運的規定，都沒有回覆。"),
            ("booking", "change", "改期之後電子機票沒有更新，手機裡還是舊的航班。"),
            ("payment", "price", "網站上的票價和付款時不一樣，多了三百元。"),
        ),
        "zh_CN": (
            ("booking", "ticketing", "付款成功但没有出票，订单一直显示处理中。"),
            ("information", "no_answer", "发了两封邮件询问婴儿票，没有回复。"),
            ("booking", "change", "改签后短信里的航班号是错的。"),
            ("payment", "invoice", "电子发票抬头写错了，申请重开没有下文。"),
        ),
        "en": (
            ("booking", "seat", "The seat I had chosen was gone at check-in."),
            ("booking", "change", "After the change my app still shows the old flight."),
            ("information", "no_answer", "Two messages about a pet in the cabin, no answer yet."),
            ("payment", "price", "The price changed between the search and the payment."),
        ),
    },
    Kind.WORK_ORDER: {
        "zh_TW": (
            ("booking", "ticketing", "請代開三張團體票，明天中午前要給旅行社。"),
            ("special_care", "child_alone", "替十歲的孩子安排單獨搭機，需要接送人的資料表。"),
            ("payment", "invoice", "請補寄三月份的收據到公司地址。"),
        ),
        "zh_CN": (
            ("booking", "ticketing", "请代开两张团队票，今天下班前给合作单位。"),
            ("special_care", "wheelchair", "请为周六的航班预订轮椅，乘客不能走楼梯。"),
            ("payment", "invoice", "请重寄上个月的发票。"),
        ),
        "en": (
            ("booking", "ticketing", "Please issue the four group tickets by noon tomorrow."),
            ("special_care", "wheelchair", "Please order a wheelchair to the gate on Saturday."),
            ("payment", "invoice", "Please send the March receipts to the company's address."),
        ),
    },
}
