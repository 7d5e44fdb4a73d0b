import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Provider } from "./provider";
import { resourceProvider } from "./server";

/** As in Pulumi's own SDKs: a resource's properties may be far above gRPC's limit of 4 MB. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

/** Serves the engine that has started this process with its address as the last argument, and tells it the port. */
function main(args: readonly string[]): void {
  const provider = new Provider();
  const server = new Server({
    "grpc.max_receive_message_length": LARGEST_MESSAGE,
    "grpc.max_send_message_length": LARGEST_MESSAGE,
  });
  server.addService(ResourceProviderService, resourceProvider(provider));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) {
      process.stderr.write(`pulumi-resource-openai-certificates cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
  endWithEngine(server, args);
}

/** The engine holds the other end of standard input open for as long as it lives: a killed engine leaves no plugin behind. */
function endWithEngine(server: Server, args: readonly string[]): void {
  const isStartedByEngine = args.some((arg) => /^127\.0\.0\.1:\d+$/.test(arg));
  if (isStartedByEngine) {
    // Once what is under way has been answered.
    process.stdin.on("end", () => server.tryShutdown(() => process.exit(0))).resume();
  }
}

main(process.argv.slice(2));
