import { variableNameOf } from "../config/inputs.ts";

/** Gives every secret a variable of its own, and the same to the same secret. */
export interface VariableNames {
  /** A name for a value. `purpose` is what it is called where it stands; `server` stands before it where it would say little, or is another's. */
  take(server: string, purpose: string, value: string): string;
}

/** Names that every other server has too. */
const SAYS_LITTLE = /^(?:(?:API|ACCESS|AUTH|BEARER|SECRET|PRIVATE|CLIENT|USER|DB|DATABASE|X)_?)*(?:KEY|TOKEN|SECRET|PASSWORD|PASS|CREDENTIALS?|AUTH|AUTHORIZATION|URL|URI|DSN|COOKIE|PW|PASSCODE|OTP|SEED|SESSION|SID|CODE|ARGUMENT_\d+)S?$/;

/** `reserved` are names that something else refers to. */
export function createVariableNames(reserved: ReadonlySet<string>): VariableNames {
  const taken = new Map<string, string>();
  return {
    take(server, purpose, value) {
      const name = variableNameOf(purpose);
      const long = variableNameOf(`${server}_${purpose}`);
      const candidates = [...(SAYS_LITTLE.test(name) ? [] : [name]), long];
      for (let count = 2; ; count++) {
        for (const candidate of candidates.splice(0)) {
          if (reserved.has(candidate) || (taken.get(candidate) ?? value) !== value) continue;
          taken.set(candidate, value);
          return candidate;
        }
        candidates.push(`${long}_${count}`);
      }
    },
  };
}
