import {dirname, join} from 'node:path/posix';
import ts from 'typescript';

export interface Import {
  /** As written; of a template only what stands before the first `${`. */
  readonly specifier: string;
  readonly line: number;
  /** Gone after compilation. */
  readonly isType: boolean;
  /** Loaded only when the code is reached. */
  readonly isDynamic: boolean;
}

/** All imports of a module, read by the TypeScript parser: static, type-only, re-exports, `import('…')` as code and as type. */
export const importsOf = (path: string, text: string): Import[] => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, kind: {isType: boolean; isDynamic: boolean}): void => {
    const specifier = node && specifierText(node);
    if (node === undefined || specifier === null || specifier === undefined) return;
    found.push({specifier, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, ...kind});
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, {
        isType: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
        isDynamic: false,
      });
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, {isType: node.isTypeOnly, isDynamic: false});
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, {isType: true, isDynamic: false});
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], {isType: false, isDynamic: true});
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const specifierText = (node: ts.Node): string | null => {
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : null;
};

/** Root-relative path that a relative specifier means, or null for a package. */
export const resolveImport = (from: string, specifier: string): string | null =>
  /^\.{1,2}\//.test(specifier) ? join(dirname(from), specifier) : null;
