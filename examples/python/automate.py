"""The same program by Pulumi's Automation API, without a language host: python automate.py preview|up|drift|refresh|destroy"""

import sys

from pulumi import automation as auto

from program import program

PROJECT = "openai-certificates-python"


def main(operation: str, stack_name: str = "test") -> None:
    stack = auto.create_or_select_stack(
        stack_name, project_name=PROJECT, program=program, opts=auto.LocalWorkspaceOptions(work_dir=".")
    )
    run = {
        "preview": lambda: stack.preview(on_output=print),
        "up": lambda: stack.up(on_output=print),
        "drift": lambda: stack.preview(on_output=print, refresh=True, expect_no_changes=True),
        "refresh": lambda: stack.refresh(on_output=print),
        "destroy": lambda: stack.destroy(on_output=print),
    }
    try:
        run[operation]()
    except auto.CommandError as error:
        # Pulumi's own exit code, so that a pipeline can tell drift (7) from a failure.
        code = str(error).partition("code: ")[2].partition("\n")[0]
        sys.exit(int(code) if code.isdigit() else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
