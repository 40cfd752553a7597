"""Every table of the database. Keys are the codes that an office uses itself."""

from sqlalchemy import inspect
from sqlmodel import SQLModel

from db.tables.attendance import Leave, LeaveStep, Mark, MarkState
from db.tables.calendars import ExtraEvent, Feed, RemoteItem
from db.tables.classlife import (
    BedPlace,
    ClassBranch,
    ClassPost,
    DutyEntry,
    DutyTurn,
    ExitPermit,
    ExitStep,
    GroupPlace,
    NightCheck,
    Room,
)
from db.tables.doors import CodeKey, DoorCard, DoorEvent
from db.tables.evaluation import (
    Evaluation,
    EvaluationBallot,
    EvaluationBatch,
    EvaluationDraw,
    EvaluationForm,
    EvaluationQuestion,
    EvaluationRemark,
    EvaluationSubject,
    EvaluationTally,
)
from db.tables.needs import Application, Response, Suggestion, Survey
from db.tables.office import AuditEntry, OfficeSettings
from db.tables.outcomes import Certificate, CertificateStep, Completion, Score
from db.tables.places import AccreditationItem, Travel, Venue
from db.tables.plan import Course, SyllabusItem, Teacher, TrainingClass
from db.tables.register import (
    AlertCase,
    AttendanceFreeze,
    ChangedLater,
    Correction,
    Exemption,
    MakeUp,
    MarkBatch,
    SessionClosing,
)
from db.tables.roster import Enrolment, Person, Unavailability, Unit, UnitGroup
from db.tables.scenarios import Scenario, ScenarioSession, TimetableStep
from db.tables.timetable import Publication, PublishedSession, TrainingSession

metadata = SQLModel.metadata

# optimistic locking: an update of a row that somebody else has changed meanwhile fails
for _model in (TrainingClass, Enrolment, TrainingSession, Leave, OfficeSettings, Scenario):
    _mapper = inspect(_model)
    _mapper.version_id_col = _mapper.local_table.c.version

__all__ = [
    "AccreditationItem",
    "AlertCase",
    "Application",
    "AttendanceFreeze",
    "AuditEntry",
    "BedPlace",
    "Certificate",
    "CertificateStep",
    "ChangedLater",
    "ClassBranch",
    "ClassPost",
    "CodeKey",
    "Completion",
    "Correction",
    "Course",
    "DoorCard",
    "DoorEvent",
    "DutyEntry",
    "DutyTurn",
    "Enrolment",
    "Evaluation",
    "EvaluationBallot",
    "EvaluationBatch",
    "EvaluationDraw",
    "EvaluationForm",
    "EvaluationQuestion",
    "EvaluationRemark",
    "EvaluationSubject",
    "EvaluationTally",
    "Exemption",
    "ExitPermit",
    "ExitStep",
    "ExtraEvent",
    "Feed",
    "GroupPlace",
    "Leave",
    "LeaveStep",
    "MakeUp",
    "Mark",
    "MarkBatch",
    "MarkState",
    "NightCheck",
    "OfficeSettings",
    "Person",
    "Publication",
    "PublishedSession",
    "RemoteItem",
    "Response",
    "Room",
    "Scenario",
    "ScenarioSession",
    "Score",
    "SessionClosing",
    "Suggestion",
    "Survey",
    "SyllabusItem",
    "Teacher",
    "TimetableStep",
    "TrainingClass",
    "TrainingSession",
    "Travel",
    "Unavailability",
    "Unit",
    "UnitGroup",
    "Venue",
    "metadata",
]
