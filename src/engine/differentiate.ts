import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from './errors.ts';
import type {LossFunction, ModelContext, NativeLstm, Tensors} from './types.ts';

/** What differs between tracing and computing at once: where masks and rows of tables come from. */
export interface Source {
  /** A tensor of `shape` whose entries are 0 with probability `rate`, else 1 / (1 − rate). */
  readonly mask: (call: number, shape: readonly number[], rate: number) => tf.Tensor;
  /** Rows of a table that lives on the host, for the ids in the batch entry `entry`: [...ids, dim]. */
  readonly rows: (table: string, entry: string, shape: readonly number[]) => tf.Tensor;
  /** Takes the gradient of what `rows` gave; only while it is asked for is the tensor alive. */
  readonly rowGradient: (table: string, entry: string, gradient: tf.Tensor) => void;
}

export interface Inputs {
  readonly parameters: Readonly<Record<string, tf.Tensor>>;
  readonly batch: Readonly<Record<string, tf.Tensor>>;
  readonly progress: tf.Scalar;
  /** Widths of the tables whose rows the host gathers; those that are not among `parameters` can be reached in no other way. */
  readonly hostTables: Readonly<Record<string, number>>;
  readonly nativeLstm?: NativeLstm;
}

/** A record whose missing entries are errors that say what there is. */
const named = (record: Readonly<Record<string, tf.Tensor>>, what: string, tables: readonly string[] = []): Tensors =>
  new Proxy(record, {
    get: (target, key) => {
      if (typeof key === 'symbol' || Object.hasOwn(target, key)) return target[key as string];
      if (tables.includes(key)) {
        throw new EngineError(
          `The rows of "${key}" are looked up on the host: use ctx.lookup('${key}', ids) instead of p['${key}'].`,
        );
      }
      const names = [...Object.keys(target), ...tables].join(', ') || 'none';
      throw new EngineError(`There is no ${what} "${key}"; there are: ${names}.`);
    },
  });

interface Prepared {
  readonly parameters: Tensors;
  readonly batch: Tensors;
  readonly context: ModelContext;
  /** What the loss reported, alive until `release`. */
  readonly reported: ReadonlyMap<string, tf.Tensor>;
  /** To be called in training, when nothing asks for looked-up rows any more. */
  readonly release: () => void;
}

/**
 * What a model function is called with. `anchor` is the tensor on which lookups hang in the gradient's tape: rows are made
 * inside the loss, after the list of what to differentiate by is fixed.
 */
export const prepare = (inputs: Inputs, source: Source, training: boolean, anchor: tf.Tensor | null): Prepared => {
  const onlyLookedUp = Object.keys(inputs.hostTables).filter(name => !Object.hasOwn(inputs.parameters, name));
  const entries = new Map(Object.entries(inputs.batch).map(([name, tensor]) => [tensor.id, name]));
  const looked = new Map<string, tf.Tensor>();
  const reported = new Map<string, tf.Tensor>();
  let calls = 0;

  const lookup = (table: string, ids: tf.Tensor): tf.Tensor => {
    const entry = ids.dtype === 'int32' && Object.hasOwn(inputs.hostTables, table) ? entries.get(ids.id) : undefined;
    if (entry === undefined) {
      if (!onlyLookedUp.includes(table)) return tf.gather(parameters[table]!, ids);
      throw new EngineError(
        `ctx.lookup('${table}', ids): the rows are gathered on the host, so ids must be an int32 entry of the batch itself, ` +
          'not something computed from one. Compute the ids when the batch is made.',
      );
    }
    const key = `${table} ${entry}`;
    const known = looked.get(key);
    if (known) return known;
    const rows = (): tf.Tensor => source.rows(table, entry, [...ids.shape, inputs.hostTables[table]!]);
    const withGradient = tf.customGrad(() => ({
      value: rows(),
      gradFunc: (dy: tf.Tensor): tf.Tensor => {
        source.rowGradient(table, entry, dy);
        return tf.zeros([]);
      },
    }));
    // Kept: a gradient inside the loss (nested-gradient.ts) ends with its scope, but the rows serve what follows too.
    const value = anchor ? withGradient(anchor) : rows();
    if (training) tf.keep(value);
    looked.set(key, value);
    return value;
  };

  const parameters = named(inputs.parameters, 'parameter', onlyLookedUp);
  const context: ModelContext = {
    training,
    progress: inputs.progress,
    dropout: (x, rate) => {
      if (!training || rate === 0) return x;
      if (!(rate > 0 && rate < 1)) throw new EngineError(`A dropout rate must be in [0, 1), found ${rate}.`);
      return tf.mul<typeof x>(x, source.mask(calls++, x.shape, rate));
    },
    lookup,
    report: (name, value) => {
      if (!training) return;
      if (value.rank !== 0) throw new EngineError(`ctx.report('${name}'): expected a scalar, found [${value.shape.join(', ')}].`); // prettier-ignore
      reported.get(name)?.dispose();
      // A copy that outlives the scope of the gradients, in which the loss is computed.
      reported.set(name, tf.keep(tf.clone(value)));
    },
    ...(inputs.nativeLstm ? {nativeLstm: inputs.nativeLstm} : {}),
  };
  const release = (): void => {
    for (const kept of [...looked.values(), ...reported.values()]) if (training) kept.dispose();
  };
  return {parameters, batch: named(inputs.batch, 'batch entry'), context, reported, release};
};

/** The loss and its gradient by each of `trainable`; a parameter that the loss does not use has none. */
export const differentiate = (
  loss: LossFunction,
  inputs: Inputs,
  trainable: readonly string[],
  source: Source,
): {loss: tf.Scalar; gradients: ReadonlyMap<string, tf.Tensor>; reported: ReadonlyMap<string, tf.Tensor>} => {
  const anchor = tf.zeros([]);
  const wanted = trainable.map(name => inputs.parameters[name]!);
  const {parameters, batch, context, reported, release} = prepare(inputs, source, true, anchor);
  const evaluate = (): tf.Scalar => {
    const value = loss(parameters, batch, context) as tf.Tensor | undefined;
    if (!(value instanceof tf.Tensor) || value.rank !== 0 || value.dtype !== 'float32') {
      const found = value instanceof tf.Tensor ? `a ${value.dtype} tensor [${value.shape.join(', ')}]` : typeof value;
      throw new EngineError(`A loss function must return a float32 scalar, found ${found}.`);
    }
    return value as tf.Scalar;
  };
  let found: {value: tf.Scalar; grads: tf.Tensor[]};
  const copies = new Map<string, tf.Tensor>();
  try {
    found = tf.engine().gradients(evaluate, [...wanted, anchor], undefined, true);
    for (const [name, value] of reported) copies.set(name, tf.clone(value));
  } finally {
    release();
  }
  const {value, grads} = found;
  const gradients = new Map<string, tf.Tensor>();
  trainable.forEach((name, at) => {
    const gradient = grads[at];
    if (gradient) gradients.set(name, gradient);
  });
  return {loss: value, gradients, reported: copies};
};
