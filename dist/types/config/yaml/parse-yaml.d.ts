import { type TextFault } from './text-fault.ts';
import { type YamlDocument } from './yaml.ts';
export interface ParsedYaml {
    documents: YamlDocument[];
    /** From its `#` to the end of the line. */
    comments: Comment[];
    /** Why the rest of the text was not looked at; there are no documents then. */
    fault?: TextFault;
}
export interface Comment {
    offset: number;
    text: string;
}
/** `onPart` hears how much of a large text is read, from 0 to 1. */
export declare function parseYaml(text: string, onPart: (part: number) => void): ParsedYaml;
