import { UsageError } from "../command";

/** The API's hosts that demand client certificates where an anchor is active. */
const HOSTS = {
  default: "https://mtls.api.openai.com",
  us: "https://mtls-us.api.openai.com",
  eu: "https://mtls-eu.api.openai.com",
} as const;

/** `default`, `us`, `eu`, or a URL of one's own, with or without `/v1`; answers the base URL, which ends in `/v1`. */
export function baseUrlOf(host: string): string {
  const text = Object.hasOwn(HOSTS, host) ? HOSTS[host as keyof typeof HOSTS] : host;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["", "/v1"].includes(url.pathname.replace(/\/+$/, ""))) {
    throw new UsageError("--host takes default, us, eu or a URL such as https://mtls.api.openai.com");
  }
  if (url.protocol !== "https:")
    throw new UsageError("--host takes an https URL: without TLS there is no client certificate");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new UsageError("--host takes a plain URL, without credentials, query or fragment");
  }
  return `${url.origin}/v1`;
}
