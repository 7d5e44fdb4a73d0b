import * as pulumi from "@pulumi/pulumi";
import { TrustAnchors, type TrustAnchorsArgs } from "../../../sdk";

/** The message of the RunError that a program which declares this ends with. */
export function refusal(args: Partial<TrustAnchorsArgs>): string {
  try {
    new TrustAnchors("org", args as TrustAnchorsArgs);
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) {
      return error.message;
    }
    throw error;
  }
  throw new Error("nothing was refused");
}
