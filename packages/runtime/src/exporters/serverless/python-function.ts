import { type BundleFile, containerSettingsText, type Deployment, pythonPackageName } from "../../bundle/index.ts";

/** `app/handler.py`: what AWS Lambda calls, with the settings that it reads. */
export function pythonLambda(deployment: Deployment): readonly BundleFile[] {
  return [
    { path: "app/handler.py", content: moduleText(deployment, "AWS Lambda calls handler: EventBridge wakes it, and the function's URL hands it deliveries.", "lambda_handler", "handler") },
    ...functionSettings(deployment),
  ];
}

/** `app/main.py`: what the Functions Framework calls, where Google's builder looks for it. */
export function pythonGoogleFunction(deployment: Deployment): readonly BundleFile[] {
  return [
    { path: "app/main.py", content: moduleText(deployment, "The Functions Framework calls wake: Cloud Scheduler wakes it by POST to /wake, and all else is a delivery.", "google_function", "wake") },
    ...functionSettings(deployment),
  ];
}

/** In the place of the package's own: a function has no other disk. */
function functionSettings(deployment: Deployment): readonly BundleFile[] {
  return [{ path: `app/${deployment.settingsFile}`, content: containerSettingsText(deployment) }];
}

function moduleText({ name }: Deployment, says: string, made: string, called: string): string {
  return `"""${says}"""

from pathlib import Path

from offstage.command_line import ${made}

${called} = ${made}(Path(__file__).resolve().parent, "${pythonPackageName(name)}")
`;
}
