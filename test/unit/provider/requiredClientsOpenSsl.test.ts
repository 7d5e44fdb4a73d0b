import { type Authority, createAuthority } from "../../../emulator/authority";
import { authorities, nameConstraints } from "../../support/authorityScenarios";
import { dates, leaves, noPaths, paths } from "../../support/clientScenarios";
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
