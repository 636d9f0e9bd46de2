"""Every table of the portal; `Model.metadata` is what the migrations are checked against."""

from db.models.appeals import Appeal, AppealPoint, AppealTerm
from db.models.audit import AuditEvent
from db.models.base import Model, table_of
from db.models.doubles import DoubleInspectorMonth, DoubleItemMonth
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
    InspectorMonth,
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
from db.models.service_keys import ServiceKey
from db.models.sign_in import (
    Authenticator,
    CodeDemand,
    ExternalAccount,
    OneTimeToken,
    RecoveryCode,
)
from db.models.standards import ChecklistRecord, ChecklistVersion, PilotStation, StandardItem
from db.models.stored_forms import StoredForm
from db.models.training import (
    ExamAttempt,
    TrainingCourse,
    TrainingEffect,
    TrainingEnrolment,
    TrainingPlan,
    TrainingPlanLine,
    TrainingRun,
)
from db.models.training_cases import (
    CaseSet,
    CaseSetMember,
    CaseSetVersion,
    PracticeParticipant,
    PracticeRound,
    PracticeTask,
    SavedFilter,
    TrainingMark,
)

__all__ = [
    "Acknowledgement",
    "Amendment",
    "Appeal",
    "AppealPoint",
    "AppealTerm",
    "Assignment",
    "AuditEvent",
    "AuditSeal",
    "Authenticator",
    "BackupRun",
    "CaseSet",
    "CaseSetMember",
    "CaseSetVersion",
    "ChecklistRecord",
    "ChecklistVersion",
    "ClearSpan",
    "CodeDemand",
    "Customer",
    "DoubleInspectorMonth",
    "DoubleItemMonth",
    "Draft",
    "Erasure",
    "Evidence",
    "ExamAttempt",
    "ExternalAccount",
    "Finding",
    "ImportBatch",
    "Inspection",
    "InspectorItemMonth",
    "InspectorMonth",
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
    "PracticeParticipant",
    "PracticeRound",
    "PracticeTask",
    "RankingRequest",
    "RankingSnapshot",
    "RecoveryCode",
    "RetentionRule",
    "RetentionRun",
    "SamplingPlan",
    "SavedFilter",
    "ScoreCell",
    "ServiceKey",
    "Staff",
    "StaffMonth",
    "StandardItem",
    "Station",
    "StationDay",
    "StationItemMonth",
    "StationMonth",
    "StationSectionMonth",
    "StoredForm",
    "TrainingCourse",
    "TrainingEffect",
    "TrainingEnrolment",
    "TrainingMark",
    "TrainingPlan",
    "TrainingPlanLine",
    "TrainingRun",
    "Turn",
    "User",
    "UserRole",
    "table_of",
]
