export declare const schema: any;
declare const validate20: (data: any, { instancePath, parentData, parentDataProperty, rootData, dynamicAnchors }?: {
    dynamicAnchors?: {} | undefined;
    instancePath?: string | undefined;
    rootData?: any;
}) => boolean;
export { validate20 as validate };
