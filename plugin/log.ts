import { AsyncLocalStorage } from "node:async_hooks";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "../provider/log";

/**
 * Lines for the user, sent to the engine under the resource that they are about. What a native plugin writes to its standard
 * streams is hidden (pulumi/pulumi sdk/go/common/resource/plugin/plugin.go, newPlugin).
 */
export class EngineLog implements Log {
  private readonly resource = new AsyncLocalStorage<string>();
  /** Each line once: check runs again for a replacement, and several resources may have the same to say. */
  private readonly said = new Set<string>();
  private readonly sending = new Set<Promise<void>>();
  private engine: EngineClient | undefined;
  /** Of the engine. */
  address = "";

  /** Where lines go; before, they go to standard error, which the engine shows when the plugin fails to start. */
  connect(address: string): void {
    this.address = address;
    this.engine?.close();
    this.engine = new EngineClient(address, credentials.createInsecure());
  }

  /** Runs `work` about a resource, and resolves once everything it has said has arrived. */
  async about<R>(urn: string, work: () => Promise<R>): Promise<R> {
    try {
      return await this.resource.run(urn, work);
    } finally {
      // The engine drops what it gets about a resource after the operation's answer.
      await Promise.all(this.sending);
    }
  }

  info(line: string): void {
    this.say(LogSeverity.INFO, line);
  }

  warn(line: string): void {
    this.say(LogSeverity.WARNING, line);
  }

  private say(severity: LogSeverity, line: string): void {
    const key = `${severity} ${line}`;
    if (this.said.has(key)) {
      return;
    }
    this.said.add(key);
    const { engine } = this;
    if (engine === undefined) {
      process.stderr.write(`${line}\n`);
      return;
    }
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(line);
    request.setUrn(this.resource.getStore() ?? "");
    const sent = new Promise<void>((resolve) => {
      // An engine that has gone away reads nothing; the operation's own answer tells it so.
      engine.log(request, (error) => {
        if (error !== null) process.stderr.write(`${line}\n`);
        resolve();
      });
    }).finally(() => this.sending.delete(sent));
    this.sending.add(sent);
  }
}
