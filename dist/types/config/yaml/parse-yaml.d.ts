import type { TextFault } from './precheck.ts';
import { type YamlDocument } from './yaml.ts';
export interface ParsedYaml {
    documents: YamlDocument[];
    /** Why the rest of the text was not looked at. */
    fault?: TextFault;
}
export declare function parseYaml(text: string): ParsedYaml;
