/**
 * `npm run bench [-- --quick] [--out FOLDER]`: measures, and writes the tables and charts of docs/. With `--redraw`, writes
 * them again from what was measured before.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Engine, EngineError, ensureEngine } from "../tools/engine";
import { measureCell } from "./cell";
import { measureStartUp } from "./measure/startUp";
import { growthByEngine, growthByFunctions } from "./organizations/growth";
import { charts } from "./report/charts";
import { document } from "./report/document";
import { fromLines, toLines } from "./report/lines";
import type { Results, Sample, StateSize, SubjectResult } from "./results";
import { packageSubject, plainSubject } from "./subjects/pulumi";
import type { Subject } from "./subjects/subject";
import { vendorSubject } from "./subjects/vendor";

interface Extent {
  readonly certificates: readonly number[];
  readonly latenciesMs: readonly number[];
  readonly imports: number;
  readonly organizations: { readonly functions: readonly number[]; readonly engine: readonly number[] };
}

const FULL: Extent = {
  certificates: [1, 10, 50],
  latenciesMs: [0, 80, 300],
  imports: 9,
  organizations: { functions: [25, 50, 100], engine: [1, 2, 4] },
};

const QUICK: Extent = {
  certificates: [3],
  latenciesMs: [0],
  imports: 1,
  organizations: { functions: [1], engine: [] },
};

const DOCS = path.resolve(__dirname, "../docs");

const progress = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      redraw: { type: "boolean", default: false },
      out: { type: "string" },
    },
  });
  if (values.redraw) {
    const folder = values.out ?? DOCS;
    return write(folder, fromLines(readFileSync(path.join(folder, "benchmark.jsonl"), "utf8")));
  }
  const began = performance.now();
  const engine = await ensureEngine();
  const results = await measure(engine, values.quick ? QUICK : FULL);
  const folder = values.out ?? (values.quick ? undefined : DOCS);
  if (folder === undefined) {
    process.stdout.write(document(results));
  } else {
    write(folder, results);
  }
  progress(`done in ${Math.round((performance.now() - began) / 1000)} s`);
}

async function measure(engine: Engine, extent: Extent): Promise<Results> {
  const vendor = await vendorSubject(process.env);
  const subjects = [packageSubject(engine), plainSubject(engine), ...(typeof vendor === "string" ? [] : [vendor])];
  const missing: SubjectResult[] =
    typeof vendor === "string"
      ? [
          {
            id: "vendor",
            title: "OpenTofu or Terraform with the vendor's provider",
            missing: `not measured: ${vendor}`,
          },
        ]
      : [];
  const { samples, states } = await measureCells(subjects, extent);
  progress("start-up");
  const startUps = await measureStartUp(extent.imports);
  progress("many organizations");
  const growth = [
    ...(await growthByFunctions(extent.organizations.functions)),
    ...(await growthByEngine(engine, extent.organizations.engine)),
  ];
  return {
    environment: {
      node: process.versions.node,
      pulumi: engine.version,
      cpus: os.availableParallelism(),
      platform: process.platform,
    },
    subjects: [...subjects.map(({ id, title }) => ({ id, title })), ...missing],
    samples,
    states,
    startUps,
    growth,
  };
}

async function measureCells(subjects: readonly Subject[], extent: Extent) {
  const samples: Sample[] = [];
  const states: StateSize[] = [];
  for (const latencyMs of extent.latenciesMs) {
    for (const certificates of extent.certificates) {
      progress(`certificates: ${certificates}, latency: ${latencyMs} ms`);
      const cell = await measureCell(subjects, { certificates, latencyMs });
      samples.push(...cell.samples);
      // The same at every latency.
      states.push(...(latencyMs === extent.latenciesMs[0] ? cell.states : []));
    }
  }
  return { samples, states };
}

function write(folder: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  const files = { "benchmark.jsonl": toLines(results), "benchmark.md": document(results), ...charts(results) };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), content);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof EngineError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
