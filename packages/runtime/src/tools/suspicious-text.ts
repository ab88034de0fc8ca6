import { visibleLine, visibleText } from "./visible-text.ts";

/** What is odd about a text that a server gives to models and people. */
export interface Suspicion {
  /**
   * `hidden`: characters that nobody sees. `lookalike`: letters of two scripts in one word. `instruction`: speaks to a model rather than about the
   * tool. `secret-file`: names a place where secrets lie. `encoded`: a long run that only a program can read. `padding`: white space that pushes
   * what follows out of sight.
   */
  readonly kind: "hidden" | "lookalike" | "instruction" | "secret-file" | "encoded" | "padding";
  /** What was found, on one line, escaped, with a little around it. */
  readonly found: string;
}

interface Rule {
  readonly kind: Suspicion["kind"];
  readonly pattern: RegExp;
}

/** Whom a hidden deed is kept from. */
const PEOPLE = String.raw`(?:the\s+)?(?:user|human|person|operator|customer|owner|admin|developer|anyone|anybody|them)s?`;

/** Where keys, tokens and the configs of clients lie. */
const SECRET_PLACE = String.raw`["'\`]?(?:(?:~|\$HOME|%USERPROFILE%|/root|/home/\w{1,32})[/\\]\.(?:ssh|aws|gnupg|kube|docker|config|cursor|claude|npmrc|netrc|pypirc|env|git-credentials|bash_history|zsh_history)\b|/etc/(?:passwd|shadow|sudoers)\b|\.aws/credentials|\.cursor/mcp\.json|claude_desktop_config\.json|internal://credentials)`;

/** Patterns are of bounded width, so that a hostile text costs no more than its length. */
const RULES: readonly Rule[] = [
  { kind: "hidden", pattern: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e01ef}]/u },
  // Selectors and joiners belong to emoji; in a row, or between letters, they carry something.
  { kind: "hidden", pattern: /[\ufe00-\ufe0f]{2}|[A-Za-z]\u200d|\u200d{2}/u },
  { kind: "lookalike", pattern: /(?=\p{L}{0,40}\p{Script=Latin})(?=\p{L}{0,40}\p{Script=Cyrillic})\p{L}{3,40}/u },
  { kind: "instruction", pattern: /\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,4}?(?:previous|prior|above|earlier|preceding|all|any|other|existing|original|system|your|safety)\s+(?:\w+\s+){0,3}?(?:instruction|prompt|rule|direction|guideline|command|policy|policies|restriction|constraint|training)s?\b/i },
  { kind: "instruction", pattern: new RegExp(String.raw`\b(?:do\s+not|don['’]?t|never|must\s+not|should\s+not|avoid|without)\s+(?:\w+\s+){0,3}?(?:tell|telling|mention|mentioning|inform|informing|reveal|revealing|disclose|disclosing|notify|notifying|alert|alerting|warn|warning|show|showing|explain|explaining|say)\b[^.\n]{0,80}?\b(?:to\s+)?${PEOPLE}\b`, "i") },
  { kind: "instruction", pattern: new RegExp(String.raw`\b(?:hide|conceal|keep)\b[^.\n]{0,40}\b(?:secret\s+from|hidden\s+from|from)\s+${PEOPLE}\b`, "i") },
  { kind: "instruction", pattern: new RegExp(String.raw`${PEOPLE}\s+(?:must|should|may|does|can|will)\s+(?:not|never)\s+(?:know|see|notice|be\s+(?:told|aware|informed))\b`, "i") },
  { kind: "instruction", pattern: /<\/?\s*(?:important|system|secret|hidden|critical|urgent|instructions?|admin|override|assistant|prompt|sys|inst|user_query)\b[^>\n]{0,40}>|\[\/?(?:system|inst|important|admin|hidden)\]|<\|(?:im_start|im_end|system|endoftext)\|?>|<!--/i },
  { kind: "instruction", pattern: /\byou\s+are\s+(?:now|no\s+longer)\s+(?:a|an|in|the|bound|restricted)\b|\bnew\s+(?:system\s+)?instructions?\s*:|\b(?:developer|god|dan|jailbreak)\s+mode\b/i },
  { kind: "instruction", pattern: /\b(?:reveal|print|output|repeat|send|include|pass|append|forward|provide|attach|copy)\b[^.\n]{0,60}\b(?:system\s+prompt|(?:chat|conversation|message)\s+history|previous\s+(?:messages|tool\s+(?:calls|outputs|results))|(?:entire|full|whole|complete)\s+(?:chat|conversation|context))\b/i },
  { kind: "instruction", pattern: /\b(?:before|prior\s+to|when(?:ever)?|every\s+time|each\s+time)\s+(?:\w+\s+){0,3}?(?:using|calling|invoking|running|executing|use|call)\s+(?:this|any|other|another|all|every)\s+(?:other\s+)?tools?\b[^.\n]{0,80}\b(?:read|access|send|pass|open|include|check)\b[^.\n]{0,60}(?:~|\/|['"`]|\bfile|\bresource|\bcredential)/i },
  { kind: "instruction", pattern: /\b(?:always|must|only)\s+(?:use|call|prefer|choose|select)\s+this\s+tool\s+(?:instead|over|rather|before|first)\b|\binstead\s+of\s+(?:any|all|every)\s+other\s+tools?\b/i },
  { kind: "instruction", pattern: /\b(?:all|any|every|each)\s+(?:\w+\s+)?(?:commands?|emails?|messages?|requests?)\s+(?:must|should|has\s+to|have\s+to)\s+be\s+(?:\w+\s+)?(?:prefixed|prepended|relayed|forwarded|routed|redirected|bcc'?d)\b/i },
  { kind: "instruction", pattern: /\b(?:read|pass|send|include|provide|put|append|copy|upload|forward|exfiltrate)\b[^.\n]{0,60}\b(?:its\s+contents?|the\s+contents?|contents?\s+of)\b[^.\n]{0,60}\b(?:as|in|into|to|via)\s+(?:the\s+)?['"`]?(?:side_?note|note|context|metadata|feedback)\b/i },
  { kind: "instruction", pattern: /\b(?:otherwise|or\s+else|failure\s+to\s+do\s+so)\b[^.\n]{0,60}\b(?:tool|system|application)\b[^.\n]{0,30}\b(?:will\s+not\s+work|won['’]?t\s+work|will\s+(?:crash|break|lock)|be\s+(?:lost|deleted|shut))/i },
  { kind: "secret-file", pattern: new RegExp(String.raw`(?:^\s*|\b(?:read|open|access|cat|load|include|fetch|get|send|copy|upload|pass|print|return|contents?|files?|also)\b[^.\n]{0,40})${SECRET_PLACE}`, "i") },
  { kind: "secret-file", pattern: /id_(?:rsa|ed25519|ecdsa|dsa)(?![a-z])/i },
  { kind: "encoded", pattern: /(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{0,80}\d)(?=[A-Za-z0-9+/]{0,80}[a-z])(?=[A-Za-z0-9+/]{0,80}[A-Z])[A-Za-z0-9+/]{80,}={0,2}|(?:\\x[0-9a-f]{2}){12,}|(?:%[0-9a-f]{2}){12,}|\b[0-9a-f]{96,}\b/i },
  { kind: "padding", pattern: /[^\S\n]{60}|(?:\n[^\S\n]{0,60}){12}/ },
];

const AROUND = 30;
/** UTF-16 units that are looked at; longer texts are odd enough to be told as one. */
const LONGEST_TEXT = 100_000;

/**
 * What is odd about a text: each kind at most once. A warning, no proof: an honest text may be flagged, and a clever one not. Pure;
 * bounded by the text's length.
 */
export function suspicions(text: string): readonly Suspicion[] {
  const looked = text.slice(0, LONGEST_TEXT);
  const found = new Map<Suspicion["kind"], Suspicion>();
  for (const { kind, pattern } of RULES) {
    const match = found.has(kind) ? null : pattern.exec(looked);
    if (match !== null) found.set(kind, { kind, found: excerpt(looked, match) });
  }
  if (text.length > LONGEST_TEXT && !found.has("padding")) found.set("padding", { kind: "padding", found: `${text.length} characters` });
  return [...found.values()];
}

function excerpt(text: string, match: RegExpExecArray): string {
  const start = Math.max(0, match.index - AROUND);
  const end = Math.min(text.length, match.index + Math.min(match[0].length, 160) + AROUND);
  const shown = text.slice(start, end).replace(/\s{8,}/g, (space) => ` (${space.length} × white space) `);
  return `${start > 0 ? "…" : ""}${visibleLine(visibleText(shown).replace(/\p{Variation_Selector}|\u200d/gu, (character) => `\\u${character.charCodeAt(0).toString(16)}`))}${end < text.length ? "…" : ""}`;
}
