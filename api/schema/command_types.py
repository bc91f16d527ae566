"""From the domain's command declarations to GraphQL: each command's input, its errors, and what it answers."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, get_args

import msgspec
import strawberry
from msgspec import Meta
from msgspec.structs import FieldInfo
from strawberry import Private

import domain.commands  # noqa: F401 - fills the registry
from api.context import Info
from api.schema.conversations import Conversation
from api.schema.directory import Channel, Community, Customer, Operator, Team
from api.schema.enums import DESCRIBED
from api.schema.ids import NodeKind, global_id
from api.schema.reading import reading, selects
from api.schema.scalars import BigInt, DateTime, GivenDateTime
from domain.command import COMMANDS, CommandDeclaration, Fresh, Identifies, Moment
from domain.words import Subject
from projections.conversations.project import NAME as CONVERSATIONS
from projections.directory.projection import NAME as DIRECTORY
from projections.journal.projection import NAME as JOURNAL
