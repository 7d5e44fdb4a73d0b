import {
  type Client,
  credentials,
  Server,
  ServerCredentials,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Provider } from "../../plugin/provider";
import { token } from "../../plugin/schema/types";
import { resourceProvider } from "../../plugin/server";
import { struct } from "../../plugin/values";

type Bag = Record<string, unknown>;

/** A message of the engine's log, as the engine got it. */
export interface Logged {
  readonly severity: "info" | "warning";
  readonly urn: string;
  readonly message: string;
}

export const DEFAULT_PROVIDER = "urn:pulumi:test::project::pulumi:providers:openai-certificates::default_0_1_0";

export function urn(type: string, name: string): string {
  return `urn:pulumi:test::project::${token(type)}::${name}`;
}

/** A secret as it is on the wire. */
export function secret(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** The plugin's server in this process, called by the engine's own protocol, with an engine that keeps what it is told. */
export class PluginServer {
  private constructor(
    private readonly servers: readonly Server[],
    private readonly client: ResourceProviderClient,
    /** What the engine was told so far. */
    readonly logged: readonly Logged[],
  ) {}

  static async start(): Promise<PluginServer> {
    const logged: Logged[] = [];
    const engine = await listen(EngineService, {
      log({ request }: { request: LogRequest }, answer: (error: null, value: Empty) => void) {
        const severity = request.getSeverity() === LogSeverity.WARNING ? "warning" : "info";
        logged.push({ severity, urn: request.getUrn(), message: request.getMessage() });
        answer(null, new Empty());
      },
    });
    const plugin = await listen(ResourceProviderService, resourceProvider(new Provider()));
    const client = new ResourceProviderClient(plugin.address, credentials.createInsecure());
    const started = new PluginServer([engine.server, plugin.server], client, logged);
    await started.call<rpc.ProviderHandshakeResponse>(
      "handshake",
      new rpc.ProviderHandshakeRequest().setEngineAddress(engine.address).setConfigureWithUrn(true),
    );
    return started;
  }

  configure(args: Bag, provider = DEFAULT_PROVIDER): Promise<rpc.ConfigureResponse> {
    return this.call("configure", new rpc.ConfigureRequest().setUrn(provider).setArgs(struct(args)));
  }

  async checkConfig(args: Bag, provider = DEFAULT_PROVIDER): Promise<Bag> {
    const request = new rpc.CheckRequest().setUrn(provider).setNews(struct(args));
    return bag((await this.call<rpc.CheckResponse>("checkConfig", request)).getInputs());
  }

  async check(of: string, news: Bag, olds: Bag = {}): Promise<{ inputs: Bag; failures: string[] }> {
    const request = new rpc.CheckRequest().setUrn(of).setNews(struct(news)).setOlds(struct(olds));
    const answer = await this.call<rpc.CheckResponse>("check", request);
    return { inputs: bag(answer.getInputs()), failures: answer.getFailuresList().map((one) => one.getReason()) };
  }

  async diff(of: string, id: string, olds: Bag, news: Bag): Promise<rpc.DiffResponse.AsObject> {
    const request = new rpc.DiffRequest().setUrn(of).setId(id).setOlds(struct(olds)).setNews(struct(news));
    return (await this.call<rpc.DiffResponse>("diff", request)).toObject();
  }

  async create(of: string, inputs: Bag, preview = false): Promise<{ id: string; outs: Bag }> {
    const request = new rpc.CreateRequest().setUrn(of).setProperties(struct(inputs)).setPreview(preview);
    const answer = await this.call<rpc.CreateResponse>("create", request);
    return { id: answer.getId(), outs: bag(answer.getProperties()) };
  }

  async update(of: string, id: string, olds: Bag, news: Bag, preview = false): Promise<Bag> {
    const request = new rpc.UpdateRequest().setUrn(of).setId(id).setPreview(preview);
    request.setOlds(struct(olds)).setNews(struct(news));
    return bag((await this.call<rpc.UpdateResponse>("update", request)).getProperties());
  }

  /** What an import reads by, without `state`. Undefined where the resource is gone. */
  async read(of: string, id: string, state?: Bag): Promise<{ id: string; outs: Bag; inputs: Bag } | undefined> {
    const request = new rpc.ReadRequest().setUrn(of).setId(id);
    if (state !== undefined) {
      request.setProperties(struct(state));
    }
    const answer = await this.call<rpc.ReadResponse>("read", request);
    return answer.getId() === ""
      ? undefined
      : { id: answer.getId(), outs: bag(answer.getProperties()), inputs: bag(answer.getInputs()) };
  }

  delete(of: string, id: string, outs: Bag): Promise<Empty> {
    return this.call("delete", new rpc.DeleteRequest().setUrn(of).setId(id).setProperties(struct(outs)));
  }

  async invoke(name: string, args: Bag): Promise<Bag> {
    const request = new rpc.InvokeRequest().setTok(token(name)).setArgs(struct(args));
    return bag((await this.call<rpc.InvokeResponse>("invoke", request)).getReturn());
  }

  /** Any method of the protocol; rejects with gRPC's error. */
  call<Answer>(method: keyof ResourceProviderClient, request: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const answered = (error: ServiceError | null, answer: Answer) => (error ? reject(error) : resolve(answer));
      const send = this.client[method] as unknown as (request: object, answered: unknown) => void;
      send.call(this.client, request, answered);
    });
  }

  close(): void {
    (this.client as Client).close();
    for (const server of this.servers) {
      server.forceShutdown();
    }
  }
}

async function listen(service: Parameters<Server["addService"]>[0], methods: UntypedServiceImplementation) {
  const server = new Server();
  server.addService(service, methods);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { server, address: `127.0.0.1:${port}` };
}

function bag(struct: Struct | undefined): Bag {
  return (struct?.toJavaScript() ?? {}) as Bag;
}
