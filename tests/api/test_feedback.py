"""Feedback for a vendor, of whom a team's own deployment knows none."""

import pytest

from api.caller import refused

BODY = {"targetType": "public-api", "target": "/api/public/traces", "feedback": "More examples, please.", "goal": "to filter", "referenceUrl": "https://example.com/x"}


def test_feedback_has_nowhere_to_go_and_says_so(tenant):
    for body in (BODY, {key: BODY[key] for key in ("targetType", "target", "feedback")}):
        refused(tenant.http.post("/api/public/feedback", json=body), 409, "LangfuseConflictError")


@pytest.mark.parametrize("change", [
    {"targetType": "vendor"}, {"target": ""}, {"target": "x" * 201}, {"feedback": ""}, {"feedback": "é" * 3001}, {"goal": ""}, {"goal": "x" * 1501},
    {"referenceUrl": "javascript:alert(1)"}, {"feedback": None},
])
def test_feedback_is_checked_all_the_same(tenant, change):
    refused(tenant.http.post("/api/public/feedback", json=BODY | change), 400, "InvalidRequestError")
