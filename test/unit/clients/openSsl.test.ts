import { type Authority, createAuthority } from "../../../emulator/authority";
import { authorities } from "../../support/clients/authorities";
import { leaves } from "../../support/clients/leaves";
import { nameConstraints } from "../../support/clients/nameConstraints";
import { dates, noPaths, paths } from "../../support/clients/paths";
import { tlsVerdict } from "../../support/mutualTls";

const scenarios = [...paths, ...dates, ...noPaths, ...leaves, ...authorities, ...nameConstraints];

describe("a real TLS server that trusts the anchors", () => {
  let host: Authority;
  beforeAll(async () => {
    host = await createAuthority({ commonName: "Server Root" });
  });

  it.each(scenarios.filter((one) => one.openSslDiffers === undefined))(
    "comes to the same verdict on $title",
    async ({ build, expected }) => {
      const { anchors, client } = await build();
      const { accepted } = await tlsVerdict(
        host,
        anchors.map((anchor) => anchor.certificate),
        client,
      );
      expect(accepted).toBe(Array.isArray(expected));
    },
  );
});
