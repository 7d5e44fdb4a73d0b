/** What is accepted: the client chains that a set of active anchors admits, and why not where it does not. */
export { anchorWarnings } from "./anchorWarnings";
export { checkFilter, filterProblem } from "./filter";
export { type ParsedClients, parseRequiredClients, type RequiredClient, type RequiredClientProblem } from "./parse";
export type { Rule } from "./rules";
export { type AnchorContent, isDecodable, type Judgement, judgePresented, type Verdict, verifyClients } from "./verify";
