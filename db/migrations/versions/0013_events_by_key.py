"""events by their keys, and what others call them"""

import hashlib
import json
import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

import db.store.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_INTERACTION = sa.table("interaction", sa.column("id"), sa.column("events", _JSON))
_VERSION = sa.table(
    "checklist_version",
    sa.column("id"),
    sa.column("state"),
    sa.column("content", _JSON),
    sa.column("content_digest"),
)
_AT_ONCE = 10_000
_LABELS = {
    "change_completed": (
        "Change completed, including any payment",
        "變更手續（含差額付款）完成",
        "变更手续（含差价支付）完成",
    ),
    "change_confirmed": (
        "Change confirmation sent",
        "發出變更確認訊息",
        "发出变更确认信息",
    ),
    "change_passed_on": (
        "System updated and dispatch told",
        "系統已更新且已通知調度部門",
        "系统已更新且已通知调度部门",
    ),
    "checked_in": (
        "Passenger is checked in",
        "旅客完成報到",
        "旅客办完值机",
    ),
    "check_in_saved": (
        "Check-in data saved in the system",
        "報到資料存入系統",
        "值机信息保存到系统",
    ),
    "complaint_raised": (
        "Customer first raises the complaint",
        "客戶首次提出不滿",
        "客户首次提出不满",
    ),
    "complaint_recognised": (
        "Case marked as a complaint",
        "案件標記為客訴",
        "案件标记为投诉",
    ),
    "received": (
        "complaint_received",
        "Complaint received",
        "收到客訴",
        "接到投诉",
        "Feedback received",
        "收到客戶回饋",
        "收到客户反馈",
        "收到投诉",
        "Problem raised by the customer",
        "客戶提出問題",
        "客户提出问题",
        "Work order submitted",
        "工單提交",
        "工单提交",
    ),
    "first_response": (
        "Customer told that the complaint is accepted",
        "告知客戶已受理",
        "告知客户已受理",
        "Agent's first answer",
        "客服人員首次回應",
        "客服人员首次响应",
        "First response sent",
        "發出首次回應",
        "发出首次响应",
        "Answer given to the customer",
        "向客戶作出回應",
        "向客户作出响应",
        "First response",
        "首次回應",
        "首次响应",
    ),
    "progress_told": (
        "Previous progress notice (or first response)",
        "上一次告知客戶進度（或首次回應）",
        "上一次告知客户进度（或首次响应）",
        "Next progress notice",
        "下一次告知客戶進度",
        "下一次告知客户进度",
    ),
    "feedback_passed_on": (
        "Responsible department has the feedback",
        "權責部門收到回饋",
        "责任部门收到反馈",
    ),
    "enquiry_received": (
        "Enquiry received",
        "客戶提出諮詢",
        "客户提出咨询",
        "Enquiry or complaint received",
        "收到詢問或客訴",
        "收到咨询或投诉",
    ),
    "exact_answer_given": (
        "Exact answer given",
        "給予客戶確切答覆",
        "给予客户准确答复",
    ),
    "executed": (
        "Complaint handling finished",
        "客訴處理完成",
        "投诉处理完成",
        "Handling finished",
        "處理完成",
        "处理完成",
        "Problem handling finished",
        "問題處理完成",
        "问题处理完成",
        "Problem solved",
        "問題解決",
        "问题解决",
    ),
    "severity_set": (
        "Nature and severity recorded",
        "記錄性質與嚴重程度",
        "记录性质与严重程度",
        "Nature and severity determined",
        "判定性質與嚴重程度",
        "判定性质与严重程度",
    ),
    "superior_told": (
        "Superior informed",
        "向主管通報",
        "向上级汇报",
    ),
    "told": (
        "Result told to the customer",
        "將結果告知客戶",
        "将结果告知客户",
        "告知客戶處理結果",
        "告知客户处理结果",
    ),
    "service_completed": (
        "Service completed",
        "服務完成",
        "服务完成",
        "Service completed (may be set to survey completed)",
        "服務完成（可改設為調查完成）",
        "服务完成（可改设为调查完成）",
    ),
    "confirmation_call_made": (
        "Confirmation call made",
        "完成電話確認",
        "完成电话确认",
    ),
    "confirmation_received": (
        "Text message or e-mail confirmation received",
        "客戶收到簡訊或電子郵件確認",
        "客户收到短信或电子邮件确认",
    ),
    "outcome_handled": (
        "Outcome fed back and handled",
        "結果已回覆並處理完畢",
        "结果已反馈并处理完毕",
    ),
    "survey_completed": (
        "Survey completed",
        "完成滿意度調查",
        "完成满意度调查",
    ),
    "survey_reported": (
        "Survey result reported",
        "回報調查結果",
        "反馈调查结果",
    ),
    "follow_up_completed": (
        "Response, feedback and handling each completed",
        "回應、回饋、處理各自完成",
        "响应、反馈、处理各自完成",
    ),
    "assigned": (
        "Feedback taken in hand",
        "著手處理客戶回饋",
        "着手处理客户反馈",
    ),
    "data_given": (
        "Customer gives the data",
        "客戶提供資料",
        "客户提供信息",
    ),
    "data_saved": (
        "Data saved in the system",
        "資料存入系統",
        "信息保存到系统",
    ),
    "data_obtained": (
        "Sending side has the data",
        "傳遞方取得資料",
        "传递方取得信息",
    ),
    "data_passed_on": (
        "Receiving side gets the data",
        "接收方收到資料",
        "接收方收到信息",
    ),
    "payment_completed": (
        "Payment completed",
        "客戶完成付款",
        "客户完成支付",
    ),
    "booking_confirmed": (
        "Booking confirmation sent",
        "發出訂單確認訊息",
        "发出订单确认信息",
    ),
    "order_entered": (
        "Order entered in the business system",
        "訂單登錄完成",
        "订单录入完成",
    ),
    "delay_asked_about": (
        "Customer asks about the delay or cancellation",
        "客戶就延誤或取消提出詢問",
        "客户就延误或取消提出询问",
    ),
    "delay_help_begun": (
        "Information given and handling begun",
        "已提供資訊並著手處理",
        "已提供信息并着手处理",
    ),
    "profile_reviewed": (
        "Last review completed",
        "上次審核完成",
        "上次审核完成",
        "Next review completed",
        "本次審核完成",
        "本次审核完成",
    ),
    "refund_requested": (
        "Refund request submitted",
        "提交退票申請",
        "提交退票申请",
    ),
    "refund_confirmed": (
        "Refund confirmation sent",
        "發出退票確認訊息",
        "发出退票确认信息",
    ),
    "refund_entered": (
        "Request entered and Finance contacted",
        "申請已登錄且已聯繫財務部門",
        "申请已录入且已联系财务部门",
    ),
    "money_returned": (
        "Money returned to the original payment account",
        "款項退回原付款帳戶",
        "款项退回原支付账户",
    ),
    "periodic_survey_completed": (
        "Last survey completed",
        "上次調查完成",
        "上次调查完成",
        "Next survey completed",
        "本次調查完成",
        "本次调查完成",
    ),
    "change_known": (
        "Change became known",
        "得知行程變更",
        "得知行程变更",
    ),
    "change_notified": (
        "Customer notified",
        "通知客戶",
        "通知客户",
    ),
    "trip_ended": (
        "Trip ended",
        "行程結束",
        "行程结束",
    ),
    "follow_up_made": (
        "First follow-up contact",
        "首次後續聯絡",
        "首次跟进联系",
    ),
    "stage_entered": (
        "Stage entered",
        "進入該環節",
        "进入该环节",
    ),
    "stage_left": (
        "Stage left",
        "離開該環節",
        "离开该环节",
    ),
    "month_began": (
        "Month begins",
        "當月開始",
        "当月开始",
    ),
    "visits_met": (
        "Visit quota met",
        "達成拜訪目標",
        "完成走访任务",
    ),
}


def _folded(name):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()


_KEYS = {_folded(label): key for key, labels in _LABELS.items() for label in labels}


def upgrade() -> None:
    """What clocks called their events stands in stored encounters and drafts by its key."""
    op.create_table(
        "event_name",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("changed_at", db.store.base.UtcDateTime(), nullable=False),
        sa.Column("changed_by", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_event_name_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_name")),
        sa.UniqueConstraint("name", name=op.f("uq_event_name_name")),
    )
    _name_events()
    _name_clocks()


def downgrade() -> None:
    """Events keep their keys: what they were called before is not known any more."""
    op.drop_table("event_name")


def _name_events() -> None:
    connection, last = op.get_bind(), 0
    none = sa.cast(_INTERACTION.c.events, sa.Text) != "[]"
    query = sa.select(_INTERACTION).where(none).order_by(_INTERACTION.c.id).limit(_AT_ONCE)
    while rows := connection.execute(query.where(_INTERACTION.c.id > last)).all():
        last = rows[-1].id
        for row_id, events in rows:
            named = [
                {**event, "name": _key(event.get("name")) or event.get("name")} for event in events
            ]
            if named != events:
                change = _INTERACTION.update().where(_INTERACTION.c.id == row_id)
                connection.execute(change.values(events=named))


def _name_clocks() -> None:
    connection = op.get_bind()
    drafts = sa.select(_VERSION.c.id, _VERSION.c.content).where(_VERSION.c.state == "draft")
    for row_id, content in connection.execute(drafts).all():
        before = json.dumps(content, sort_keys=True)
        for clock in _clocks(content):
            for side in ("start", "stop"):
                texts = clock.get(side)
                labels = texts.values() if isinstance(texts, dict) else (texts,)
                key = next(filter(None, map(_key, labels)), None)
                if key:
                    clock.setdefault(f"{side}_event", key)
        after = json.dumps(content, sort_keys=True)
        if after != before:
            digest = hashlib.sha256(after.encode()).hexdigest()
            change = _VERSION.update().where(_VERSION.c.id == row_id)
            connection.execute(change.values(content=content, content_digest=digest))


def _clocks(content):
    """The clocks of a draft, which may be faulty."""
    sections = content.get("sections") if isinstance(content, dict) else None
    for section in sections if isinstance(sections, list) else ():
        items = section.get("items") if isinstance(section, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and isinstance(item.get("clock"), dict):
                yield item["clock"]


def _key(name):
    return _KEYS.get(_folded(name)) if isinstance(name, str) else None
