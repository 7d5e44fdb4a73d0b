import type { CertificateView, RecordedRequest } from "../../../emulator";
import type { Order, Played } from "../../support/harness/driver";
import { anchors, makeMaterial } from "../../support/harness/material";
import { judge } from "../../support/harness/oracle/judge";
import type { Setting } from "../../support/harness/oracle/view";
import { type ActivationSpec, PLAIN_CERTIFICATE, PLAIN_SET } from "../../support/harness/program";
import type { Stored } from "../../support/harness/state";
import type { Effect, Snapshot } from "../../support/harness/world";

const UP: Order = { operation: "up", flags: {}, trouble: {}, wrongKey: false, disturbed: false };
const SET: ActivationSpec = { ...PLAIN_SET, name: "set", members: ["a", "b"] };
const certificate = (name: string, anchor: number) => ({ ...PLAIN_CERTIFICATE, name, anchor, label: name });

describe("the model finds", () => {
  let live: CertificateView[];
  let state: Stored[];
  beforeAll(makeMaterial);
  beforeEach(() => {
    live = [view("cert_a", "a", 0), view("cert_b", "b", 1)];
    state = [
      stored("certificate", "a", "cert_a", 0),
      stored("certificate", "b", "cert_b", 1),
      activation(["cert_a", "cert_b"]),
    ];
  });

  /** What is found about a run that changed nothing, but for what a test says. */
  function found(run: Partial<Played>, setting: Partial<Setting> = {}): string[] {
    const program = { certificates: [certificate("a", 0), certificate("b", 1)], activations: [SET] };
    const projects = { main: "proj_main", eu: "proj_eu", empty: "proj_empty" };
    const same: Played = {
      order: UP,
      how: "done",
      failures: [],
      said: "",
      decided: new Map(),
      requests: [],
      effects: [],
      before: now(),
      after: now(),
      preview: undefined,
    };
    return judge({ ...same, ...run }, { program, projects, today: 0, header: true, ...setting });
  }

  const now = (change: Partial<{ live: CertificateView[]; state: Stored[] }> = {}): Snapshot => ({
    live: { main: change.live ?? live, eu: [], empty: [] },
    state: change.state ?? state,
  });
  const without = (id: string) => ({ state: state.filter((one) => one.id !== id) });
  const off = (id: string) => ({ live: live.map((one) => (one.id === id ? { ...one, active: false } : one)) });

  it("nothing wrong with a run that did what it should", () => {
    expect(found({})).toEqual([]);
  });

  it("a deactivation that nothing asked for, and that enforcement ended", () => {
    const effects = [effect("deactivate", "cert_a"), effect("deactivate", "cert_b")];
    expect(found({ effects, after: now({ live: live.map((one) => ({ ...one, active: false })) }) })).toEqual(
      expect.arrayContaining([
        'cert_a "a" was deactivated in the organization main, which nothing asked for',
        "enforcement ended in the organization main, which nothing allowed",
      ]),
    );
  });

  it("a certificate that state forgot although it is still there", () => {
    const order: Order = { ...UP, operation: "destroy" };
    expect(found({ order, after: now(without("cert_a")) })).toEqual([
      "state has forgotten a (cert_a), which is still there",
    ]);
  });

  it("an activation that a refresh dropped, and one that it gave others' anchors", () => {
    const order: Order = { ...UP, operation: "refresh" };
    expect(found({ order, after: now(without("organization")) })).toEqual([
      "a refresh dropped the activation set from state",
    ]);
    const grown = [...state.slice(0, 2), activation(["cert_a", "cert_b", "cert_x"])];
    expect(found({ order, after: now({ state: grown }) })).toEqual(["a refresh made cert_x set's own"]);
  });

  it("a preview that wrote, kept silent, refused more, or refused less than the run", () => {
    const quiet = {
      ...found,
      how: "done",
      failures: [],
      said: "",
      decided: new Map(),
      requests: [],
      effects: [],
    } as const;
    const effects = [effect("activate", "cert_b")];
    expect(found({ effects, before: now(off("cert_b")), preview: { ...quiet } })).toEqual([
      'preview did not say that cert_b "b" would be activated',
    ]);
    const failures = [{ phase: "check" as const, name: "set", text: "no" }];
    expect(found({ preview: { ...quiet, how: "failed", failures } })).toEqual([
      "preview refused what the run then did: no",
    ]);
    expect(found({ how: "failed", failures, preview: { ...quiet } })).toEqual([
      "preview did not refuse set, as the run did: no",
      "refused, though nothing forbids it: no",
    ]);
    const said = "  - deactivate cert_a";
    expect(found({ preview: { ...quiet, said } })).toEqual([
      "preview announced what the run did not do: - deactivate cert_a",
    ]);
  });

  it("a preview that is wrong about enforcement, says it of another scope, or does not know what it could", () => {
    const idle = { how: "done", failures: [], decided: new Map(), requests: [], effects: [] } as const;
    const ends = "  mTLS enforcement turns OFF in the organization: nothing is asked for";
    expect(found({ preview: { ...idle, said: ends } })).toEqual([
      "preview said that enforcement turns OFF in the organization main, and it did not",
    ]);
    const effects = [effect("activate", "cert_b")];
    const before = now({ live: live.map((one) => ({ ...one, active: false })) });
    const elsewhere = '  + activate cert_b "b"\n  mTLS enforcement turns ON in project proj_main: now';
    expect(found({ effects, before, after: now(off("cert_a")), preview: { ...idle, said: elsewhere } })).toEqual(
      expect.arrayContaining(["preview did not say that enforcement turns ON in the organization main"]),
    );
    const hedge = "  + activate 1 certificate whose id is not known before the run: it may be active already";
    expect(found({ preview: { ...idle, said: hedge } })).toEqual([
      `preview did not know what it could: ${hedge.trim()}`,
    ]);
  });

  it("a delete of what a resource holds: also beside its own old copy, and though the API refuses it", () => {
    const old = { ...stored("certificate", "a", "cert_a", 0), isOld: true };
    const requests = [{ method: "DELETE", path: "/organization/certificates/cert_a" } as RecordedRequest];
    expect(found({ requests, before: now({ state: [...state, old] }) })).toEqual([
      "cert_a was to be deleted, though a holds it",
    ]);
  });

  it("a certificate that was kept because the set's activation had not let go of it, or another one failed", () => {
    const program = { certificates: [certificate("b", 1)], activations: [{ ...SET, members: ["b"] }] };
    const text = 'cert_a "a" is not deleted: it is still active in the organization';
    const failures = [{ phase: "delete" as const, name: "a", text }];
    expect(found({ how: "failed", failures }, { program })).toEqual([`refused, though nothing forbids it: ${text}`]);
    const additive = { ...program, activations: [{ ...SET, members: ["b"], exclusive: false }] };
    const neverListed = now({ state: [...state.slice(0, 2), activation(["cert_b"])] });
    expect(found({ how: "failed", failures, before: neverListed }, { program: additive })).toEqual([]);
  });

  it("a required client that was locked out until its anchor was active under another id", () => {
    const program = {
      certificates: [certificate("c", 0), certificate("b", 1)],
      activations: [{ ...SET, members: ["c", "b"], clients: [0] }],
    };
    const state = [
      stored("certificate", "c", "cert_c", 0),
      stored("certificate", "b", "cert_b", 1),
      activation(["cert_b", "cert_c"]),
    ];
    const after = now({ state, live: [view("cert_c", "c", 0), view("cert_b", "b", 1)] });
    const [late, early] = [effect("deactivate", "cert_a"), effect("activate", "cert_c")];
    const upload = { ...effect("upload", "cert_c"), name: "c" };
    const lock = "client 0, which set requires, was locked out for a moment";
    expect(found({ effects: [upload, late, { ...early, moment: 1 }], after }, { program })).toContain(lock);
    expect(found({ effects: [upload, early, { ...late, moment: 1 }], after }, { program })).not.toContain(lock);
  });

  it("a required client that was locked out by another activation's change", () => {
    const effects = [effect("deactivate", "cert_a")];
    const program = {
      certificates: [certificate("b", 1)],
      activations: [
        { ...SET, members: ["b"] },
        { ...SET, name: "pilot", isProject: true, members: [], clients: [0] },
      ],
    };
    const after = now({ ...off("cert_a") });
    expect(found({ effects, after, how: "failed", order: { ...UP, trouble: { brokenFrom: 9 } } }, { program })).toEqual(
      expect.arrayContaining(["client 0, which pilot requires, was locked out"]),
    );
  });

  it("an upload that nothing needed, one that is not in state, and one taken over unasked", () => {
    const effects = [effect("upload", "cert_c")];
    expect(found({ effects, after: now({ live: [...live, view("cert_c", "a", 0)] }) })).toEqual(
      expect.arrayContaining([
        'cert_c "a" was uploaded in main, which nothing needed',
        "cert_c was uploaded and is not in state",
      ]),
    );
    const taken = [stored("certificate", "a", "cert_z", 0), ...state.slice(1)];
    expect(found({ after: now({ state: taken }), before: now(without("cert_a")) })).toEqual(
      expect.arrayContaining(["a has taken cert_z over, and was not told to"]),
    );
  });

  it("a write to another organization than state speaks of, the key in a message, and a crash", () => {
    const order: Order = { ...UP, wrongKey: true };
    const effects = [{ ...effect("upload", "cert_c"), place: "empty" as const }];
    expect(found({ order, effects })).toEqual(
      expect.arrayContaining(["upload of cert_c in another organization than state speaks of"]),
    );
    expect(found({ said: "sk-admin-local-main-0123456789" })).toEqual(["the admin key was printed"]);
    expect(found({ said: "TypeError: x" })).toEqual([expect.stringContaining("a message that no user can read")]);
  });

  function view(id: string, name: string, anchor: number): CertificateView {
    const { fingerprint, pem } = anchors()[anchor] ?? { fingerprint: "", pem: "" };
    const dates = { createdAt: 0, validAt: 0, expiresAt: 2 ** 31 };
    return { id, name, fingerprint, content: pem, ...dates, active: true, activeProjects: [] };
  }

  function stored(kind: Stored["kind"], name: string, id: string, anchor: number): Stored {
    const outputs = { __provider: "x", name, fingerprint: anchors()[anchor]?.fingerprint };
    return { kind, name, id, provider: 0, inputs: { __provider: "x" }, outputs, dependsOn: [] };
  }

  function activation(ids: readonly string[]): Stored {
    const outputs = { __provider: "x", certificateIds: ids.slice(0, 2), listedCertificateIds: ids };
    return { ...stored("activation", "set", "organization", 0), outputs };
  }

  function effect(kind: Effect["kind"], id: string): Effect {
    const name = id.slice(-1) === "c" ? "a" : id.slice(-1);
    return {
      kind,
      id,
      place: "main",
      project: undefined,
      name,
      fingerprint: anchors()[0]?.fingerprint ?? "",
      moment: 0,
    };
  }
});
