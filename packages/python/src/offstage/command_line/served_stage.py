"""A stage as it is served. Apart from it, because whoever only runs needs no server of HTTP."""

from offstage.command_line.stage import Stage
from offstage.serving import ServedStage


def served_stage(stage: Stage) -> ServedStage:
    """The package's one workflow over its stage."""
    return ServedStage(
        store=stage.store,
        host=stage.host,
        programs=[stage.program],
        configuration=stage.configuration,
        environment=stage.environment,
    )
