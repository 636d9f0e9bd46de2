"""Files that were sent to be imported, until they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Id, Key, Model, PersonalText


class UploadedFile(Model):
    """A file that comes in or waits; its bytes are kept under the account and the token.

    `heard_at` is when bytes came in last. A file of a job belongs to the job until its end.
    """

    __tablename__ = "uploaded_file"
    __table_args__ = (Index(None, "user_id", "slot"), Index(None, "heard_at"))

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    slot: Mapped[Code]
    name: Mapped[str] = mapped_column(PersonalText(255), default="")
    size: Mapped[int] = mapped_column(Id, default=0)
    heard_at: Mapped[datetime]
    complete: Mapped[bool] = mapped_column(default=False)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
