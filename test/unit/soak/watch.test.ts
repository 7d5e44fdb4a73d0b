import { type Operation, Watch } from "../../support/soak/watch";
import { Scenery } from "./scenery";

describe("the watch over a run's requests", () => {
  let scenery: Scenery;
  beforeEach(async () => {
    scenery = await Scenery.open();
  });
  afterEach(() => scenery.scene.close());

  function watch(operation: Operation = "up"): {
    toggle(verb: "activate" | "deactivate", ids: readonly string[], project?: string): void;
    request(method: "POST" | "DELETE" | "GET", url?: string): void;
    readonly violations: readonly string[];
  } {
    const watching = new Watch(scenery.scene, scenery.stack, operation, true);
    const request = (method: "POST" | "DELETE" | "GET", url = "/organization/certificates", body?: unknown) =>
      watching.after({ method, url, body });
    return {
      toggle: (verb, ids) => {
        scenery.organization[verb](ids);
        request("POST", `/organization/certificates/${verb}`, { certificate_ids: ids });
      },
      request,
      violations: watching.violations,
    };
  }

  it("has nothing to say of an exchange that activates first", () => {
    const { a, b, foreign } = scenery;
    scenery.keep("c", foreign, 2);
    const certificates = new Map(scenery.stack.program.certificates).set("c", { anchor: 2, label: "c" });
    scenery.stack.program = { ...scenery.stack.program, certificates };
    scenery.want({ members: ["a", "c"] });
    const { toggle, violations } = watch();
    toggle("activate", [foreign]);
    toggle("deactivate", [b]);
    expect(violations).toEqual([]);
    toggle("deactivate", [a]);
    expect(violations).toEqual([
      `${a} was deactivated, though it is wanted`,
      `${a} was for a moment not active in the organization, though it was before and shall be afterwards`,
    ]);
  });

  it.each<[string, (run: ReturnType<typeof watch>) => void, RegExp]>([
    [
      "a moment without an anchor that stays",
      ({ toggle }) => {
        toggle("deactivate", [scenery.a]);
        toggle("activate", [scenery.a]);
      },
      /^cert_\w+ was for a moment not active in the organization/,
    ],
    [
      "an activation after a deactivation",
      ({ toggle }) => {
        toggle("deactivate", [scenery.b]);
        toggle("activate", [scenery.foreign]);
      },
      /^an activation in the organization came after a deactivation/,
    ],
    [
      "a moment with nothing active",
      ({ toggle }) => toggle("deactivate", [scenery.a, scenery.b]),
      /^nothing was active in the organization for a moment/,
    ],
    ["a call without ids", ({ toggle }) => toggle("activate", []), /^0 ids were activated in one call/],
    [
      "a call of eleven ids",
      ({ toggle }) => toggle("activate", Array(11).fill(scenery.a)),
      /^11 ids were activated in one call/,
    ],
    ["a call that changes nothing", ({ toggle }) => toggle("activate", [scenery.a]), /was active in .* already$/],
    [
      "another's certificate deleted",
      ({ request }) => {
        scenery.organization.remove(scenery.foreign);
        request("DELETE");
      },
      /was deleted, which is not this stack's$/,
    ],
  ])("reports %s", (_, act, violation) => {
    const run = watch();
    act(run);
    expect(run.violations).toContainEqual(expect.stringMatching(violation));
  });

  it.each(["activate", "deactivate"] as const)("reports an ignored id that a run does %s", (verb) => {
    scenery.want({ ignored: [scenery.foreign] });
    scenery.organization.activate(verb === "activate" ? [] : [scenery.foreign]);
    const { toggle, violations } = watch();
    toggle(verb, [scenery.foreign]);
    expect(violations).toEqual([`${scenery.foreign} was ${verb}d in the organization, though it is ignored there`]);
  });

  it.each(["preview", "refresh"] as const)("reports a write of a %s", (operation) => {
    const { request, violations } = watch(operation);
    request("GET");
    expect(violations).toEqual([]);
    request("POST");
    expect(violations).toEqual([`${operation} wrote: POST /organization/certificates`]);
  });

  it("does not hold others' doings against a run", () => {
    const { toggle, violations } = watch();
    scenery.scene.disturb((organization) => {
      organization.deactivate([scenery.a]);
      organization.remove(scenery.foreign);
    });
    toggle("deactivate", [scenery.b]);
    expect(violations).toEqual([]);
  });
});
