"""What tools of one server share: topics for those that say nothing, openings that tell none apart."""

from catalog.records import Assessment, ServerContext, ToolDefinition
from catalog.vocabulary import Category
from classifier.assess import assess_tools
from classifier.siblings import read_openings, read_topics, server_context
from classifier.view import ToolView

OPENING = "Execute the Acme Queue operation"
DOING = ("create", "delete", "list", "send", "purge")
QUEUE = [ToolDefinition(f"{verb}_queue", description=f"{OPENING} {verb}_queue.") for verb in DOING]


def test_opening_that_different_tools_share_is_stepped_over() -> None:
    context = server_context("acme", None, QUEUE)
    assert ToolView(QUEUE[0], context).start == len(OPENING.split())
    judged = {tool.name: found.category for tool, found in zip(QUEUE, assess_all(QUEUE, context), strict=True)}
    assert judged["create_queue"] is Category.WRITE
    assert judged["delete_queue"] is Category.DESTRUCTIVE
    assert judged["list_queue"] is Category.READ


def assess_all(tools: list[ToolDefinition], context: ServerContext) -> list[Assessment]:
    return assess_tools([(tool, context) for tool in tools])


def test_opening_of_tools_that_do_the_same_tells_what_they_do() -> None:
    same = [ToolDefinition(f"get_{thing}", description=f"Get the current {thing}.") for thing in "abcdef"]
    assert read_openings(same) == ()


def test_topics_are_nouns_that_several_names_share() -> None:
    tools = [ToolDefinition(name) for name in ("get_wallet", "open_wallet", "list_keys")]
    assert read_topics(tools) == ("wallet",)


def test_openings_of_a_huge_server_are_bounded() -> None:
    tools = [
        ToolDefinition(f"{verb}_{at}", description=f"Part {at} of the house does what {verb} says in room {at}.")
        for at in range(2_000)
        for verb in DOING
    ]
    assert len(read_openings(tools)) <= 64
