import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartialFailure, ProviderError } from "../provider/errors";
import { struct } from "./values";

/**
 * What the engine is told of a failed operation. A refusal and a failed call leave nothing unknown behind; the engine takes
 * INTERNAL and UNKNOWN for "the resource may be in any state" (pulumi/pulumi sdk/go/common/resource/plugin
 * provider_plugin.go, resourceStateAndError).
 */
export function serviceError(error: unknown, secrets: ReadonlySet<string>): Partial<ServiceError> {
  if (error instanceof PartialFailure) {
    return { code: status.UNKNOWN, details: error.message, metadata: partialState(error, secrets) };
  }
  if (error instanceof ProviderError) {
    return { code: status.FAILED_PRECONDITION, details: error.message };
  }
  const { stack, message } = error as Error;
  return { code: status.INTERNAL, details: `unexpected error in the plugin: ${stack ?? message}` };
}

/** The state that a failed operation has left, in the field that gRPC keeps for details (same file, parseError). */
function partialState({ id, properties, reasons, message }: PartialFailure, secrets: ReadonlySet<string>): Metadata {
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(struct(properties, secrets));
  detail.setReasonsList(reasons);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const failed = new Status();
  failed.setCode(status.UNKNOWN);
  failed.setMessage(message);
  failed.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(failed.serializeBinary()));
  return metadata;
}
