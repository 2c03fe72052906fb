"""Reading names and prose: which verb a definition leads with, on what, and what it merely mentions."""

import pytest

from catalog.records import ServerContext, ToolDefinition
from classifier.actions import Source
from classifier.view import ToolView


def verbs(name: str = "x", description: str | None = None, *sources: Source) -> set[str]:
    view = ToolView(ToolDefinition(name, description=description), ServerContext("example"))
    return {action.verb for action in view.actions if not sources or action.source in sources}


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("delete_record", "delete"),
        ("deleteRecord", "delete"),
        ("record-delete", "delete"),
        ("acme_send_mail", "send"),
        ("mail_send", "send"),
        ("list_orders", "list"),
        ("order_list", "list"),
        ("get_build", "get"),
        ("run_tests", "run"),
        ("pipeline_run", "run"),
        ("HTTPDelete", "delete"),
        ("test_suite_create", "create"),
    ],
)
def test_name_leads_with_its_verb(name: str, verb: str) -> None:
    assert verbs(name, None, Source.NAME) == {verb}


def test_name_with_two_verbs_says_both() -> None:
    assert verbs("create_or_update_page", None, Source.NAME) == {"create", "update"}


def test_own_server_is_no_part_of_the_action() -> None:
    view = ToolView(ToolDefinition("post_office_delete_letter"), ServerContext("post-office"))
    assert {action.verb for action in view.actions} == {"delete"}


@pytest.mark.parametrize(
    ("description", "verb"),
    [
        ("Deletes a record.", "delete"),
        ("This tool will permanently delete a record.", "delete"),
        ("Use this when the user wants to cancel a stay.", "cancel"),
        ("Allows you to send a letter.", "send"),
        ("A tool for sending letters.", "send"),
        ("Elimina un registro.", "delete"),
        ("删除记录", "delete"),
    ],
)
def test_description_leads_with_its_verb(description: str, verb: str) -> None:
    assert verb in verbs("x", description, Source.LEAD)


@pytest.mark.parametrize(
    "description",
    [
        "Lists records. Does not delete anything.",
        "Lists records. To delete one, use delete_record.",
        "Lists records. Use delete_record to delete one.",
        "Lists records without deleting them.",
        "Lists deleted records.",
        "Never deletes a record.",
    ],
)
def test_what_is_denied_or_done_elsewhere_is_no_action(description: str) -> None:
    assert "delete" not in verbs("x", description)


@pytest.mark.parametrize(
    "description",
    [
        "Records (list, delete).",
        "Manages records with create/list/delete.",
        "CRUD for records.",
        "Actions: list, delete",
    ],
)
def test_listed_modes_are_actions(description: str) -> None:
    assert "delete" in verbs("x", description, Source.MODE)


def test_choices_of_an_action_parameter_are_modes() -> None:
    schema = {"properties": {"action": {"enum": ["list", "delete"]}, "state": {"enum": ["killed"]}}}
    view = ToolView(ToolDefinition("x", input_schema=schema), ServerContext("example"))
    assert {action.verb for action in view.actions if action.source is Source.MODE} == {"list", "delete"}
