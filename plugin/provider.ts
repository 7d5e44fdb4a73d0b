import { type ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type ClaimedScope, ScopeClaims } from "../provider/activation/oneScope";
import { httpTransport } from "../provider/api/transport";
import { ProviderError } from "../provider/errors";
import { type CheckAnswer, type Properties, type ReadAnswer, refusal } from "../provider/lifecycle";
import { Session } from "../provider/session";
import { CancellableClock } from "./cancellation";
import { settingsOf, stackConfiguration } from "./configuration";
import { call } from "./functions";
import { EngineLog } from "./log";
import { nameOf, type ResourceType, resourceType, resourceTypes } from "./resources";

/** The package's resources and functions as the engine asks for them, on plain values. One for each provider of a run. */
export class Provider {
  readonly log = new EngineLog();
  private readonly clock = new CancellableClock();
  private readonly claims = new ScopeClaims();
  private readonly types = resourceTypes(() => this.current());
  /** By URN, the ids that this run has read without state. */
  private readonly readAnew = new Map<string, string>();
  private session: Session | undefined;
  /** Of the provider resource that this process was configured as; in a preview its id may be unknown. */
  private reference = "";

  configure(urn: string, id: string, given: Properties): void {
    this.reference = `${urn}::${id}`;
    const settings = settingsOf(urn, given, stackConfiguration(process.env), process.env);
    this.session = new Session(settings, { clock: this.clock, log: this.log, transport: httpTransport });
  }

  type(urn: string): ResourceType {
    return resourceType(this.types, urn);
  }

  async check(urn: string, olds: Properties, given: Properties): Promise<CheckAnswer> {
    const type = this.type(urn);
    const news = type.withDefaults(nameOf(urn), given);
    const imported = this.readAnew.get(urn);
    if (imported !== undefined) {
      // What `get` reads is never checked. An import is, and it is looked for in the default organization alone.
      this.current().organization(undefined).run.imported.add(imported);
    }
    const taken = this.claim(urn, type.scope(news));
    return taken === undefined ? type.lifecycle.check(olds, news) : { inputs: news, failures: [refusal(taken)] };
  }

  read(urn: string, id: string, state: Properties): Promise<ReadAnswer> {
    if (Object.keys(state).length === 0) {
      this.readAnew.set(urn, id);
    }
    return this.type(urn).lifecycle.read(id, state);
  }

  call(called: string, args: Properties): Promise<Properties> {
    return call(this.current(), called, args);
  }

  async construct(request: ConstructRequest): Promise<ConstructResponse> {
    // Most programs have no component, and need nothing of the SDK that is behind it.
    const { construct } = require("./construct") as typeof import("./construct");
    const constructed = await construct(request, { engine: this.log.address, reference: this.reference });
    if ("refused" in constructed) {
      throw new ProviderError(constructed.refused);
    }
    return ConstructResponse.deserializeBinary(constructed.answer);
  }

  cancel(): void {
    this.clock.cancel();
  }

  private claim(urn: string, scope: ClaimedScope | undefined): string | undefined {
    const named = scope && { ...scope, ...this.session?.oneName(scope.organization) };
    return named && this.claims.claim(named, { key: urn, name: nameOf(urn) });
  }

  private current(): Session {
    if (this.session === undefined) {
      throw new ProviderError("the plugin was called before it was configured");
    }
    return this.session;
  }
}
