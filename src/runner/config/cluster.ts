import type {ClusterSettings} from '../../contract/resources.ts';
import {asList, asMap, asNumber, asText, checkKeys, field} from './fields.ts';
import type {MapNode, Node} from './nodes.ts';
import type {Scope} from './names.ts';
import {substitute} from './substitute.ts';

const texts = ['partition', 'account', 'qos', 'prologue'] as const;

/** Options that the executor itself gives: a second one would win over it, and its jobs would not be found again. */
const reserved =
  /^(--(array|job-name|comment|output|error|parsable|wait|wrap|chdir|requeue|no-requeue|nodes|ntasks|open-mode|cpus-per-task|mem|time|partition|account|qos|export|test-only|hold)\b|-[aJoeWDNnctpAqH])/;

/** `cluster:` of the pipeline or of a stage: `${}` in it may take vars, so that a profile can choose. */
export const readCluster = (body: MapNode, what: string, scope: Scope): ClusterSettings => {
  const {problems} = scope;
  const node = field(body, 'cluster');
  const replaced = node === undefined ? null : substitute(node, scope);
  const map = replaced === null ? null : asMap(replaced, 'cluster', problems);
  if (map === null) return {};
  checkKeys(map, [...texts, 'options', 'patienceSeconds'], `cluster of ${what}`, problems);
  const settings: {-readonly [Key in keyof ClusterSettings]: ClusterSettings[Key]} = {};
  for (const name of texts) {
    const value = field(map, name);
    const text = value === undefined ? null : asText(value, name, problems);
    if (text === null) continue;
    if (name === 'prologue' || /^[\w.,@:/+-]+$/.test(text)) settings[name] = text;
    else problems.add('bad-value', value!, `"${text}" cannot be a ${name}`, {expected: 'a name, or names with commas'});
  }
  const options = field(map, 'options');
  const list = options === undefined ? null : asList(options, 'options', problems);
  if (list !== null) settings.options = list.items.flatMap(item => readOption(item, scope) ?? []);
  const patience = field(map, 'patienceSeconds');
  const seconds =
    patience === undefined ? null : asNumber(patience, 'patienceSeconds', {whole: false, min: 0}, problems);
  if (seconds !== null) settings.patienceSeconds = seconds;
  return settings;
};

const readOption = (node: Node, {problems}: Scope): string | null => {
  const text = asText(node, 'an option of the cluster', problems);
  if (text === null) return null;
  if (!text.startsWith('-')) {
    problems.add('bad-value', node, `"${text}" is no option`, {expected: '--name=value, one text for each option'});
    return null;
  }
  if (!reserved.test(text)) return text;
  const suggestion = 'Use resources:, timeoutMinutes: or another key of cluster: instead';
  problems.add('bad-value', node, `the option "${text.split('=')[0]}" is given by the pipeline itself`, {suggestion});
  return null;
};
