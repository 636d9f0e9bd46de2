"""Every table of the portal; `Model.metadata` is what the migrations are checked against."""

from db.models.audit import AuditEvent
from db.models.base import Model, table_of
from db.models.encounters import ClearSpan, ImportBatch, Interaction, Turn
from db.models.inspections import (
    Acknowledgement,
    Amendment,
    Assignment,
    Draft,
    Evidence,
    Finding,
    Inspection,
    SamplingPlan,
)
from db.models.organisation import LoginFailure, LoginSession, Meta, Staff, Station, User, UserRole
from db.models.photos import Photo
from db.models.rankings import Lease, RankingRequest, RankingSnapshot
from db.models.rollups import (
    InspectorItemMonth,
    ScoreCell,
    StaffMonth,
    StationDay,
    StationItemMonth,
    StationMonth,
    StationSectionMonth,
)
from db.models.safekeeping import (
    AuditSeal,
    BackupRun,
    Customer,
    Erasure,
    OpeningDay,
    RetentionRule,
    RetentionRun,
)
from db.models.sign_in import Authenticator, ExternalAccount, OneTimeToken, RecoveryCode
from db.models.standards import ChecklistRecord, ChecklistVersion, PilotStation, StandardItem

__all__ = [
    "Acknowledgement",
    "Amendment",
    "Assignment",
    "AuditEvent",
    "AuditSeal",
    "Authenticator",
    "BackupRun",
    "ChecklistRecord",
    "ChecklistVersion",
    "ClearSpan",
    "Customer",
    "Draft",
    "Erasure",
    "Evidence",
    "ExternalAccount",
    "Finding",
    "ImportBatch",
    "Inspection",
    "InspectorItemMonth",
    "Interaction",
    "Lease",
    "LoginFailure",
    "LoginSession",
    "Meta",
    "Model",
    "OneTimeToken",
    "OpeningDay",
    "Photo",
    "PilotStation",
    "RankingRequest",
    "RankingSnapshot",
    "RecoveryCode",
    "RetentionRule",
    "RetentionRun",
    "SamplingPlan",
    "ScoreCell",
    "Staff",
    "StaffMonth",
    "StandardItem",
    "Station",
    "StationDay",
    "StationItemMonth",
    "StationMonth",
    "StationSectionMonth",
    "Turn",
    "User",
    "UserRole",
    "table_of",
]
