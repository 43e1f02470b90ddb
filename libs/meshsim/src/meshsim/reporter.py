"""A scripted analyst: what a plain but sound report says, as a pure function of the prompt.

The prompt is the agent's: sections of JSON lines, figures by their ids, and the task `report`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_MOST = 6
_COMPONENT = """\
export default function Report({ data }) {
  const card = { border: "1px solid #d0d7de", borderRadius: 8, padding: 16, marginBottom: 16 };
  const Bar = ({ label, share, n }) => (
    <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
      <span style={{ width: 160 }}>{label}</span>
      <div style={{ width: `${2 * share * 100}px`, height: 10, backgroundColor: "#2a9d8f" }} />
      <span>{n}</span>
    </div>
  );
  return (
    <main>
      <h1>{data.title}</h1>
      <p>{data.summary}</p>
      {data.findings.map((finding, i) => (
        <section key={i} style={card}>
          <h2>{finding.title}</h2>
          <p>{finding.text}</p>
          {finding.quotes.map((quote, j) => <blockquote key={j}>{quote.text}</blockquote>)}
        </section>
      ))}
      {data.fields.map((field) => (
        <section key={field.name} style={card}>
          <h3>{field.description}</h3>
          {field.counts.map((c) => <Bar key={c.value} label={c.value} share={c.share} n={c.n} />)}
        </section>
      ))}
    </main>
  );
}
"""

Sections = Mapping[str, list[str]]


def report(text: str) -> dict[str, Any] | None:
    """Return the report that a prompt asks for; None for any other text."""
    sections = _sections(text)
    if sections.get("task", [])[:1] != ["report"] or "figures" not in sections:
        return None
    figures = {item["id"] for item in _items(sections, "figures")}
    findings = [
        _finding(field, figures, _quotes_of(field["name"], sections))
        for field in _items(sections, "fields")
    ]
    return {
        "title": "What the interviews show",
        "summary": "{{fig:interviews.completed}} of {{fig:interviews.participants}} interviews "
        "were held to their end.",
        "findings": [finding for finding in findings if finding][:_MOST],
        "component": _COMPONENT,
    }


def _finding(field: Mapping[str, Any], figures: set[str], quotes: list[str]) -> dict[str, Any]:
    name = field["name"]

    def fig(key: str) -> str:
        return f"{{{{fig:{name}.{key}}}}}"

    said = f"{fig('n')} interviews have an answer, {fig('missing')} have none."
    if f"{name}.mean" in figures:
        said += f" The mean is {fig('mean')}, the median {fig('median')}."
    if f"{name}.v1.value" in figures:
        said += f" Most often: {fig('v1.value')} ({fig('v1.n')})."
    return {"title": name.replace("_", " "), "text": said, "quotes": quotes[:2]}


def _quotes_of(name: str, sections: Sections) -> list[str]:
    return [item["id"] for item in _items(sections, "quotations") if item["field"] == name]


def _sections(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.split("\n"):
        if line.startswith("## "):
            current = found[line[3:].strip()] = []
        else:
            current.append(line.strip())
    return found


def _items(sections: Sections, name: str) -> Iterator[Mapping[str, Any]]:
    for line in sections.get(name, []):
        if line.startswith("{"):
            yield json.loads(line)
