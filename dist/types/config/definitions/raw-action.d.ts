import type { RawValue } from './raw.ts';
export interface RawContent {
    file?: {
        contentType?: string;
    };
    multipart?: {
        field?: string;
        fields?: Record<string, RawValue>;
        contentType?: string;
    };
    text?: {
        template: string;
        contentType?: string;
    };
    json?: unknown;
    form?: Record<string, RawValue>;
}
export interface RawAction {
    title?: string;
    vars?: Record<string, RawValue>;
    type: 'copyToHttpServer' | 'sendToConnectedService';
    authenticateWith?: string;
    path?: string;
    url?: string;
    method?: string;
    headers?: Record<string, RawValue>;
    content?: RawContent;
    files?: 'each' | 'together';
    outputFileName?: string;
    input?: Record<string, unknown>;
    successStatus?: number[];
    retry?: {
        attempts?: number;
        minDelay?: string;
        maxDelay?: string;
        on?: number[];
    };
    ordered?: boolean;
    idempotencyKey?: string;
    keepResponse?: {
        maxSize?: string;
    };
}
