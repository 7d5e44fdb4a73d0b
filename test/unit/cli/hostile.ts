import fc from "fast-check";

/** Names as somebody may type them who wants to break out: of a terminal, a page, a literal, a comment, a path, a table. */
export const HOSTILE = [
  "<script>alert(1)</script>",
  `"><img src=x onerror="document.title='broken'">`,
  "'</style><svg/onload=alert(1)>",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the attempt
  "${process.exit(1)}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the attempt
  "`${process.exit(1)}`",
  '"); process.exit(1); //',
  "*/ process.exit(1); /*",
  "line\nprocess.exit(1)",
  "line\u2028process.exit(1)",
  "a\u001b[2Jb\u009b31mc",
  "abc\u202edcba",
  "\ud800 alone",
  "../../etc/passwd",
  "..\\..\\boot.ini",
  "/etc/passwd",
  "C:\\nul",
  "a | b `c` ``d`` \\",
  "__proto__",
  "constructor",
  "",
  "   ",
  "x".repeat(5000),
  "発行認証局",
  "👩‍👩‍👧 family",
];

/** What must not reach a reader as it is; line breaks that are meant as such are no part of it. */
export const ACTING = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Any text, and often one of those. */
export const anyName = fc.oneof(fc.constantFrom(...HOSTILE), fc.string(), fc.string({ unit: "binary" }));
