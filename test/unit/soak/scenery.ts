import { startEmulator } from "../../../emulator";
import { ADMIN_KEY } from "../../support/rig";
import { Figures } from "../../support/soak/figures";
import type { ActivationSpec, Program } from "../../support/soak/program";
import { Random } from "../../support/soak/random";
import { PlayedStack, Scene } from "../../support/soak/scene";

export const SET: ActivationSpec = {
  name: "set",
  projectId: undefined,
  exclusive: true,
  members: ["a", "b"],
  ignored: [],
};

/** What the stack of a {@link Scenery} declares: a and b, both active. */
export const PROGRAM: Program = {
  certificates: new Map([
    ["a", { anchor: 0, label: "a" }],
    ["b", { anchor: 1, label: "b" }],
  ]),
  activations: [SET],
  adopt: false,
};

/** An organization in which all is as {@link PROGRAM} says, in state as well, and one foreign certificate. */
export class Scenery {
  readonly stack = new PlayedStack("s", PROGRAM);
  readonly a: string;
  readonly b: string;
  readonly foreign: string;

  private constructor(readonly scene: Scene) {
    [this.a, this.b] = [this.upload(0, "a"), this.upload(1, "b")];
    this.foreign = this.upload(2, "foreign");
    this.organization.activate([this.a, this.b]);
    this.keep("a", this.a, 0);
    this.keep("b", this.b, 1);
    const outputs = { certificateIds: [this.a, this.b].sort(), __provider: "closure" };
    this.stack.state.add({ kind: "activation", name: "set", id: "organization", inputs: {}, outputs, dependsOn: [] });
    scene.sync();
  }

  static async open(): Promise<Scenery> {
    return new Scenery(new Scene(new Random(1), await startEmulator({ adminKey: ADMIN_KEY }), new Figures()));
  }

  get organization() {
    return this.scene.organization;
  }

  upload(anchor: number, name: string): string {
    return this.organization.upload({ name, certificate: this.scene.anchor(anchor).pem });
  }

  /** Puts a certificate into state. */
  keep(name: string, id: string, anchor: number): void {
    const { pem, fingerprint } = this.scene.anchor(anchor);
    const outputs = { certificate: pem, fingerprint, name, __provider: "closure" };
    this.stack.state.add({ kind: "certificate", name, id, inputs: {}, outputs, dependsOn: [] });
  }

  /** The program with another set. */
  want(set: Partial<ActivationSpec>): void {
    this.stack.program = { ...this.stack.program, activations: [{ ...SET, ...set }] };
  }
}
