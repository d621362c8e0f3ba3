import { type TextFault } from './text-fault.ts';
import { type YAMLParseError, type YamlDocument } from './yaml.ts';
/** The first complaint about a document; later ones mostly follow from it. */
export declare function syntaxFault(error: YAMLParseError, parsed: YamlDocument, text: string): TextFault;
export declare const BARE_TEMPLATE: {
    message: string;
    hint: string;
};
