import { type ApiProblem, apiProblem, isObject } from "../../provider/api/outcome";
import { ProxyFailure } from "../../provider/api/proxyFailure";
import { redact } from "../../provider/redact";
import type { Client } from "./clients";
import type { Outcome } from "./model";
import { type Answer, judge, judgeFailure } from "./outcome";

export interface Target {
  /** With `/v1`, without a trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly timeoutSeconds: number;
}

/** One request of one client on a connection of its own. It is never repeated: each result is of one real request. */
export async function probe({ identity }: Client, target: Target): Promise<Outcome> {
  const { baseUrl, apiKey, organization, project, timeoutSeconds } = target;
  const undici = require("undici") as typeof import("undici");
  const { createDispatcher } =
    require("../../provider/api/dispatcher") as typeof import("../../provider/api/dispatcher");
  const timeoutMs = timeoutSeconds * 1000;
  const dispatcher = createDispatcher({
    baseUrl,
    timeoutMs,
    names: { clientCertificate: "the chain file", clientKey: "the key file" },
    ...(identity && { clientCertificate: identity.chain, clientKey: identity.key }),
  });
  try {
    const { statusCode, headers, body } = await undici.request(modelsUrl(baseUrl), {
      dispatcher,
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: "application/json",
        ...(organization !== undefined && { "openai-organization": organization }),
        ...(project !== undefined && { "openai-project": project }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const requestId = headers["x-request-id"];
    return judge(read(statusCode, typeof requestId === "string" ? requestId : null, await body.text(), apiKey));
  } catch (error) {
    if (error instanceof ProxyFailure) {
      const check = "Is HTTPS_PROXY right, and does the proxy let this host through?";
      return { result: "failed", status: null, code: null, requestId: null, reason: error.message, check };
    }
    return judgeFailure(codeOf(error as Error), timeoutSeconds);
  } finally {
    await dispatcher.destroy();
  }
}

export function modelsUrl(baseUrl: string): string {
  return `${baseUrl}/models`;
}

function read(status: number, requestId: string | null, text: string, apiKey: string): Answer {
  const body = parsed(text);
  const problem: ApiProblem | undefined = apiProblem(body);
  return {
    status,
    requestId: requestId === null ? null : redact(requestId, [apiKey]),
    isModelList: isObject(body) && Array.isArray(body["data"]),
    code: problem?.code == null ? null : redact(problem.code, [apiKey]),
    message: problem === undefined ? null : redact(problem.message, [apiKey]),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf({ name, code }: Error & { code?: string | number }): string {
  // Of `AbortSignal.timeout`, whose error has a number for a code.
  return name === "TimeoutError" ? "ETIMEDOUT" : String(code ?? name);
}
