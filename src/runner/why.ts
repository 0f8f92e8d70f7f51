import type {Reason} from '../contract/reason.ts';
import {inspectAll} from './inspect-all.ts';
import {type Key, keyGroups, keyHash} from './key/key.ts';
import {parseRecord, readRecordText, recordFile} from './key/lock-record.ts';
import type {PlanOutcome} from './plan.ts';
import type {Project} from './project.ts';
import {scopeOf} from './select.ts';

/** One item of the key; `was` is undefined when the recorded key has no such item, `now` when the present one has none. */
export interface WhyItem {
  /** `command`, `param`, `env`, `input`, `output-path`, `code`, `package`, `engine`, `node`. */
  readonly group: string;
  readonly name: string;
  readonly was: unknown;
  readonly now: unknown;
  readonly changed: boolean;
}

export interface Why {
  readonly id: string;
  readonly outcome: PlanOutcome;
  readonly reasons: readonly Reason[];
  /** The key, or null while something upstream is not settled. */
  readonly key: string | null;
  readonly items: readonly WhyItem[];
}

const groupNames: Readonly<Record<(typeof keyGroups)[number], string>> = {
  code: 'code',
  command: 'command',
  engine: 'engine',
  env: 'env',
  inputs: 'input',
  node: 'node',
  outputs: 'output-path',
  packages: 'package',
  params: 'param',
};

/** Every item of the keys of all instances that `selection` names, old → new, for hits and misses. */
export const why = async (project: Project, selection: string): Promise<Why[]> => {
  const scope = scopeOf(project.graph, {select: [selection]});
  const {inspections} = await inspectAll(project, scope, {});
  project.stats.save();
  project.code.save();
  return scope.instances
    .filter(({id}) => scope.named.has(id))
    .map(({id}) => {
      const {outcome, reasons, built} = inspections.get(id)!;
      const text = readRecordText(recordFile(project.paths.recorded, id));
      const was = text === null ? null : (parseRecord(text)?.key ?? null);
      const isKnown = built.unknown.length === 0;
      return {
        id,
        outcome,
        reasons,
        key: isKnown ? keyHash(built.key) : null,
        items: items(was, built.key, new Set(built.unknown)),
      };
    });
};

const items = (was: Key | null, now: Key, unknown: ReadonlySet<string>): WhyItem[] =>
  keyGroups.flatMap(group => {
    const before = asRecord(was?.[group]);
    const after = asRecord(now[group]);
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().map((name): WhyItem => {
      // An input of which nobody knows yet what it will be has not changed so far.
      const isOpen = group === 'inputs' && unknown.has(name);
      const item = {group: groupNames[group], name, was: before[name], now: isOpen ? undefined : after[name]};
      return {...item, changed: !isOpen && JSON.stringify(item.was) !== JSON.stringify(item.now)};
    });
  });

const asRecord = (value: Key[(typeof keyGroups)[number]] | undefined): Readonly<Record<string, unknown>> =>
  typeof value === 'string' ? {major: value} : (value ?? {});
