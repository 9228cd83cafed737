"""The rows of the academy: nouns only, the verbs are in `academy.domain`."""

from academy.models.alerts import Alert
from academy.models.attachments import Attachment
from academy.models.attendance import Attendance, DoorLink, Half, RollTap, RoomCode, SheetHead, Signature, Signer, Way
from academy.models.cycles import Cycle
from academy.models.documents import (
    Audience,
    Change,
    ContentHead,
    Document,
    Edition,
    HidingReason,
    Kind,
    Rendering,
    Revision,
    edition_topic,
)
from academy.models.enrolment_questions import Answer, EnrolmentQuestion, PendingAnswers, QuestionKind
from academy.models.enrolments import Ending, Enrolment, EnrolmentStatus, Invitation
from academy.models.mails import MailText, PersonalAgenda, Reminder, ReminderKind
from academy.models.people import OrganisationKind, Person, Purpose, Role, SignIn, SignInHead, Ticket
from academy.models.places import ContentFile, Speaker, Topic, Venue
from academy.models.records import AuditEntry, OutboxMessage, SentMail
from academy.models.searches import Pin, Question, Synonym, Wish
from academy.models.sessions import (
    CLOSING_SOON,
    QUOTAS_END,
    Access,
    CycleSession,
    Mode,
    SessionState,
    SessionStatus,
    session_speaker,
    session_state,
)

__all__ = [
    "CLOSING_SOON",
    "QUOTAS_END",
    "Access",
    "Alert",
    "Answer",
    "Attachment",
    "Attendance",
    "Audience",
    "AuditEntry",
    "Change",
    "ContentFile",
    "ContentHead",
    "Cycle",
    "CycleSession",
    "Document",
    "DoorLink",
    "Edition",
    "Ending",
    "Enrolment",
    "EnrolmentQuestion",
    "EnrolmentStatus",
    "Half",
    "HidingReason",
    "Invitation",
    "Kind",
    "MailText",
    "Mode",
    "OrganisationKind",
    "OutboxMessage",
    "PendingAnswers",
    "Person",
    "PersonalAgenda",
    "Pin",
    "Purpose",
    "Question",
    "QuestionKind",
    "Reminder",
    "ReminderKind",
    "Rendering",
    "Revision",
    "Role",
    "RollTap",
    "RoomCode",
    "SentMail",
    "SessionState",
    "SessionStatus",
    "SheetHead",
    "SignIn",
    "SignInHead",
    "Signature",
    "Signer",
    "Speaker",
    "Synonym",
    "Ticket",
    "Topic",
    "Venue",
    "Way",
    "Wish",
    "edition_topic",
    "session_speaker",
    "session_state",
]
