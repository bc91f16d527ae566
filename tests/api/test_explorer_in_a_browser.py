"""The explorer page, opened in a real browser and used as a person would use it."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.api.browser import Page, chromium, opened
from tests.api.desk import Desk, received, replied

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chromium(tmp_path_factory.mktemp("browser"))


@pytest.fixture
async def page(desk: Desk, scripts: Path) -> AsyncIterator[Page]:
    """The page of a desk, which at the end has talked to that desk's server alone."""
    async with opened(scripts, desk.server.url) as page:
        yield page
        server = urlsplit(desk.server.url).netloc
        assert {urlsplit(address).netloc for address in await page.call("asked")} == {server}


async def give(page: Page, token: str) -> None:
    await page.call("fill", "#token", token)
    await page.call("press", "#token", "Tab")


async def run(page: Page, example: str) -> None:
    await page.call("selectOption", "#examples", example)
    await page.call("click", "#run")


async def test_the_page_opens_without_a_complaint(page: Page) -> None:
    await page.shows("h1", "Deskledger")
    await page.shows("#fields", "Give a token")
    assert await page.call("inputValue", "#query") != ""
    assert await page.call("complaints") == []


async def test_who_gives_a_token_is_shown_what_can_be_asked(page: Page, desk: Desk) -> None:
    await give(page, desk.token)
    for words in ("Queries", "kpiDefinitions", "Subscriptions", "journalStream", "Mutations", "recordActions"):
        await page.shows("#fields", words)
    await page.call("click", "summary:has-text('kpiDefinitions')")
    await page.shows("details[open] p", "locale")
    assert await page.call("complaints") == []


async def test_an_example_runs_and_its_answer_is_shown_as_the_customer_wrote_it(page: Page, desk: Desk) -> None:
    text = 'Where is "my" <b>parcel</b> & 2 more?'
    last = await desk.recorded(received("c1", "i1", text, at="2026-03-02T09:00:00Z"))
    await desk.ask("query($at: BigInt) { journal(first: 1, atLeast: $at) { nodes { title } } }", {"at": str(last)})
    await give(page, desk.token)
    await run(page, "The newest of the journal")
    await page.shows("#state", "200 ·")
    await page.shows("#answer", "Customer wrote")
    await page.shows("#answer", r"Where is \"my\" <b>parcel</b> & 2 more?")
    assert not await page.call("isVisible", "#answer b")
    assert await page.call("complaints") == []


@pytest.mark.parametrize("example", ["Figures by operator", "What happened, counted"])
async def test_examples_with_variables_run_as_they_are(page: Page, desk: Desk, example: str) -> None:
    await give(page, desk.token)
    await run(page, example)
    await page.shows("#state", "200 ·")
    await page.shows("#answer", '"rows"')
    assert "errors" not in await page.call("textContent", "#answer")
    assert await page.call("complaints") == []


async def test_an_entry_that_arrives_while_the_page_follows_is_shown_and_heartbeats_are_not(
    page: Page, desk: Desk
) -> None:
    await give(page, desk.token)
    await run(page, "Follow the journal (stream)")
    await page.shows("#state", "following · 0 messages")
    assert await page.call("textContent", "#answer") == ""
    await desk.recorded(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
    await page.shows("#state", "following · 1 message ·")
    await page.shows("#answer", "Reply sent")
    await page.call("click", "#stop")
    await page.shows("#state", "stopped")
    assert not await page.call("isVisible", "#stop")
    assert await page.call("complaints") == []


async def test_figures_are_followed_too(page: Page, desk: Desk) -> None:
    await give(page, desk.token)
    await run(page, "Follow figures (stream)")
    await page.shows("#state", "following · 1 message ·")
    await page.shows("#answer", "REPLIES_SENT")
    assert await page.call("complaints") == []


async def test_a_token_that_is_not_one_and_variables_that_are_none_are_said_to_be(page: Page, desk: Desk) -> None:
    await give(page, "desk_nonsense")
    await page.shows("#state.bad", "token")
    await give(page, desk.token)
    await page.shows("#fields", "kpiDefinitions")
    assert await page.call("textContent", "#state") == ""
    await page.call("fill", "#variables", "{")
    await page.call("click", "#run")
    await page.shows("#state.bad", "The variables are no JSON")
