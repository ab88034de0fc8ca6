/** What there is to do about a server that asks who we are. `words`: more of the command. */
export function loginHelp(server: string, words = ""): string {
  return `Where it has OAuth, log in once, then it runs by itself: \`offstage login ${server}${words}\`; else write its token into mcp.json: "headers": { "Authorization": "Bearer \${env:…}" }. A client of your own needs nobody: \`auth\` in offstage.yaml.`;
}
