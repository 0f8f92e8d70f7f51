import type {StageTypes} from '../../runner/config/stage-types.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Anything may be given by a var, so every value may also be a text with `${name}` in it. */
export const reference = {type: 'string', pattern: '\\$\\{'};

/** What `type:` may be, and for each type what its stages take: their inputs, outputs and params. */
export interface TypeSchemas {
  readonly type: Schema;
  readonly conditions: readonly Schema[];
}

/** A stage type whose file cannot be loaded is left out, and told. */
export const typeSchemas = async (types: StageTypes, tell: (message: string) => void): Promise<TypeSchemas> => {
  const known: Schema[] = [];
  const conditions: Schema[] = [];
  for (const name of types.names()) {
    try {
      const type = await types.load(name);
      if (type === null) continue;
      known.push({const: name, description: type.description});
      const names = (values: Readonly<Record<string, unknown>>): Schema => ({
        type: 'object',
        propertyNames: {enum: Object.keys(values)},
      });
      conditions.push({
        if: {properties: {type: {const: name}}, required: ['type']},
        then: {
          properties: {
            in: {anyOf: [{type: ['string', 'array']}, names(type.inputs)]},
            out: {anyOf: [{type: ['string', 'array']}, names(type.outputs)]},
            params: referring(((await type.paramsSchema?.()) ?? {}) as Schema),
          },
        },
      });
    } catch (error) {
      tell(`stages/${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {type: {anyOf: [...known, reference]}, conditions};
};

const schemasIn = ['properties', '$defs', 'definitions', 'patternProperties'];
const schemaIn = ['items', 'additionalProperties', 'additionalItems', 'propertyNames', 'not'];
const listsIn = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];

/** The same schema, with a reference allowed in place of every value in it; not of the whole, which the grammar wants to see. */
const referring = (schema: Schema): Schema => {
  const {$schema: _, ...inner} = schema;
  const result: Record<string, unknown> = {...inner};
  for (const key of schemasIn) {
    const group = inner[key];
    if (isSchema(group)) {
      result[key] = Object.fromEntries(
        Object.entries(group).map(([name, each]) => [name, isSchema(each) ? withReferences(each) : each]),
      );
    }
  }
  for (const key of schemaIn) {
    const each = inner[key];
    if (isSchema(each) && key !== 'propertyNames') result[key] = withReferences(each);
  }
  for (const key of listsIn) {
    const list = inner[key];
    if (Array.isArray(list))
      result[key] = list.map(each => (isSchema(each) ? withReferences(each) : (each as unknown)));
  }
  return result;
};

const withReferences = (schema: Schema): Schema => {
  const {description, default: standard, ...rest} = referring(schema);
  return {
    ...(description === undefined ? {} : {description}),
    ...(standard === undefined ? {} : {default: standard}),
    anyOf: [rest, reference],
  };
};

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
