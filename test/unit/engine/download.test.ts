import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { explainInstaller, refuseDownload } from "../../../tools/engine/download";

describe("before a download its host", () => {
  const servers: Server[] = [];

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/install.sh`;
  }

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test("is asked without fetching anything", async () => {
    const methods: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      methods.push(request.method);
      response.end();
    });
    expect(await refuseDownload(url)).toBeUndefined();
    expect(methods).toEqual(["HEAD"]);
  });

  test("is given up where it takes connections and never answers", async () => {
    const url = await serve(() => {});
    expect(await refuseDownload(url, 200)).toBe(`${new URL(url).host} did not answer within 0.2 s`);
  });

  test("is given up where it answers with an error", async () => {
    const url = await serve((_, response) => response.writeHead(503).end());
    expect(await refuseDownload(url)).toBe(`${new URL(url).host} answered with status 503`);
  });

  test("is given up at once where it cannot be reached, with the reason", async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const { host } = new URL(url);
    expect(await refuseDownload(url)).toBe(`${host} cannot be reached: connect ECONNREFUSED ${host}`);
  });
});

describe("an installer that fails", () => {
  test("is quoted in one line, without the record that it comes in", () => {
    const record =
      "code: -2\n stdout: \n stderr: Command failed with exit code 7: /bin/sh\nerror: no space\n err?: Error: Com\n";
    expect(explainInstaller(record)).toBe(
      "Pulumi's installer failed: Command failed with exit code 7: /bin/sh error: no space",
    );
  });

  test("is quoted whole where its message is no such record, but not at any length", () => {
    expect(explainInstaller("read ECONNRESET")).toBe("Pulumi's installer failed: read ECONNRESET");
    expect(explainInstaller("x".repeat(1000))).toHaveLength(`Pulumi's installer failed: `.length + 301);
  });
});
