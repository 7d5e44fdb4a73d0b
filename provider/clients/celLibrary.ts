/** The CEL library, in a file of its own that is loaded at the first filter: most programs have none. */
export * as cel from "@bufbuild/cel";
export * as extensions from "@bufbuild/cel/ext";
