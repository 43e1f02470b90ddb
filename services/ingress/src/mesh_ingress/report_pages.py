"""A report as a page that any browser shows: no script, and every word escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh_ingress.report_models import CampaignReport

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem;
  color: #1f2328; }
blockquote { margin: .5rem 0; padding-left: 1rem; border-left: 3px solid #d0d7de; color: #57606a; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .2rem .5rem .2rem 0; vertical-align: top; }
td.n { text-align: right; width: 6rem; } td.bar { width: 40%; }
td.bar div { background: #2a9d8f; height: .8rem; border-radius: 2px; }
.note { color: #57606a; font-size: .9rem; }
"""
_SPREAD = ("mean", "median", "q1", "q3", "min", "max")
_MISSING = ("missing", "vague", "refused")


def page_of(report: CampaignReport) -> str:
    """The whole page."""
    title = str(report.data["title"]) if report.data else "Report"
    body = "\n".join(_body(report))
    return (
        '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body dir="auto">\n{body}\n</body>\n</html>\n'
    )


def _body(report: CampaignReport) -> Iterator[str]:
    if report.status == "requested":
        yield "<h1>Report</h1><p>The report is being written. Load this page again in a while.</p>"
    elif report.data is None:
        yield "<h1>Report</h1><p>There is no report:</p>"
        yield _list(report.reasons)
    else:
        yield from _written(report.data)
        if report.reasons:
            yield "<h2>What was left out</h2>"
            yield _list(report.reasons)
        yield f'<p class="note">Written {escape(f"{report.finished_at:%Y-%m-%d %H:%M}")} UTC.</p>'


def _written(data: dict[str, Any]) -> Iterator[str]:
    yield f"<h1>{_text(data['title'])}</h1>"
    yield f"<p>{_text(data['summary'])}</p>"
    for finding in data["findings"]:
        yield f"<h2>{_text(finding['title'])}</h2>"
        yield f"<p>{_text(finding['text'])}</p>"
        for quote in finding["quotes"]:
            yield f"<blockquote>{_text(quote['text'])}</blockquote>"
    yield f"<h2>Participants: {data['participants']}</h2>"
    yield _bars(data["statuses"])
    yield f"<h2>Interviews: {data['interviews']}</h2>"
    for field in data["fields"]:
        yield f"<h3>{_text(field['description'])}</h3>"
        yield f'<p class="note">{_text(field["name"])}: {_text(_spread(field))}</p>'
        yield _bars(field["counts"])


def _spread(field: dict[str, Any]) -> str:
    found = [f"n {field['n']}"]
    found += [f"{name} {field[name]}" for name in _MISSING if field[name]]
    found += [f"{name} {_number(field[name])}" for name in _SPREAD if field[name] is not None]
    if field["other"]:
        found.append(f"other values {field['other']}")
    return ", ".join(found)


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _bars(counts: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{_text(count['value'])}</td>"
        f'<td class="bar"><div style="width:{_percent(count["share"])}%"></div></td>'
        f'<td class="n">{count["n"]} ({_percent(count["share"])} %)</td></tr>'
        for count in counts
    )
    return f"<table>{rows}</table>"


def _percent(share: float) -> int:
    return round(100 * min(max(share, 0.0), 1.0))


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in items)}</ul>"


def _text(text: object) -> str:
    return escape(str(text))
