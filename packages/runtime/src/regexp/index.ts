export { compileRegex, type EncodedText, type RegexProgram } from "./compile-regex.ts";
export { RegexFault, type RegexSyntax } from "./syntax.ts";
