"""People's ways through the dashboard of the deployed stack: seeing what a program did, live (journey.spec.ts), and working with it
(work.spec.ts). A real SDK sends the traces meanwhile."""

import sys

import httpx
import pytest

from e2e.browser import HERE, run_in_a_browser


def media_origin(stack) -> str:
    """Where files are fetched from: an origin of its own."""
    policy = httpx.get(stack.base_url, trust_env=False).headers["content-security-policy"]
    return next(rule.split()[-1] for rule in policy.split(";") if rule.split()[:1] == ["media-src"])


@pytest.mark.parametrize("spec", ["journey.spec.ts", "work.spec.ts"])
def test_a_person_finds_what_a_program_did_and_works_with_it(stack, spec):
    run_in_a_browser(stack, spec, AGENTTRACE_PROJECT_ID=stack.project_id, AGENTTRACE_PUBLIC_KEY=stack.public_key, AGENTTRACE_SECRET_KEY=stack.secret_key,
                     TELL_STORY=f"{sys.executable} {HERE / 'tell.py'}", MEDIA_ORIGIN=media_origin(stack))
