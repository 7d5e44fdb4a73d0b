/** A proxy that did not open a tunnel to the API's host, so that the request was never sent. */
export class ProxyFailure extends Error {
  constructor(
    message: string,
    /** Whether trying again cannot help: the proxy refuses the host or wants to know the user. */
    readonly permanent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
