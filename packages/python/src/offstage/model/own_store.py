"""How the starting of a run stands among calls: as one of Offstage's own, `offstage.start.<workflow>`, on the store."""

OWN_SERVER = "offstage"
"""No server is asked, whatever one in `mcp.json` is called: an effect of this kind is told by its identity."""

OWN_TARGET = "store"
"""Where such an effect is made."""


def start_tool(workflow: str) -> str:
    """The name of the starting of a workflow, for policies and for people."""
    return f"start.{workflow}"
