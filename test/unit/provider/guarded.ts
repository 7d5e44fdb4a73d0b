import { type Authority, createAuthority, type Issued } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";

/** A new emulator for each test with three inactive anchors, and clients of two of them: the gateway of the old, the worker of the next. */
export class Guarded {
  old!: Authority;
  next!: Authority;
  gateway!: Issued;
  worker!: Issued;
  rig!: Rig;
  ids!: Record<"old" | "next" | "other", string>;

  /** Registers with the block of tests that is being declared. */
  static perTest(): Guarded {
    const on = new Guarded();
    beforeAll(async () => {
      on.old = await createAuthority({ commonName: "Corp Root 2024" });
      on.next = await createAuthority({ commonName: "Corp Root 2026" });
      on.gateway = await (await on.old.intermediate({ commonName: "Issuing CA" })).client({ commonName: "gateway" });
      on.worker = await on.next.client({ commonName: "worker" });
    });
    beforeEach(async () => {
      on.rig = await Rig.start();
      const upload = (name: string, certificate: string) => on.rig.organization.upload({ name, certificate });
      on.ids = {
        old: upload("corp-2024", on.old.certificate),
        next: upload("corp-2026", on.next.certificate),
        other: upload("other", realAnchors(1)[0] ?? ""),
      };
    });
    afterEach(() => on.rig.close());
    return on;
  }

  /** A set that the gateway has to be accepted by. */
  active(...certificateIds: string[]) {
    return { certificateIds, requiredClients: [this.gateway.chain] };
  }
}
