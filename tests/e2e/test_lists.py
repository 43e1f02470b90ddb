"""Lists of participants, from the file to what each of them reads."""

from __future__ import annotations

import httpx

from tests.e2e.study import Study, eventually
from tests.e2e.test_privacy import all_rows, everything_on_nats, logs_and_metrics

SID = "HX" + "ab" * 16
BODY = "Hi {{1}}! Got five minutes for a study on refuelling? Where do you fill up?"


def test_whoever_is_on_an_imported_list_is_never_written_to(study: Study) -> None:
    """Neither by a campaign that exists nor by one that comes later; the list shows them."""
    out, other = study.people(2, "silent")
    before = study.create([out, other])
    table = f"phone,reason\n{out},asked by mail\n"
    headers = {"content-type": "text/csv"}
    imported = study.api.post("/suppressions", content=table, headers=headers)
    assert imported.json()["added"] == 1
    after = study.create([out, other])
    assert after["suppressed"] == 1
    for campaign in (before, after):
        assert study.api.post(f"/campaigns/{campaign['id']}/launch").status_code == httpx.codes.OK
    eventually(lambda: len(study.received_by(other)) == 2, "the other one got both openings")
    eventually(
        lambda: all(
            study.get(f"/campaigns/{campaign['id']}")["counts"]["abandoned"] == 1
            for campaign in (before, after)
        ),
        "the conversations with whoever is on the list have ended",
    )
    assert study.received_by(out) == []
    exported = study.api.get(
        "/suppressions",
        params={"format": "csv"},
        headers={"mesh-min-position": imported.headers["mesh-position"]},
    )
    assert out in exported.text.splitlines()
    assert other not in exported.text


async def test_participants_read_their_own_attributes_and_nobody_else_knows_them(
    study: Study,
) -> None:
    """They are in the message and in the directory: on the log only as what was said."""
    study.template(SID, BODY)
    phone, second = study.people(2, "silent")
    opening = {"text": BODY, "template": {"content_sid": SID, "variables": {"1": "{first_name}"}}}
    campaign = str(study.create([], opening=opening)["id"])
    table = f"phone;first_name;note\n{phone};Zuleika;pink-flamingo\n{second};Amy;\n"
    headers = {"content-type": "text/csv"}
    path = f"/campaigns/{campaign}/participants"
    dry = study.api.post(path, content=table, headers=headers, params={"dry_run": True}).json()
    assert (dry["valid"], dry["error_count"]) == (2, 0)
    assert study.api.post(path, content=table, headers=headers).json()["added"] == 2
    study.api.post(f"/campaigns/{campaign}/launch")
    eventually(lambda: all(study.received_by(each) for each in (phone, second)), "both were opened")
    assert study.received_by(phone) == [BODY.replace("{{1}}", "Zuleika")]
    assert study.received_by(second) == [BODY.replace("{{1}}", "Amy")]
    assert "pink-flamingo" not in await everything_on_nats(study.world.env["NATS_URL"])
    assert "pink-flamingo" not in await all_rows(study.world.env["DATABASE_URL"])
    assert "pink-flamingo" not in logs_and_metrics(study)
