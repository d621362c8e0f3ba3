// The door of the YAML package: what this folder uses of it.
export {
  type Alias,
  Composer,
  type CST,
  type Document as YamlDocument,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  Parser,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml'
