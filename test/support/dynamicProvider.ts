import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import type * as Grpc from "@grpc/grpc-js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

const ROOT = path.resolve(__dirname, "../..");
/** The SDK's own gRPC and messages; outside of Jest's registry there is one copy of each. */
const required = createRequire(require.resolve("@pulumi/pulumi"));

interface Message {
  getProperties?(): Struct | undefined;
  setArgs?(args: Struct): void;
  setId?(id: string): void;
  getId?(): string;
  setProperties?(properties: Struct): void;
}

/** The dynamic provider's process as the engine starts it, called by its own protocol: as many calls at once as a test wants. */
export class DynamicProvider {
  private readonly structs = required("google-protobuf/google/protobuf/struct_pb") as { Struct: typeof Struct };
  private readonly messages = required("@pulumi/pulumi/proto/provider_pb") as Record<string, new () => Message>;

  private constructor(
    private readonly process: ChildProcess,
    private readonly client: Grpc.Client & Record<string, unknown>,
  ) {}

  /** Starts it and configures it, as the engine does before anything else. */
  static async start(config: Record<string, string>): Promise<DynamicProvider> {
    const script = required.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    // The engine's address is only for programs; a provider of this package never calls back.
    const child = spawn(process.execPath, [script, "127.0.0.1:1"], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const grpc = required("@grpc/grpc-js") as typeof Grpc;
    const { ResourceProviderClient } = required("@pulumi/pulumi/proto/provider_grpc_pb") as {
      ResourceProviderClient: new (...args: unknown[]) => Grpc.Client & Record<string, unknown>;
    };
    const client = new ResourceProviderClient(`127.0.0.1:${port.trim()}`, grpc.credentials.createInsecure());
    const provider = new DynamicProvider(child, client);
    const request = provider.message("ConfigureRequest");
    request.setArgs?.(provider.struct(config));
    await provider.call("configure", request);
    return provider;
  }

  /** Reads a resource by what state holds of it; answers its outputs, or undefined where it is gone. */
  async read(id: string, properties: Record<string, unknown>): Promise<Record<string, unknown> | undefined> {
    const answer = await this.call("read", this.resource("ReadRequest", id, properties));
    return answer.getId?.() ? (answer.getProperties?.()?.toJavaScript() as Record<string, unknown>) : undefined;
  }

  async delete(id: string, properties: Record<string, unknown>): Promise<void> {
    await this.call("delete", this.resource("DeleteRequest", id, properties));
  }

  async stop(): Promise<void> {
    this.client.close();
    this.process.kill();
    await once(this.process, "exit");
  }

  private resource(type: string, id: string, properties: Record<string, unknown>): Message {
    const request = this.message(type);
    request.setId?.(id);
    request.setProperties?.(this.struct(properties));
    return request;
  }

  private call(method: string, request: Message): Promise<Message> {
    return new Promise((resolve, reject) => {
      const callback = (error: Error | null, answer: Message) => (error ? reject(error) : resolve(answer));
      (this.client[method] as (request: Message, callback: unknown) => void).call(this.client, request, callback);
    });
  }

  private message(type: string): Message {
    return new (this.messages[type] as new () => Message)();
  }

  private struct(value: Record<string, unknown>): Struct {
    return this.structs.Struct.fromJavaScript(value as never);
  }
}
