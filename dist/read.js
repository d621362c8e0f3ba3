import {
  createReadCache,
  decode,
  emptyFolders,
  judgeEmptyFolders,
  readAgain,
  readSources,
  sameSources
} from "./shared-read.js";
import "./shared-node-fs.js";
import "./shared-source.js";
import "./shared-leven.js";
import "./shared-error.js";
import "./shared-runtime.js";
export {
  createReadCache,
  decode,
  emptyFolders,
  judgeEmptyFolders,
  readAgain,
  readSources,
  sameSources
};
