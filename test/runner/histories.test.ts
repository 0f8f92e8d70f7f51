import {existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {Executor} from '../../src/contract/executor.ts';
import {defaultResources} from '../../src/contract/resources.ts';
import type {Graph, Instance} from '../../src/runner/graph.ts';
import {planRun} from '../../src/runner/plan.ts';
import {createProject} from '../../src/runner/project.ts';
import {run} from '../../src/runner/run.ts';

/** A stage reads some earlier files and writes one, which says little about them: outputs often come out the same. */
const compute = (salt: number, inputs: readonly string[]): string =>
  String(inputs.reduce((sum, text) => sum * 7 + Number(text), salt) % 4);

interface Node {
  readonly reads: readonly number[];
  readonly salt: number;
}

type Edit =
  | {readonly kind: 'source'; readonly at: number; readonly value: number}
  | {readonly kind: 'salt'; readonly at: number; readonly value: number}
  /** Other inputs for a stage; a stage more, or a value more on the axis. */
  | {readonly kind: 'reads' | 'grow'; readonly at: number; readonly picks: readonly number[]}
  | {readonly kind: 'delete' | 'scribble' | 'rewrite'; readonly at: number}
  | {readonly kind: 'nothing'};

/** Thousands of small files are written: in memory where there is such a place. */
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const sources = 2;
const fileOf = (index: number): string => (index < sources ? `in/${index}` : `out/${index}`);

/** Every other one is an instance of one matrix stage, which may read from another of its kind. */
const axisOf = (index: number): Record<string, string> => (index % 2 === 0 ? {seed: String(index)} : {});
const name = (index: number): string => (index % 2 === 0 ? `m@seed=${index}` : `s${index}`);
const stageOf = (id: string): string => id.replace(/@.*/, '');

const graphOf = (root: string, nodes: readonly Node[]): Graph => {
  const instances = nodes.map((node, position): Instance => {
    const self = position + sources;
    return {
      id: name(self),
      stage: stageOf(name(self)),
      axis: axisOf(self),
      command: {
        kind: 'shell',
        text: JSON.stringify({salt: node.salt, reads: node.reads.map(fileOf), writes: fileOf(self)}),
      },
      params: {},
      env: [],
      inputs: node.reads.map((read, index) => ({
        name: String(index),
        sources: [
          read < sources
            ? {kind: 'path', path: fileOf(read), glob: false}
            : {kind: 'output', instance: name(read), output: '0', path: fileOf(read), axis: axisOf(read)},
        ],
      })),
      outputs: [{name: '0', path: fileOf(self)}],
      needs: [...new Set(node.reads.filter(read => read >= sources).map(name))],
      resources: defaultResources,
      frozen: false,
      always: false,
      retries: 0,
      timeoutMinutes: null,
    };
  });
  const places = {
    root,
    file: 'pipeline.yaml',
    artifactsDir: 'artifacts',
    locksDir: 'pipeline.lock',
    reportsDir: 'reports',
  };
  return {
    pipeline: {name: 'pipeline', profile: '', ...places},
    stages: [...new Set(instances.map(({stage}) => stage))].map(stage => {
      const own = instances.filter(each => each.stage === stage);
      const needs = [...new Set(own.flatMap(each => each.needs.map(stageOf)))];
      return {name: stage, type: null, needs, instances: own.map(({id}) => id)};
    }),
    instances,
  };
};

/** Does what the commands say, in this process. */
const interpreter = (root: string): Executor => ({
  name: 'interpreter',
  async run({argv}) {
    const {salt, reads, writes} = JSON.parse(argv[2]!) as {salt: number; reads: string[]; writes: string};
    const inputs = reads.map(file => readFileSync(path.join(root, file), 'utf8'));
    writeFileSync(path.join(root, writes), compute(salt, inputs));
    return {kind: 'exited', code: 0, usage: {seconds: 0}};
  },
});

/** What should happen, in ten lines: a memory of all keys, of each stage's last key, and of what lies on disk. */
class Model {
  readonly disk = new Map<number, string>();
  readonly #made = new Map<string, string>();
  readonly #last = new Map<number, string>();

  settle(self: number, {salt, reads}: Node): string {
    const inputs = reads.map(read => this.disk.get(read)!);
    const key = JSON.stringify([self, salt, reads, inputs]);
    const known = this.#made.get(key);
    const isFresh = this.#last.get(self) === key && this.disk.get(self) === known;
    const made = known ?? compute(salt, inputs);
    this.#made.set(key, made);
    this.#last.set(self, key);
    this.disk.set(self, made);
    return isFresh ? 'fresh' : known === undefined ? 'ran' : 'restored';
  }
}

/** What lies before it, sources included. */
const readsOf = (position: number, picks: readonly number[]): number[] => [
  ...new Set(picks.map(pick => pick % (position + sources))),
];

const history = fc.record({
  nodes: fc
    .array(fc.record({salt: fc.nat(3), picks: fc.array(fc.nat(100), {minLength: 1, maxLength: 3})}), {
      minLength: 1,
      maxLength: 5,
    })
    .map(drafts =>
      drafts.map(({salt, picks}, position): Node => ({
        salt,
        reads: readsOf(position, picks),
      })),
    ),
  edits: fc.array(
    fc.array(
      fc.oneof(
        fc.record({kind: fc.constant('source' as const), at: fc.nat(sources - 1), value: fc.nat(3)}),
        fc.record({kind: fc.constant('salt' as const), at: fc.nat(5), value: fc.nat(3)}),
        fc.record({kind: fc.constantFrom('delete' as const, 'scribble' as const, 'rewrite' as const), at: fc.nat(5)}),
        fc.record({
          kind: fc.constantFrom('reads' as const, 'grow' as const),
          at: fc.nat(5),
          picks: fc.array(fc.nat(100), {minLength: 1, maxLength: 3}),
        }),
        fc.constant({kind: 'nothing' as const}),
      ),
      {minLength: 1, maxLength: 3},
    ),
    {minLength: 1, maxLength: 4},
  ),
});

test('any history of edits: exactly what must run runs, and every file is right', {timeout: 1_200_000}, async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({nodes: first, edits}) => {
      const root = mkdtempSync(path.join(realpathSync(folder), 'distill-history-'));
      try {
        const nodes = [...first];
        const model = new Model();
        const write = (index: number, text: string): void => {
          mkdirSync(path.dirname(path.join(root, fileOf(index))), {recursive: true});
          writeFileSync(path.join(root, fileOf(index)), text);
          model.disk.set(index, text);
        };
        const apply = (edit: Edit): void => {
          if (edit.kind === 'nothing') return;
          if (edit.kind === 'source') return write(edit.at, String(edit.value));
          if (edit.kind === 'grow') {
            return void nodes.push({salt: edit.at, reads: readsOf(nodes.length, edit.picks)});
          }
          const position = edit.at % nodes.length;
          const self = position + sources;
          if (edit.kind === 'reads') nodes[position] = {...nodes[position]!, reads: readsOf(position, edit.picks)};
          else if (edit.kind === 'salt') nodes[position] = {...nodes[position]!, salt: edit.value};
          else if (edit.kind === 'scribble') write(self, '?');
          else if (edit.kind === 'rewrite') write(self, model.disk.get(self) ?? '?');
          else {
            rmSync(path.join(root, fileOf(self)), {force: true});
            model.disk.delete(self);
          }
        };
        for (let index = 0; index < sources; index++) write(index, '1');
        for (const step of [[{kind: 'nothing'} as const], ...edits]) {
          for (const edit of step) apply(edit);
          // A new project each time: nothing may be remembered but what is on disk.
          const planned = await planRun(createProject(graphOf(root, nodes)));
          const outcomes: Record<string, string> = {};
          const result = await run(createProject(graphOf(root, nodes)), {
            executor: interpreter(root),
            jobs: 2,
            report(event) {
              if (event.kind === 'stage-settled') outcomes[event.id] = event.outcome;
            },
          });
          expect(result.failed).toBe(false);
          const expected = Object.fromEntries(
            nodes.map((node, position) => [name(position + sources), model.settle(position + sources, node)]),
          );
          expect(outcomes).toEqual(expected);
          for (const [index, text] of model.disk)
            expect(readFileSync(path.join(root, fileOf(index)), 'utf8')).toBe(text);
          for (const {id, outcome} of planned.entries) {
            const allowed = {
              fresh: ['fresh'],
              restorable: ['restored'],
              stale: ['ran', 'restored'],
              'may-run': ['fresh', 'restored', 'ran'],
            };
            expect(allowed[outcome]).toContain(outcomes[id]);
          }
        }
        expect(
          (await planRun(createProject(graphOf(root, nodes)))).entries.every(({outcome}) => outcome === 'fresh'),
        ).toBe(true);
      } finally {
        rmSync(root, {recursive: true, force: true});
      }
    }),
    {numRuns: Number(process.env['DISTILL_HISTORIES'] ?? 2000)},
  );
});
