import type { handleUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type CheckFailure, refusal } from "../provider/lifecycle";
import { argumentProblem, argumentWarnings, keptArguments, SECRETS, stackConfiguration } from "./configuration";
import { serviceError } from "./failures";
import type { Provider } from "./provider";
import { schema, version } from "./schema";
import { received, struct } from "./values";

type Unary<Request, Answer> = handleUnaryCall<Request, Answer>;

/**
 * The protocol of the engine (pulumi/pulumi proto/pulumi/provider.proto) in front of a {@link Provider}. gRPC itself answers
 * that a method is not implemented where it is not here, which the engine takes well.
 */
export function resourceProvider(provider: Provider): UntypedServiceImplementation {
  const { log } = provider;

  /** Answers with what `handle` returns. `secrets` gathers the keys whose values must stay secret in whatever is answered. */
  function unary<Request extends object, Answer>(
    handle: (request: Request, secrets: Set<string>) => Promise<Answer> | Answer,
  ): Unary<Request, Answer> {
    return ({ request }, answer: sendUnaryData<Answer>) => {
      const secrets = new Set<string>();
      log
        .about(urnOf(request), async () => handle(request, secrets))
        .then(
          (value) => answer(null, value),
          (error) => answer(serviceError(error, secrets)),
        );
    };
  }

  return {
    handshake: unary((request: rpc.ProviderHandshakeRequest) => {
      log.connect(request.getEngineAddress());
      // From here on the engine takes it that previews are supported: create and update come with `preview` set.
      return new rpc.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptOutputs(true);
    }),
    attach: unary((request: PluginAttach) => {
      log.connect(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    getSchema: unary(() => new rpc.GetSchemaResponse().setSchema(JSON.stringify(schema))),

    checkConfig: unary((request: rpc.CheckRequest) => {
      const { properties, secrets } = received(request.getNews());
      const problem = argumentProblem(properties);
      if (problem !== undefined) {
        return new rpc.CheckResponse().setFailuresList([checkFailure(refusal(problem))]);
      }
      const kept = keptArguments(request.getUrn(), properties, stackConfiguration(process.env));
      for (const line of argumentWarnings(properties)) {
        log.warn(line);
      }
      // Secret whether or not the program has marked them so, or the key would be in state as plain text.
      return new rpc.CheckResponse().setInputs(struct(kept, new Set([...secrets, ...SECRETS])));
    }),
    // Never a replacement: other settings are no reason to upload and activate everything anew.
    diffConfig: unary((request: rpc.DiffRequest) => {
      const olds = JSON.stringify(received(request.getOldInputs()).properties);
      return changes(olds !== JSON.stringify(received(request.getNews()).properties));
    }),
    configure: unary((request: rpc.ConfigureRequest) => {
      provider.configure(request.getUrn() ?? "", request.getId() ?? "", received(request.getArgs()).properties);
      return new rpc.ConfigureResponse().setAcceptsecrets(true).setAcceptoutputs(true).setSupportspreview(true);
    }),

    check: unary(async (request: rpc.CheckRequest) => {
      const { properties, secrets } = received(request.getNews());
      const { inputs, failures } = await provider.check(
        request.getUrn(),
        received(request.getOlds()).properties,
        properties,
      );
      return new rpc.CheckResponse().setInputs(struct(inputs, secrets)).setFailuresList(failures.map(checkFailure));
    }),
    diff: unary(async (request: rpc.DiffRequest) => {
      const olds = received(request.getOlds()).properties;
      const news = received(request.getNews()).properties;
      const { lifecycle } = provider.type(request.getUrn());
      const answer = await lifecycle.diff(request.getId(), olds, news);
      const replaces = answer.replaces ?? [];
      return changes(answer.changes)
        .setReplacesList(replaces)
        .setDeletebeforereplace(replaces.length > 0 && answer.deleteBeforeReplace === true);
    }),
    create: unary(async (request: rpc.CreateRequest, secrets) => {
      const news = received(request.getProperties());
      const type = provider.type(request.getUrn());
      addSecrets(secrets, news.secrets, type.derived);
      const { lifecycle } = type;
      const { id = "", outs } = request.getPreview()
        ? await lifecycle.preview(news.properties)
        : await lifecycle.create(news.properties);
      return new rpc.CreateResponse().setId(id).setProperties(struct(outs, secrets));
    }),
    read: unary(async (request: rpc.ReadRequest, secrets) => {
      const state = received(request.getProperties());
      const type = provider.type(request.getUrn());
      addSecrets(secrets, [...state.secrets, ...received(request.getInputs()).secrets], type.derived);
      const { id, props, inputs } = await provider.read(request.getUrn(), request.getId(), state.properties);
      const answer = new rpc.ReadResponse();
      // Without an id the resource is gone.
      if (id !== undefined) {
        answer
          .setId(id)
          .setProperties(struct(props ?? {}, secrets))
          .setInputs(struct(inputs ?? {}, secrets));
      }
      return answer;
    }),
    update: unary(async (request: rpc.UpdateRequest, secrets) => {
      const olds = received(request.getOlds()).properties;
      const news = received(request.getNews());
      const type = provider.type(request.getUrn());
      addSecrets(secrets, news.secrets, type.derived);
      const { lifecycle } = type;
      const { outs } = request.getPreview()
        ? await lifecycle.preview(news.properties, olds)
        : await lifecycle.update(request.getId(), olds, news.properties);
      return new rpc.UpdateResponse().setProperties(struct(outs, secrets));
    }),
    delete: unary(async (request: rpc.DeleteRequest) => {
      const { lifecycle } = provider.type(request.getUrn());
      await lifecycle.delete(request.getId(), received(request.getProperties()).properties);
      return new Empty();
    }),

    invoke: unary(async (request: rpc.InvokeRequest) => {
      const { properties, secrets } = received(request.getArgs());
      const answer = await provider.call(request.getTok(), properties);
      return new rpc.InvokeResponse().setReturn(struct(answer, secrets));
    }),
    construct: unary((request: rpc.ConstructRequest) => provider.construct(request)),
    cancel: unary(() => {
      provider.cancel();
      return new Empty();
    }),
  };
}

/** The resource that a request is about; none for a function. */
function urnOf(request: object): string {
  return (request as { getUrn?(): string | undefined }).getUrn?.() ?? "";
}

function addSecrets(to: Set<string>, keys: Iterable<string>, derived: Readonly<Record<string, string>>): void {
  for (const key of keys) {
    to.add(key);
  }
  for (const [output, source] of Object.entries(derived)) {
    if (to.has(source)) to.add(output);
  }
}

function changes(some: boolean): rpc.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
  return new rpc.DiffResponse().setChanges(some ? DIFF_SOME : DIFF_NONE);
}

function checkFailure({ property, reason }: CheckFailure): rpc.CheckFailure {
  return new rpc.CheckFailure().setProperty(property).setReason(reason);
}
