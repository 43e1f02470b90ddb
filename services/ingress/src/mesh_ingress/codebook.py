"""The codebook: what every column of the results means, as JSON, CSV or Markdown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mesh_ingress import problems
from mesh_ingress.models import Campaign
from mesh_ingress.problems import documented
from mesh_ingress.reasons import FieldError
from mesh_ingress.result_files import file_name, schema_of
from mesh_ingress.result_tables import Wide
from mesh_ingress.services import CaughtUp, behind_the_position
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.log import subjects
from meshtables.spss_names import codes_of, variable_names
from meshtables.table import Cell, Column, Kind
from meshtables.text_files import CsvWriter

router = APIRouter()


_NO_FORMAT = FieldError("format", "Input should be 'json', 'csv' or 'md'", "send one of them")
_EXAMPLE: dict[str, Any] = {
    "campaign_id": "0198c7a2-6f10-7cc0-8d5e-3f2b1a9c4d11",
    "campaign": "Gas station feasibility - Yas Island",
    "variables": [
        {
            "field": "fuel",
            "column": "fuel",
            "spss_variable": "fuel",
            "type": "enum",
            "description": "What they refuel",
            "required": True,
            "minimum": None,
            "maximum": None,
            "values": [{"code": 1, "value": "petrol"}, {"code": 2, "value": "diesel"}],
        }
    ],
}


class CodebookFormat(StrEnum):
    """How the codebook is wanted."""

    JSON = "json"
    CSV = "csv"
    MD = "md"


class Code(BaseModel):
    """A value of a choice, and the number that stands for it in SPSS files."""

    code: int
    value: str


class Variable(BaseModel):
    """One column of the results."""

    field: str | None = Field(description="The schema's field; null for what is no field.")
    column: str = Field(description="In CSV, JSONL, Parquet and Excel.")
    spss_variable: str = Field(description="In SPSS files.")
    type: str
    description: str
    required: bool | None
    minimum: float | None
    maximum: float | None
    values: list[Code]


class Codebook(BaseModel):
    """What every column of a campaign's results means."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    campaign_id: str
    campaign: str
    variables: list[Variable]


@router.get(
    "/campaigns/{campaign_id}/codebook",
    summary="Explain the columns of the results",
    response_model=Codebook,
    responses={
        200: {
            "description": "The codebook.",
            "content": {
                "text/csv": {"schema": {"type": "string"}, "example": "field,column,type,..."},
                "text/markdown": {"schema": {"type": "string"}, "example": "# Codebook"},
            },
        },
        **documented(
            invalid=problems.invalid([_NO_FORMAT]),
            unknown=problems.unknown("campaign"),
            read_side_behind=behind_the_position(),
            read_side_unavailable=problems.read_side_unavailable(),
        ),
    },
)
async def codebook(
    campaign_id: UUID,
    behind: CaughtUp,
    form: Annotated[
        CodebookFormat, Query(alias="format", description="JSON, a table or a text.")
    ] = CodebookFormat.JSON,
) -> Response:
    """Every column with its field, type, description and values, and its name in SPSS files."""
    campaign = await known_campaign(campaign_id, behind)
    book = codebook_of(campaign)
    if form is CodebookFormat.JSON:
        return Response(book.model_dump_json(), media_type="application/json")
    body, kind = (as_csv(book), "csv") if form is CodebookFormat.CSV else (as_markdown(book), "md")
    media_type = "text/csv" if form is CodebookFormat.CSV else "text/markdown"
    name = file_name(campaign, "codebook", kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=media_type, headers=headers)


async def known_campaign(campaign_id: UUID, behind: CaughtUp) -> Campaign:
    """The campaign, as the tables have it. If they lack it, it is unknown, or they are behind."""
    found = await behind.read_model.campaign(str(campaign_id))
    if found is not None:
        return found
    if await behind.log.last(subjects.campaign(str(campaign_id))):
        raise behind_the_position()
    raise problems.unknown("campaign")


def codebook_of(campaign: Campaign) -> Codebook:
    """The codebook of a campaign."""
    schema = schema_of(campaign)
    layout = Wide(schema)
    field_of = {column.name: name for name, column in layout.of_fields.items()}
    names = variable_names(layout.columns)
    return Codebook(
        campaign_id=campaign.id,
        campaign=campaign.name,
        variables=[
            _variable(column, name, field_of.get(column.name), schema)
            for column, name in zip(layout.columns, names, strict=True)
        ],
    )


def _variable(
    column: Column, name: str, field: str | None, schema: dict[str, FieldSpec]
) -> Variable:
    spec = schema[field] if field else None
    return Variable(
        field=field,
        column=column.name,
        spss_variable=name,
        type=spec.type if spec else column.kind,
        description=column.label,
        required=spec.required if spec else None,
        minimum=spec.minimum if spec else None,
        maximum=spec.maximum if spec else None,
        values=_codes(column, spec),
    )


def _codes(column: Column, spec: FieldSpec | None) -> list[Code]:
    if spec and spec.type is FieldType.LIST:
        return [Code(code=n, value=value) for n, value in enumerate(spec.enum or (), 1)]
    return [Code(code=int(code), value=value) for code, value in codes_of(column).items()]


_COLUMNS = tuple(
    Column(name, Kind.TEXT)
    for name in ("field", "column", "spss_variable", "type", "description", "required", "values")
)


def _shown(variable: Variable) -> Iterator[Cell]:
    yield variable.field
    yield variable.column
    yield variable.spss_variable
    yield variable.type
    yield variable.description
    yield None if variable.required is None else ("yes" if variable.required else "no")
    limits = [
        f"{name} {limit:g}"
        for name, limit in (("minimum", variable.minimum), ("maximum", variable.maximum))
        if limit is not None
    ]
    yield "; ".join([*limits, *(f"{each.code} = {each.value}" for each in variable.values)])


def as_csv(book: Codebook) -> bytes:
    """The codebook as a table."""
    sink = io.BytesIO()
    table = CsvWriter(sink, _COLUMNS)
    table.write([list(_shown(variable)) for variable in book.variables])
    table.flush()
    return sink.getvalue()


def as_markdown(book: Codebook) -> str:
    """The codebook as a text with a table."""
    head = f"# Codebook: {_cell(book.campaign)}\n\nCampaign {book.campaign_id}.\n\n"
    names = "| " + " | ".join(column.name for column in _COLUMNS) + " |\n"
    rules = "|" + "---|" * len(_COLUMNS) + "\n"
    rows = ["| " + " | ".join(map(_cell, _shown(v))) + " |\n" for v in book.variables]
    return head + names + rules + "".join(rows)


def _cell(value: Any) -> str:
    text = " ".join(str("" if value is None else value).split())
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
