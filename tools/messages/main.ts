import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collect } from "./collect";
import { conditionsOf, pageOf } from "./page";

/** `npm run messages`: writes docs/messages.md anew, keeping what people wrote in it. */
const root = join(__dirname, "..", "..");
const file = join(root, "docs", "messages.md");
const earlier = existsSync(file) ? readFileSync(file, "utf8") : "";
writeFileSync(file, pageOf(collect(root), conditionsOf(earlier)));
