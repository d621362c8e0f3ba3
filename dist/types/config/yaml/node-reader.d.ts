import { type Diagnostic, type Range } from '../../diagnostics/diagnostic.ts';
import type { LineIndex, Source } from './source.ts';
import { type Node } from './yaml.ts';
export type Path = readonly (string | number)[];
/** A range of the text; `via` is the definition when this place uses it through an alias or a merge key. */
export interface Located {
    range: Range;
    via?: Range;
}
interface ReadValue {
    value: unknown;
    /** Nodes after expansion of aliases. */
    size: number;
}
/** Turns the nodes of one document into values, once, and finds places afterwards, on demand. */
export declare class NodeReader {
    #private;
    constructor(source: Source, lines: LineIndex, diagnostics: Diagnostic[]);
    read(node: Node): ReadValue;
    /** Aliases stand for more than anybody wrote: nothing can be said about the values. */
    get isOverLimit(): boolean;
    locate(root: Node | null, path: Path, part: 'key' | 'value'): Located;
    rejected(root: Node | null, path: Path): boolean;
    rawScalar(root: Node | null, path: Path): {
        offset: number;
        raw: string;
    } | undefined;
}
export {};
