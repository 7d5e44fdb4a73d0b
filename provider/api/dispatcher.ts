import { readFileSync } from "node:fs";
import type { Dispatcher } from "undici";
import { ProviderError } from "../errors";
import { isLoopback, type OrganizationSettings } from "../settings";
import { ProxyFailure } from "./proxyFailure";
import { undiciCore, wholeUndici } from "./undici";

const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;
/** For making a connection or a tunnel, which undici does not interrupt when an attempt's time is over. */
const LONGEST_CONNECT_MS = 10_000;

/** What a connection is made of. */
export type ConnectionSettings = Pick<
  OrganizationSettings,
  "baseUrl" | "timeoutMs" | "clientCertificate" | "clientKey"
> & {
  readonly names: Pick<OrganizationSettings["names"], "clientCertificate" | "clientKey">;
};

/**
 * The connections to one organization's API: kept alive, with the client certificate if there is one, and through the
 * proxy that the environment names. Throws a {@link ProviderError} where a file or the proxy's address is unusable.
 */
export function createDispatcher(settings: ConnectionSettings): Dispatcher {
  const identity = clientIdentity(settings);
  const connectMs = Math.min(settings.timeoutMs, LONGEST_CONNECT_MS);
  const options = {
    // undici 7 ignores maxResponseSize over HTTP/2 (nodejs/undici#5676), and sends one request at a time there as well.
    allowH2: false,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    // The limit of an attempt is timeoutSeconds alone; undici's own limits of 300 seconds would undercut it.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: connectMs,
    ...(identity === undefined ? {} : { connect: identity }),
  };
  const proxy = isLoopback(new URL(settings.baseUrl).hostname) ? undefined : proxyOf(process.env);
  if (proxy === undefined) {
    const { Agent } = undiciCore();
    return new Agent(options);
  }
  const { EnvHttpProxyAgent } = wholeUndici();
  return new EnvHttpProxyAgent({
    ...options,
    httpsProxy: proxy,
    httpProxy: "",
    clientFactory: tunnels(connectMs),
    ...(identity === undefined ? {} : { requestTls: identity }),
  });
}

/** In the order of undici's EnvHttpProxyAgent; what is not loopback is https. */
function proxyOf(env: NodeJS.ProcessEnv): string | undefined {
  const https = env["https_proxy"] ?? env["HTTPS_PROXY"];
  const value = https || (env["http_proxy"] ?? env["HTTP_PROXY"]);
  if (!value) {
    return undefined;
  }
  // A bare host and port is what curl and many others accept.
  const url = withReadableUser(value.includes("://") ? value : `http://${value}`);
  if (!URL.canParse(url) || !/^(?:https?|socks5?):$/.test(new URL(url).protocol)) {
    // Not repeated: it may hold a password.
    throw new ProviderError(
      `the proxy in ${https ? "HTTPS_PROXY" : "HTTP_PROXY"} is not a URL like http://proxy.example:3128; ` +
        "in a user or password, write / as %2F, ? as %3F and # as %23",
    );
  }
  return url;
}

/**
 * A proxy's user and password as curl takes them: a `%` that starts no escape stands for itself, and so does the
 * backslash of `domain\user`. undici would throw a URIError for the one, and the URL parser make a path of the other.
 */
function withReadableUser(url: string): string {
  return url.replace(/^([^:/]+:\/\/)([^/?#]*)@/, (_, scheme: string, user: string) => {
    const escaped = user.replace(/%(?![0-9A-F]{2})/gi, "%25");
    const readable = canDecode(escaped) ? escaped : user.replaceAll("%", "%25");
    return `${scheme}${readable.replaceAll("\\", "%5C")}@`;
  });
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The connections to a proxy. Without the errors of our own, undici 7 tries forever, and without any timeout, where a
 * proxy closes the connection instead of answering CONNECT (nodejs/undici#3897).
 */
const tunnels = (limitMs: number) => (proxy: URL, options: object) => {
  const { Pool } = wholeUndici();
  const pool = new Pool(proxy, { ...options, headersTimeout: limitMs });
  const connect = pool.connect.bind(pool) as (to: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
  return Object.assign(pool, {
    connect: async (to: Dispatcher.ConnectOptions) => {
      const answer = await connect(to).catch((error: Error & { code?: string }) => {
        const cause = error.code ?? error.name;
        throw new ProxyFailure(`the proxy ${proxy.origin} did not open a tunnel (${cause})`, false, { cause: error });
      });
      if (answer.statusCode !== 200) {
        answer.socket.on("error", () => undefined).destroy();
        const permanent = answer.statusCode < 500;
        throw new ProxyFailure(`the proxy ${proxy.origin} answers ${answer.statusCode} to CONNECT`, permanent);
      }
      return answer;
    },
  });
};

function clientIdentity(settings: ConnectionSettings): { cert: string; key: string } | undefined {
  const { clientCertificate, clientKey, names } = settings;
  return clientCertificate === undefined || clientKey === undefined
    ? undefined
    : { cert: pemOf(names.clientCertificate, clientCertificate), key: pemOf(names.clientKey, clientKey) };
}

/** A setting that is PEM text itself or the path of a PEM file, read anew in every run. */
function pemOf(name: string, value: string): string {
  const text = isPem(value) ? value : contentOf(name, value);
  if (!isPem(text)) {
    // OpenSSL takes an empty file for no key, and would leave the certificate out without a word.
    throw new ProviderError(`${name} names a file without PEM text`);
  }
  return text;
}

function contentOf(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The path is not repeated: it may be a key that lost its BEGIN line.
    throw new ProviderError(
      `${name} is neither PEM text nor the path of a file that can be read (${code}); relative paths start at ${process.cwd()}`,
    );
  }
}

function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}
