/**
 * The border guard of the architecture. It reads the table of ARCHITECTURE.md, finds every way in which one file of `src`
 * can reach another or a package, and reports each that the table does not allow. It works on any map of paths to texts,
 * so that a test can smuggle and see the guard catch it.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/** One row of the table. */
export interface LayerRule {
  readonly folder: string;
  /** Folders that may be imported. */
  readonly folders: ReadonlySet<string>;
  /** Packages that may be imported, and `node:` for Node's own modules. */
  readonly packages: ReadonlySet<string>;
  /** True when only `registry.ts` may import other files of the folder. */
  readonly neverOneAnother: boolean;
}

/** Paths relative to the root of the project, such as `src/core/base/errors.ts`, with their texts. */
export type SourceTree = ReadonlyMap<string, string>;

/** @throws Error when the document has no such table */
export function readLayerTable(markdown: string): Map<string, LayerRule> {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) => /^\|\s*folder\s*\|\s*may import\s*\|\s*packages\s*\|/.test(line));
  if (head === -1) throw new Error('ARCHITECTURE.md has no table "folder | may import | packages"');
  const rules = new Map<string, LayerRule>();
  for (const line of lines.slice(head + 2)) {
    if (!line.startsWith('|')) break;
    const [folder = '', allowed = '', packages = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [list = '', ...remarks] = allowed.split(';').map((part) => part.trim());
    rules.set(folder, {
      folder,
      folders: words(list, 'nothing'),
      packages: words(packages, 'none'),
      neverOneAnother: remarks.includes('files never one another'),
    });
  }
  return rules;
}

function words(list: string, empty: string): Set<string> {
  const names = list.split(',').map((name) => name.trim());
  return new Set(names.filter((name) => name !== '' && name !== empty));
}

/** The row of the table that a file falls under: the folder in `src/core`, in `src`, or `index.ts` for the library's face. */
export function layerOf(file: string): string | undefined {
  const parts = file.split('/');
  if (parts[0] !== 'src' || parts.length < 3) return undefined;
  if (parts[1] !== 'core') return parts[1];
  return parts[2];
}

/** One line for each import that the table does not allow, in the order of the files. */
export function findLayerBreaches(tree: SourceTree, rules: ReadonlyMap<string, LayerRule>): string[] {
  const breaches: string[] = [];
  for (const [file, text] of tree) {
    const layer = layerOf(file);
    const rule = layer === undefined ? undefined : rules.get(layer);
    if (rule === undefined) {
      breaches.push(`${file}: the table has no row for this place`);
      continue;
    }
    for (const { specifier, line } of findImports(file, text)) {
      const reason = judge(file, specifier, rule, tree, rules);
      if (reason !== undefined) breaches.push(`${file}:${line}: ${reason}`);
    }
  }
  return breaches;
}

function judge(
  file: string,
  specifier: string | undefined,
  rule: LayerRule,
  tree: SourceTree,
  rules: ReadonlyMap<string, LayerRule>,
): string | undefined {
  if (specifier === undefined) return 'an import whose target is computed cannot be checked';
  if (!specifier.startsWith('.')) return judgePackage(specifier, rule);
  const target = path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts');
  if (!tree.has(target)) return `imports ${specifier}, which is not a file of src`;
  const layer = layerOf(target);
  if (layer === undefined || !rules.has(layer)) return `imports ${target}, for which the table has no row`;
  if (layer === rule.folder) {
    const mayTouch = !rule.neverOneAnother || path.posix.basename(file) === 'registry.ts';
    return mayTouch ? undefined : `imports ${target}, but files of ${layer} never import one another`;
  }
  return rule.folders.has(layer)
    ? undefined
    : `imports ${target}, but ${rule.folder} may not import ${layer}`;
}

function judgePackage(specifier: string, rule: LayerRule): string | undefined {
  const isNode = specifier.startsWith('node:') || builtinModules.includes(specifier);
  const name = isNode ? 'node:' : (/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return rule.packages.has(name) ? undefined : `imports ${specifier}, but ${rule.folder} may not use ${name}`;
}

interface FoundImport {
  /** Undefined when it is computed at run time. */
  readonly specifier: string | undefined;
  readonly line: number;
}

/**
 * Every way to name another module: `import`, `export ... from`, `import type`, `import('x').Type`, `import x = require()`,
 * `import()`, `require()`, `import.meta.resolve()` and `new URL('./x', import.meta.url)`.
 */
export function findImports(file: string, text: string): FoundImport[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: FoundImport[] = [];
  const add = (node: ts.Node, target: ts.Node | undefined): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const literal = target !== undefined && ts.isLiteralTypeNode(target) ? target.literal : target;
    const known = literal !== undefined && ts.isStringLiteralLike(literal);
    found.push({ specifier: known ? literal.text : undefined, line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
      add(node, node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node, node.expression);
    else if (ts.isImportTypeNode(node)) add(node, node.argument);
    else if (ts.isCallExpression(node) && loadsModule(node)) add(node, node.arguments[0]);
    else if (ts.isNewExpression(node) && isModuleUrl(node)) add(node, node.arguments?.[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const reference of source.referencedFiles) found.push({ specifier: reference.fileName, line: 1 });
  return found;
}

function loadsModule({ expression, arguments: [first] }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  // In an ES module nothing is called `require` but what the module defines itself, such as a check.
  if (ts.isIdentifier(expression)) {
    return expression.text === 'require' && first !== undefined && ts.isStringLiteralLike(first);
  }
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'resolve') return false;
  return ts.isMetaProperty(expression.expression);
}

function isModuleUrl(node: ts.NewExpression): boolean {
  const base = node.arguments?.[1];
  return (
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'URL' &&
    base !== undefined &&
    ts.isPropertyAccessExpression(base) &&
    ts.isMetaProperty(base.expression)
  );
}
